"""Other libraries doing the same work, each in a process of its own; installed for this alone."""
