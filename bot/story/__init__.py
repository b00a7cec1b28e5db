"""A family's story as a file: read and checked, played on a stopped clock, told again."""
