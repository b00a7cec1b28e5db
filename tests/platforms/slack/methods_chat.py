"""The Web API's methods that write messages, change them, and take them back."""

from __future__ import annotations

import json
from typing import Any

from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.blocks import check_message
from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.views import with_ids

LONGEST, LONGEST_UPDATE = 40_000, 4_000
"""Characters of text (documented: above the first it may be cut; we refuse)."""

LARGEST_METADATA = 8_000
"""In bytes: that there is a limit is documented, how high it is remembered."""


def _target(call: Call) -> Channel:
    """Where to post: a channel, or the direct messages of the person who is named."""
    workspace, said = call.workspace, call.text("channel")
    if said.startswith(("U", "W")):
        person = workspace.people.get(said)
        if person is None or person.deleted or said == call.bot:
            raise Refused("channel_not_found")  # remembered for a closed account
        return workspace.direct(said)[0]
    channel = call.channel()
    closed = channel.im_with and workspace.people[channel.im_with].deleted
    if channel.is_archived or closed:  # remembered for a closed account
        raise Refused("is_archived")
    return channel


def content(call: Call, longest: int = LONGEST) -> tuple[str, list[dict[str, Any]]]:
    """Text and blocks, if Slack could show them."""
    text, blocks = call.text("text"), call.parsed("blocks", "invalid_blocks_format")
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > longest:
        raise Refused("msg_too_long")
    return text, check_message(blocks) if blocks else []


def _metadata(call: Call) -> dict[str, Any] | None:
    found = call.parsed("metadata", "invalid_metadata_format")
    if not found:
        return None
    kind = found.get("event_type") if isinstance(found, dict) else None
    if not isinstance(kind, str) or not kind or not isinstance(found.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(found).encode()) > LARGEST_METADATA:
        raise Refused("metadata_too_large")
    whole: dict[str, Any] = found
    return whole


def _thread(call: Call, channel: Channel) -> str | None:
    """The thread to answer in; that it has to exist is remembered."""
    ts = call.text("thread_ts") or None
    if ts and channel.message(ts) is None:
        raise Refused("thread_not_found")
    return ts


def post(call: Call) -> dict[str, Any]:
    """Write a message."""
    channel = _target(call)
    text, blocks = content(call)
    message = call.workspace.written_by_app(
        channel,
        text,
        blocks=blocks,
        metadata=_metadata(call),
        thread_ts=_thread(call, channel),
        broadcast=call.flag("reply_broadcast"),
    )
    shown = message.shown(with_metadata=True) | {"team": call.workspace.team_id}
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _own(call: Call, error: str) -> tuple[Channel, Message]:
    """The message that is meant, if it is the bot's own."""
    channel = call.channel()
    message = channel.message(call.needed("ts"))
    if message is None:
        raise Refused("message_not_found")
    if message.app_id != call.workspace.app.app_id or message.subtype:
        raise Refused(error)
    return channel, message


def update(call: Call) -> dict[str, Any]:
    """Change a message.

    Blocks that are left out stay if text is left out too, and go if it is not; metadata that is
    left out stays (documented, both).
    """
    channel, message = _own(call, "cant_update_message")
    if channel.is_archived:
        raise Refused("is_inactive")
    metadata = _metadata(call)
    if "text" in call.args or call.parsed("blocks", "invalid_blocks_format"):
        text, blocks = content(call, LONGEST_UPDATE)
        message.text = text if "text" in call.args else message.text
        message.blocks = with_ids(blocks, len(call.workspace.log))
    elif "metadata" not in call.args:
        raise Refused("no_text")
    if "metadata" in call.args:
        message.metadata = metadata
    message.edits += 1
    if not message.blocks:
        message.edited = call.workspace.new_ts()
    shown = message.shown(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> dict[str, Any]:
    """Take a message back."""
    channel, message = _own(call, "cant_delete_message")
    message.deleted = True
    if message.ts in channel.pins:
        channel.pins.remove(message.ts)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> dict[str, Any]:
    """Write a message that one person sees until they look away, and that nobody finds again."""
    channel = call.channel()
    if channel.is_archived:
        raise Refused("is_archived")
    text, blocks = content(call)
    user = call.needed("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    message = call.workspace.written_by_app(channel, text, blocks=blocks, audience=user)
    return {"message_ts": message.ts}


METHODS: dict[str, Method] = {
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post,
    "chat.update": update,
}
