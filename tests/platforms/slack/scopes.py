"""Which scope each method needs of the bot token.

Documented for chat, for private channels and for views, which need none; the rest is remembered.
"""

from __future__ import annotations

from tests.platforms.slack.asked import Call
from tests.platforms.slack.refusing import Refused

EXACT = {
    **dict.fromkeys(
        ["chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"], "chat:write"
    ),
    "conversations.open": "im:write",
    "pins.add": "pins:write",
    "pins.list": "pins:read",
    "pins.remove": "pins:write",
    "team.info": "team:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}

BY_CHANNEL = {
    **dict.fromkeys(["conversations.history", "conversations.replies"], "history"),
    **dict.fromkeys(["conversations.info", "conversations.members"], "read"),
    **dict.fromkeys(
        [
            "conversations.archive",
            "conversations.invite",
            "conversations.kick",
            "conversations.leave",
            "conversations.rename",
            "conversations.setPurpose",
            "conversations.setTopic",
            "conversations.unarchive",
        ],
        "write",
    ),
}
"""These need a scope of the kind of channel that is meant."""

KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def check_scopes(call: Call) -> None:
    """Refuse a call for which the token has no scope."""
    for needed in _needed(call):
        if needed not in call.workspace.app.scopes:
            provided = call.workspace.app.provided()
            raise Refused("missing_scope", needed=needed, provided=provided)


def _needed(call: Call) -> list[str]:
    if call.method in EXACT:
        return [EXACT[call.method]]
    if call.method == "conversations.create":
        return ["groups:write" if call.flag("is_private") else "channels:manage"]
    if call.method == "conversations.list":
        kinds = (call.text("types") or "public_channel").split(",")
        if unknown := set(kinds) - set(KINDS):
            raise Refused("invalid_types", [str(sorted(unknown))])
        return [f"{KINDS[kind]}:read" for kind in kinds]
    channel = call.workspace.channels.get(call.text("channel"))
    if call.method not in BY_CHANNEL or channel is None:
        return []
    kind = BY_CHANNEL[call.method]
    if channel.scope == "channels" and kind == "write":
        return ["channels:manage"]
    return [f"{channel.scope}:{kind}"]
