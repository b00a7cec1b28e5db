"""Microsoft Teams: how the assistant is reached there, and what it does."""
