"""What the chat platforms share: who somebody is, what is asked of them, what they are shown."""
