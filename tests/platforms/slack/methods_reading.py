"""The Web API's methods that read channels, their messages and their pins, or pin one."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.scopes import KINDS

MOST_PINS = 100


def info(call: Call) -> dict[str, Any]:
    """One channel."""
    channel = call.channel(joined=False)
    found = channel.shown(call.bot)
    if call.flag("include_num_members"):
        found["num_members"] = len(channel.members)
    return {"channel": found}


def list_channels(call: Call) -> dict[str, Any]:
    """The channels that the bot may see: public ones, and those that it is in.

    Archived ones are left out of a page after it was cut, so that a page can be short, or empty,
    although more follow (remembered; the documents warn of short pages).
    """
    kinds = {KINDS[one] for one in (call.text("types") or "public_channel").split(",")}
    everything = call.workspace.channels.values()
    visible = [one for one in everything if not one.is_private or call.bot in one.members]
    page, cursor = call.page([one for one in visible if one.scope in kinds], 100, 1000)
    if call.flag("exclude_archived"):
        page = [one for one in page if not one.is_archived]
    shown = [one.shown(call.bot) for one in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _bound(call: Call, name: str) -> tuple[int, int] | None:
    if not (said := call.text(name)) or said == "0":
        return None
    if not (read := re.fullmatch(r"(\d+)(?:\.(\d{1,6}))?", said)):
        raise Refused(f"invalid_ts_{name}")
    return int(read[1]), int((read[2] or "").ljust(6, "0"))


def _within(call: Call, messages: list[Message]) -> list[Message]:
    """Those between `oldest` and `latest`, these two themselves only with `inclusive`."""
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    inclusive = call.flag("inclusive")
    found = []
    for message in messages:
        seconds, fraction = message.ts.split(".")
        at = int(seconds), int(fraction)
        after = oldest is None or at > oldest or (inclusive and at == oldest)
        if after and (latest is None or at < latest or (inclusive and at == latest)):
            found.append(message)
    return found


def history(call: Call) -> dict[str, Any]:
    """The messages, newest first, without answers in threads."""
    channel = call.channel()
    top = [one for one in channel.standing() if one.broadcast or one.thread_ts in {None, one.ts}]
    answer = _page_of(call, channel, _within(call, top)[::-1])
    return answer | {"pin_count": len(channel.pins)}


def replies(call: Call) -> dict[str, Any]:
    """A message and the answers in its thread, oldest first."""
    channel = call.channel()
    ts = call.needed("ts")
    parent = channel.message(ts)
    if parent is None:
        raise Refused("thread_not_found")
    answers = [one for one in channel.standing() if one.thread_ts == ts and one is not parent]
    return _page_of(call, channel, [parent, *_within(call, answers)])


def _page_of(call: Call, channel: Channel, messages: list[Message]) -> dict[str, Any]:
    page, cursor = call.page(messages, 100, 999)
    with_metadata = call.flag("include_all_metadata")
    shown = []
    for message in page:
        found = message.shown(with_metadata=with_metadata)
        answers = [one for one in channel.standing() if one.thread_ts == message.ts]
        if answers:
            found |= {"thread_ts": message.ts, "reply_count": len(answers)}
        if message.ts in channel.pins:
            found["pinned_to"] = [channel.id]
        shown.append(found)
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": shown, "has_more": bool(cursor)} | more


def _pinnable(call: Call) -> tuple[Channel, str]:
    channel = call.channel()
    if channel.is_archived:
        raise Refused("is_archived")  # remembered
    if not (ts := call.text("timestamp")):
        raise Refused("no_item_specified")
    if channel.message(ts) is None:
        raise Refused("message_not_found")
    return channel, ts


def pin(call: Call) -> dict[str, Any]:
    """Pin a message to its channel."""
    channel, ts = _pinnable(call)
    if ts in channel.pins:
        raise Refused("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise Refused("too_many_pins")  # remembered
    channel.pins.append(ts)
    return {}


def unpin(call: Call) -> dict[str, Any]:
    """Take a pin out."""
    channel, ts = _pinnable(call)
    if ts not in channel.pins:
        raise Refused("not_pinned")
    channel.pins.remove(ts)
    return {}


def list_pins(call: Call) -> dict[str, Any]:
    """What is pinned, the newest pin first."""
    channel = call.channel()
    found = [channel.message(ts) for ts in reversed(channel.pins)]
    items = [{"type": "message", "message": one.shown()} for one in found if one]
    return {"items": [one | {"channel": channel.id} for one in items]}


METHODS: dict[str, Method] = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.list": list_channels,
    "conversations.replies": replies,
    "pins.add": pin,
    "pins.list": list_pins,
    "pins.remove": unpin,
}
