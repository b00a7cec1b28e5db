"""What the assistant says: words, cards and forms, the same on every platform."""
