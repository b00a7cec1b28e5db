"""The Web API's methods that make channels and change them."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.slack import chores
from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.refusing import Refused

LONGEST_NAME, LONGEST_TOPIC = 80, 250


def _checked_name(call: Call, missing: str) -> str:
    """The name, if a channel may bear it (documented, with the errors)."""
    name = call.text("name")
    if not name:
        raise Refused(missing)
    if len(name) > LONGEST_NAME:
        raise Refused("invalid_name_maxlength")
    if not re.search(r"[a-z0-9]", name) and re.fullmatch(r"[\W_]+", name):
        raise Refused("invalid_name_punctuation")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise Refused("invalid_name_specials")
    # Also those which the bot cannot see, and archived ones (remembered).
    if any(one.name == name for one in call.workspace.channels.values()):
        raise Refused("name_taken")
    return name


def create(call: Call) -> dict[str, Any]:
    """A new channel, with the bot in it."""
    name = _checked_name(call, "invalid_name_required")
    private = call.flag("is_private")
    channel = call.workspace.add_channel(name, call.bot, is_private=private)
    return {"channel": channel.shown(call.bot)}


def rename(call: Call) -> dict[str, Any]:
    """Another name; only for whoever made the channel (documented)."""
    channel = call.open_room()
    if channel.creator != call.bot:
        raise Refused("not_authorized")
    chores.rename(call.workspace, channel, _checked_name(call, "invalid_name_required"), call.bot)
    return {"channel": channel.shown(call.bot)}


def archive(call: Call) -> dict[str, Any]:
    """Close a channel."""
    channel = call.room()
    if channel.is_archived:
        raise Refused("already_archived")
    chores.archive(call.workspace, channel, call.bot)
    return {}


def unarchive(call: Call) -> dict[str, Any]:
    """Never: a bot's token cannot (documented; with which error is remembered)."""
    if not call.room().is_archived:
        raise Refused("not_archived")
    raise Refused("not_in_channel")


def _short(call: Call, name: str) -> str:
    if len(said := call.text(name)) > LONGEST_TOPIC:
        raise Refused("too_long")
    return said


def set_topic(call: Call) -> dict[str, Any]:
    """What the channel is about now; it is written into the channel, too (remembered)."""
    channel = call.open_room()
    channel.topic = _short(call, "topic")
    said = f"set the channel topic: {channel.topic}"
    call.workspace.write(channel, call.bot, said, subtype="channel_topic")
    return {"topic": channel.topic, "channel": channel.shown(call.bot)}


def set_purpose(call: Call) -> dict[str, Any]:
    """What the channel is for."""
    channel = call.open_room()
    channel.purpose = _short(call, "purpose")
    said = f"set the channel description: {channel.purpose}"
    call.workspace.write(channel, call.bot, said, subtype="channel_purpose")
    return {"purpose": channel.purpose, "channel": channel.shown(call.bot)}


def leave(call: Call) -> dict[str, Any]:
    """The bot goes; the last one in a private channel cannot (remembered)."""
    channel = call.room()
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.is_private and channel.members == [call.bot]:
        raise Refused("last_member")
    chores.part(call.workspace, channel, call.workspace.people[call.bot])
    return {}


METHODS: dict[str, Method] = {
    "conversations.archive": archive,
    "conversations.create": create,
    "conversations.leave": leave,
    "conversations.rename": rename,
    "conversations.setPurpose": set_purpose,
    "conversations.setTopic": set_topic,
    "conversations.unarchive": unarchive,
}
