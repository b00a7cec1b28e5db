"""Cards and forms as Slack's Block Kit, and a modal's answers read back."""
