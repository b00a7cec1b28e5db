"""One form a file: what each command asks."""
