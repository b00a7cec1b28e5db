"""The assistant on Teams, over real HTTP."""
