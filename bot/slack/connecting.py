"""How this partnership is connected to Slack: read from the environment, or not connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.configuring import NotSetUp

SLACK = "https://slack.com/api/"
"""Where Slack's Web API is, unless SLACK_API_URL names another server that speaks it."""


@dataclass(frozen=True)
class Connection:
    """Our app in one Slack workspace.

    With an app-level token it asks Slack for its events (Socket Mode); with a signing secret
    Slack sends them to us over HTTP. The handlers are the same.
    """

    bot_token: str
    signing_secret: str = ""
    app_token: str = ""
    api_url: str = SLACK

    @property
    def by_socket(self) -> bool:
        """Whether events come over a connection that we open ourselves."""
        return bool(self.app_token)

    @property
    def way(self) -> str:
        """The same in words."""
        return "by Socket Mode" if self.by_socket else "over HTTP"


def connection(environment: Mapping[str, str]) -> Connection | None:
    """The connection that these settings describe, None where there is none; raises NotSetUp."""
    names = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
    bot, secret, app = (environment.get(name, "").strip() for name in names)
    if not (bot or secret or app):
        return None
    if bot.startswith("xoxe"):
        raise NotSetUp(
            "SLACK_BOT_TOKEN is a token that runs out. Turn token rotation off in the app's"
            " settings, install it again and give the new token."
        )
    if not bot.startswith("xoxb-"):
        raise NotSetUp("SLACK_BOT_TOKEN must be the bot token, which begins with xoxb-.")
    if app and not app.startswith("xapp-"):
        raise NotSetUp("SLACK_APP_TOKEN must be an app-level token, which begins with xapp-.")
    if not (secret or app):
        raise NotSetUp("Give SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN to use Socket Mode.")
    url = environment.get("SLACK_API_URL", "").strip() or SLACK
    if not url.startswith(("https://", "http://")):
        raise NotSetUp("SLACK_API_URL must begin with https://, or be left out for Slack's own.")
    return Connection(bot, secret, app, url if url.endswith("/") else f"{url}/")
