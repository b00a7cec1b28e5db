"""Cards and dialogs as Microsoft Teams shows them."""
