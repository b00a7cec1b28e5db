"""The web: pages for those who have neither Slack nor Teams, and the web as a chat platform."""
