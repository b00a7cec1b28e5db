"""Microsoft Teams: cards, dialogs and the way there and back."""
