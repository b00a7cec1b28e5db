"""Slack as a platform: a room is a private channel, a message to one person a direct message."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat.in_step import Seen
from bot.chat.naming import Naming
from bot.platform import CannotLook, Capabilities, Limits, Outgoing, Place, Undelivered
from bot.slack import limits
from bot.slack.blocks import message
from bot.slack.calling import TIME_OUT, Calling, Refused
from bot.slack.capabilities import CAN
from bot.slack.finding import Finding
from messages.card import Line, Span
from storage.database import Database
from storage.people import Person

log = logging.getLogger(__name__)

LIMITS = Limits(
    pace=timedelta(seconds=1.05),
    per_second=4.0,
    burst=20,
    settles=timedelta(seconds=TIME_OUT + 120),
    looks=True,
    fixed=True,
)
"""One message a second in a channel, "several hundred" a minute in a workspace (Slack's rate
limits); 120 seconds in which a message may still be taken after its answer was lost (ours)."""

EVENT = "taf_delivery"
"""The kind of the metadata that every message carries: the number of its delivery, no more."""

TOPIC = "Private room of a family's team. Its record is in the assistant."
PURPOSE = "For the team around one family. Say no names here that need not be said."
"""What every such channel says of itself: nothing of the family (R1)."""

MARGIN = timedelta(seconds=60)
"""How far two clocks may be apart when a message is looked for."""

AGAIN = "This may have reached you before: Slack did not say."
MOST_SUFFIXES = 5
MOST_LISTED = 999
"""Channels asked for at once: Slack gives fewer than a thousand."""

TAKEN = "Channels of this name are there already."
FOR_PUBLIC = "channels:read"
"""What it takes to look at a public channel: we do not ask for it, and so learn that it is one."""

AS_BEFORE = frozenset({"already_in_channel", "cant_invite_self"})
GONE = frozenset({"channel_not_found", "not_in_channel"})
NOT_THERE = frozenset({"message_not_found", "cant_update_message"})
"""What Slack says of a message that was deleted, or of which only the trace of a thread stands."""

OUT_BEFORE = frozenset({"not_in_channel", "cant_kick_self", "user_not_found"})
NO_CHANNEL = "The room has no channel on Slack."
NOT_SAID = {
    "shared": "The channel is shared with another organisation now, so nothing is said there.",
    "public": "The channel is not private any more, so nothing is said there.",
}


def name_of(room: str) -> str:
    """A channel's name: the opaque reference, and nothing of the family (R1)."""
    return f"taf-{room}".lower()


def _names(room: str) -> list[str]:
    """What a room's channel may be called, where a name is taken already."""
    name = name_of(room)
    return [name, *(f"{name}-{one}" for one in range(2, MOST_SUFFIXES + 1))]


