"""A strict fake Slack: stateful, over real HTTP, refusing what the real one refuses.

What a rule rests on is said beside it: "documented" where Slack's own pages say so, "remembered"
where they do not, or where nobody looked. A remembered rule is the stricter of two readings.
"""
