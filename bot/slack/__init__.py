"""Slack: what is shown there, and what comes back from there."""