@dataclass
class SlackPlatform:
    """Posts, edits, opens and closes in one workspace; several threads call it at once.

    `naming` is what its buttons are called.
    """

    calling: Calling
    database: Database
    naming: Naming
    name: str = "slack"
    limits: Limits = LIMITS
    can: Capabilities = CAN
    finding: Finding = field(init=False)

    def __post_init__(self) -> None:
        """People are found in the same workspace."""
        self.finding = Finding(self.calling, self.database, self.naming)

    def open_room(self, room: Place, number: int) -> str:  # noqa: ARG002  the name tells it apart
        """Make a private channel, named with the opaque reference alone; its id.

        One that is there already is never taken over, unless it is the very one that this
        delivery made and whose answer was lost: ours, with nobody and nothing in it.
        """
        _ = self.calling.ourselves  # refuses a whole organisation's app, if Slack was away at first
        for name in _names(room.name):
            channel = self._created(name)
            if channel:
                return channel
        raise Undelivered(TAKEN, permanent=True)

    def _created(self, name: str) -> str | None:
        try:
            made = self.calling.ask("conversations.create", name=name, is_private=True)
        except Refused as no:
            if no.error != "name_taken":
                raise
            return self._left_behind(name)
        channel = made["channel"]
        if not channel.get("is_private"):
            self.calling.ask("conversations.archive", channel=channel["id"])
            raise Undelivered("Slack made no private channel.", permanent=True)
        return str(channel["id"])

    def _left_behind(self, name: str) -> str | None:
        """The empty channel that an attempt of ours made, if this is one."""
        us = self.calling.ourselves["user_id"]
        listed = self.calling.pages(
            "conversations.list",
            "channels",
            types="private_channel",
            exclude_archived=True,
            limit=MOST_LISTED,
        )
        for one in listed:
            if one["name"] != name or one.get("creator") != us:
                continue
            members = list(
                self.calling.pages("conversations.members", "members", channel=one["id"])
            )
            said = self.calling.ask("conversations.history", channel=one["id"], limit=20)[
                "messages"
            ]
            if members == [us] and all(each.get("subtype") for each in said):
                return str(one["id"])
        return None

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Invite a person; one who is in already is no fault."""
        self._guard(room.address)
        try:
            self.calling.ask(
                "conversations.invite", channel=room.address, users=self.finding.user(person_id, at)
            )
        except Refused as no:
            if no.error not in AS_BEFORE:
                raise

    def remove(self, room: Place, person_id: int, at: datetime) -> None:  # noqa: ARG002
        """Take a person out; one who is out already is no fault."""
        with self.database.reading() as session:
            person = session.get(Person, person_id)
            user = person.platform_id if person and person.platform == self.name else None
        if user is None:
            return  # never let in
        self.put_out(room, user)

    def put_out(self, room: Place, account: str) -> None:
        """Take out an account that has no place in the channel; one that is out is no fault."""
        try:
            self.calling.ask("conversations.kick", channel=room.address, user=account)
        except Refused as no:
            if no.error not in OUT_BEFORE:
                raise

    def changes_members(self) -> bool:
        """The assistant invites and takes out by itself."""
        return self.can.changes_members is True

    def look(self, name: str, address: str) -> Seen:
        """One of our channels as it is now."""
        try:
            channel = self._channel_now(address)
        except Refused as no:
            if no.error not in GONE:
                raise
            return Seen(wrong="gone")
        if wrong := _wrong(channel):
            return Seen(wrong=wrong)
        renamed = _renamed(channel, name)
        us = self.calling.ourselves["user_id"]
        listed = self.calling.pages("conversations.members", "members", channel=address, limit=200)
        return Seen(frozenset(map(str, listed)) - {us}, renamed=renamed)

    def name_room(self, room: Place) -> None:
        """Give the channel its own name again, its topic and its purpose: all the same for all."""
        if _renamed(self._channel_now(room.address), room.name):
            self._rename(room)
        self.calling.ask("conversations.setTopic", channel=room.address, topic=TOPIC)
        self.calling.ask("conversations.setPurpose", channel=room.address, purpose=PURPOSE)

    def _rename(self, room: Place) -> None:
        for name in _names(room.name):
            try:
                self.calling.ask("conversations.rename", channel=room.address, name=name)
            except Refused as no:
                if no.error != "name_taken":
                    raise
            else:
                return
        raise Undelivered(TAKEN, permanent=True)

    def close_room(self, room: Place, at: datetime) -> None:  # noqa: ARG002
        """Archive the channel: a bot cannot take that back."""
        try:
            self.calling.ask("conversations.archive", channel=room.address)
        except Refused as no:
            if no.error != "already_archived":
                raise

    def post(self, message: Outgoing) -> str:
        """Post a message, or edit the one it replaces; its channel and timestamp."""
        said = self._said(message)
        _ = self.calling.ourselves  # refuses a whole organisation's app, as when a room is opened
        if message.replaces:
            channel, _, ts = message.replaces.partition(":")
            self._guard(channel, room=message.to.room_id is not None)
            message.check_in_time()
            self._edit(channel, ts, said)
            return message.replaces
        channel = self._channel(message.to, message.at)
        self._guard(channel, room=message.to.room_id is not None)
        message.check_in_time()
        quiet = {"unfurl_links": False, "unfurl_media": False}
        try:
            posted = self.calling.ask("chat.postMessage", channel=channel, **said, **quiet)
        except Refused as no:
            if no.error != "channel_not_found" or message.to.room_id is not None:
                raise
            self.finding.forget(channel)
            raise Undelivered(no.why) from None  # the messages with them are opened anew
        return f"{channel}:{posted['ts']}"

    def _edit(self, channel: str, ts: str, said: dict[str, Any]) -> None:
        try:
            self.calling.ask("chat.update", channel=channel, ts=ts, **said)
        except Refused as no:
            if no.error not in NOT_THERE:
                raise
            raise Undelivered(no.why, gone=True) from None

    def pin(self, room: Place, message: str) -> None:  # noqa: ARG002  its name has the channel
        """Pin a message to its channel; one that is pinned already is no fault."""
        channel, _, ts = message.partition(":")
        try:
            self.calling.ask("pins.add", channel=channel, timestamp=ts)
        except Refused as no:
            if no.error != "already_pinned":
                raise

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """The messages of this delivery that Slack took, by their metadata.

        Raises CannotLook where Slack does not let us: no permission, or out of the channel.
        """
        try:
            return self._taken(message)
        except Undelivered as no:
            if not no.permanent:
                raise
            raise CannotLook from None

    def _taken(self, message: Outgoing) -> tuple[str, ...]:
        if message.replaces:
            channel, _, ts = message.replaces.partition(":")
            asked: dict[str, Any] = {"latest": ts, "oldest": ts, "inclusive": True}
        else:
            channel = self._channel(message.to, message.at)
            since = (message.attempt_at or message.at) - MARGIN
            asked = {"oldest": f"{since.astimezone(UTC).timestamp():.6f}"}
        found = self.calling.pages(
            "conversations.history",
            "messages",
            channel=channel,
            include_all_metadata=True,
            limit=200,
            **asked,
        )
        return tuple(f"{channel}:{one['ts']}" for one in found if self._is_of(one, message.number))

    def _is_of(self, found: dict[str, Any], number: int) -> bool:
        told = found.get("metadata") or {}
        ours = found.get("bot_id") == self.calling.ourselves.get("bot_id")
        of = (told.get("event_payload") or {}).get("delivery")
        return ours and told.get("event_type") == EVENT and of == number

    def _said(self, outgoing: Outgoing) -> dict[str, Any]:
        card = outgoing.card
        if outgoing.repeated:
            card = replace(card, lines=(Line((Span(AGAIN, strong=True),)), *card.lines))
        said = message(card, self.naming.label, self.naming.form)
        if wrong := limits.check("message", said):
            raise Undelivered(f"It cannot be shown on Slack: {wrong[0]}.", permanent=True)
        told = {"event_type": EVENT, "event_payload": {"delivery": outgoing.number}}
        return said | {"metadata": told}

    def _channel(self, to: Place, at: datetime) -> str:
        """Where a place is on Slack; a person's direct messages are opened when first needed."""
        if to.room_id is not None:
            if to.address is None:
                raise Undelivered(NO_CHANNEL, permanent=True)
            return to.address
        return self.finding.direct(to.address or self.finding.user(to.person_id or 0, at), at)

    def _guard(self, channel: str | None, *, room: bool = True) -> None:
        """Say nothing in a channel that strangers can read, or that is no private one any more."""
        if not room:
            return
        wrong = _wrong(self._channel_now(channel))
        if wrong in NOT_SAID:
            raise Undelivered(NOT_SAID[wrong], permanent=True)

    def _channel_now(self, address: str | None) -> dict[str, Any]:
        """A channel of ours as Slack has it; of one that was made public, no more than that."""
        try:
            found = self.calling.ask("conversations.info", channel=address)["channel"]
        except Refused as no:
            if (no.error, no.needed) != ("missing_scope", FOR_PUBLIC):
                raise
            return {"is_private": False}
        return dict(found)


def _renamed(channel: dict[str, Any], room: str) -> bool:
    """Whether somebody gave the channel another name than we would."""
    return channel["name"] not in _names(room)


def _wrong(channel: dict[str, Any]) -> str:
    """What nobody but a person can put right."""
    if channel.get("is_archived"):
        return "archived"
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return "shared"
    return "" if channel.get("is_private") else "public"
