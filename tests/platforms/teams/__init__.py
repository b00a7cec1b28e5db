"""A strict fake of Microsoft Teams: connector, Graph, keys, login, and people's hands.

What Microsoft documents is refused as documented; a rule that is only remembered says so beside it.
"""
