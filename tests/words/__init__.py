"""What the assistant says: notices, refusals, forms and the answers they take."""
