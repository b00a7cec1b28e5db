"""The people of the workspace, and the app that is installed there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.platforms.slack.views import View

EVENTS = frozenset(
    {
        "app_home_opened",
        "app_uninstalled",
        "channel_archive",
        "channel_deleted",
        "channel_rename",
        "channel_shared",
        "channel_unarchive",
        "channel_unshared",
        "group_archive",
        "group_deleted",
        "group_rename",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "tokens_revoked",
        "user_change",
    }
)

SCOPES = frozenset(
    {
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "pins:read",
        "pins:write",
        "team:read",
        "users:read",
        "users:read.email",
    }
)


@dataclass
class Person:
    """Somebody with an account, what is on their screen, and the errors that Slack showed them."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    email_confirmed: bool = True
    is_ultra_restricted: bool = False
    is_admin: bool = False
    team_id: str = ""
    tz: str = "Europe/London"
    errors: list[str] = field(default_factory=list)
    modals: list[View] = field(default_factory=list)
    home: View | None = None

    @property
    def view(self) -> View | None:
        """The modal in front of them."""
        return self.modals[-1] if self.modals else None

    def shown(self, *, with_email: bool) -> dict[str, Any]:
        """This person as `users.info` shows them; the e-mail address needs a scope of its own."""
        profile = {"real_name": self.real_name, "display_name": self.name, "team": self.team_id}
        if with_email and self.email:
            profile["email"] = self.email
        found: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "updated": 1700000000,
        }
        if self.deleted:
            return found
        flags = {
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_email_confirmed": self.email_confirmed,  # remembered
        }
        return found | flags | {"real_name": self.real_name, "tz": self.tz}

    def brief(self) -> dict[str, Any]:
        """This person as interactions name them."""
        named = {"id": self.id, "username": self.name, "name": self.name}
        return named | {"team_id": self.team_id}


@dataclass
class App:
    """Our app as it is installed in the workspace."""

    app_id: str = "A0TAF0001"
    bot_id: str = "B0TAF0001"
    bot_user: str = "U0TAFBOT1"
    name: str = "taf"
    bot_token: str = "xoxb-made-up-bot-token"
    app_token: str = "xapp-1-A0TAF0001-made-up"
    signing_secret: str = "made-up-signing-secret"
    verification: str = "made-up-verification-token"
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    events: set[str] = field(default_factory=lambda: set(EVENTS))
    home_enabled: bool = True
    of_an_organisation: bool = False
    """Whether it is installed for a whole Enterprise Grid, and not in one workspace."""

    restricted: set[str] = field(default_factory=set)
    """The methods that the workspace's own settings do not let the app call."""

    refusal: str | None = None
    """What the bot token hears instead of an answer: token_revoked, account_inactive …"""

    def provided(self) -> str:
        """The scopes as Slack's headers and errors list them."""
        return ",".join(sorted(self.scopes))
