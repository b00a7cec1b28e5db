"""The assistant on Slack: the real thing on one side, a strict fake Slack on the other."""
