"""Keeps our channels in step with the record: hourly, and whenever Slack tells of a change."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.app import Assistant
from bot.platform import Undelivered
from bot.slack.calling import Calling, Refused
from bot.slack.matching import PLATFORM
from bot.slack.platform import name_of
from storage import people, rooms
from workflows import rooms_in_step

log = logging.getLogger(__name__)

GONE = frozenset({"channel_not_found", "not_in_channel"})


@dataclass
class InStep:
    """Looks at one channel, or at all of them, and puts right what it can."""

    assistant: Assistant
    calling: Calling

    def all(self) -> None:
        """Look at every open room; one that cannot be looked at hides no other."""
        with self.assistant.database.reading() as session:
            addresses = rooms.open_addresses(session, PLATFORM)
        for address in addresses:
            try:
                self.look(address)
            except Undelivered as no:
                log.info("a channel could not be looked at", extra={"why": no.why})

    def look(self, address: str) -> None:
        """Look at one of our channels, whatever Slack says has happened to it."""
        with self.assistant.database.reading() as session:
            room = rooms.at(session, PLATFORM, address)
            if room is None or room.state != "open":
                return
            if room.taf is not None and room.taf.state == "closed":
                return  # it is just being archived
            name = room.name
        try:
            channel = self.calling.ask("conversations.info", channel=address)["channel"]
        except Refused as no:
            if no.error not in GONE:
                raise
            self._tell(address, "gone")
            return
        for what in _wrong(channel):
            self._tell(address, what)
            return
        if not str(channel["name"]).startswith(name_of(name)):
            self.calling.ask("conversations.rename", channel=address, name=name_of(name))
            self._tell(address, "renamed")
        self._members(address)

    def _members(self, address: str) -> None:
        us = self.calling.ourselves["user_id"]
        listed = self.calling.pages("conversations.members", "members", channel=address, limit=200)
        there = {str(one) for one in listed} - {us}
        now = self.assistant.clock.now()

        def work(session: Any) -> tuple[str, ...]:
            room = rooms.at(session, PLATFORM, address)
            if room is None:
                return ()
            step = rooms_in_step.compare(session, room, there)
            for one in step.invite:
                rooms_in_step.invite_again(session, room, one, now)
                self._say(session, room, "missing", one.name)
            for account in step.take_out:
                known = people.known_as(session, PLATFORM, account)
                self._say(session, room, "stranger", "")
                log.warning("not on the team", extra={"ref": known.ref if known else "nobody"})
            return step.take_out

        for account in self.assistant.database.write(work):
            self.calling.ask("conversations.kick", channel=address, user=account)
        self.assistant.send_soon()

    def _tell(self, address: str, what: str) -> None:
        def work(session: Any) -> None:
            room = rooms.at(session, PLATFORM, address)
            if room is not None:
                self._say(session, room, what, "")

        self.assistant.database.write(work)
        log.warning("a channel is not as it should be", extra={"why": what})

    def _say(self, session: Any, room: Any, what: str, who: str) -> None:
        office, now = self.assistant.office, self.assistant.clock.now()
        rooms_in_step.tell_astray(session, room, what, who, now, office.policy, office.days)


def _wrong(channel: dict[str, Any]) -> Iterator[str]:
    """What nobody but a person can put right."""
    if channel.get("is_archived"):
        yield "archived"
    elif channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        yield "shared"
    elif not channel.get("is_private"):
        yield "public"
