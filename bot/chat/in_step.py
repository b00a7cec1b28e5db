"""Keeps a platform's rooms in step with the record: hourly, and whenever it tells of a change."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.app import Assistant
from bot.clock import steady
from bot.inbox import NotYet
from bot.platform import Undelivered
from storage import people, rooms
from workflows import rooms_in_step

log = logging.getLogger(__name__)

ROUND = timedelta(hours=1)
"""How long a look at all rooms may take: then the next one begins."""

LEAVES = 2
"""How many times as long as the platform asks for is waited, so that half of its pace is left to
what people wait for (ours)."""


@dataclass(frozen=True)
class Seen:
    """A room as its platform has it now.

    `accounts` are those inside, without our own. `wrong` says what nobody but a person can put
    right ("gone", "archived", "shared", "public"); then nobody looks further. `renamed`: it has
    another name than its own, and we may give it its own again.
    """

    accounts: frozenset[str] = frozenset()
    wrong: str = ""
    renamed: bool = False


class Looking(Protocol):
    """What a platform must be able to do for its rooms to be kept in step."""

    name: str

    def changes_members(self) -> bool:
        """Whether we may let people in and take them out; if not, a person is told what to do."""

    def look(self, name: str, address: str) -> Seen:
        """Look at a room; raises Undelivered where it cannot be looked at now."""


@dataclass
class InStep:
    """Looks at one room, or at all of them, and puts right what it can."""

    assistant: Assistant
    looking: Looking

    def all(self) -> None:
        """Look at every open room, at the platform's pace; none hides another."""
        gives_up = steady() + ROUND.total_seconds()
        with self.assistant.database.reading() as session:
            addresses = rooms.open_addresses(session, self.looking.name)
        for address in addresses:
            while (wait := self._wait_for(address)) is not None:
                seconds = wait.total_seconds() * LEAVES
                too_long = steady() + seconds > gives_up
                if too_long or self.assistant.ticker.auditor.stopping.wait(seconds):
                    return

    def _wait_for(self, address: str) -> timedelta | None:
        """Look at a room; how long to wait first, where the platform says so."""
        try:
            self.look(address)
        except Undelivered as no:
            log.info("a room could not be looked at", extra={"why": no.why})
            return no.wait
        return None

    def told_of(self, address: str) -> None:
        """Look at a room to which something happened; raises NotYet where that has to wait."""
        try:
            self.look(address)
        except Undelivered as no:
            if no.wait is None:
                raise
            raise NotYet(no.wait) from None

    def look(self, address: str) -> None:
        """Look at one of our rooms, whatever the platform says has happened to it."""
        with self.assistant.database.reading() as session:
            room = rooms.at(session, self.looking.name, address)
            if room is None or room.state != "open":
                return
            over = room.taf is not None and room.taf.state == "closed"
            if over and self.looking.changes_members():
                return  # it is just being closed
            name = room.name
        began = self.assistant.clock.now()
        seen = self.looking.look(name, address)
        compare = self._ended if over else self._compare
        self.assistant.database.write(lambda session: compare(session, address, seen, began))
        self.assistant.send_soon()

    def _ended(self, session: Any, address: str, seen: Seen, _: datetime) -> None:
        """A person was asked to end it: it has ended once nobody is inside, or we are out."""
        room = rooms.at(session, self.looking.name, address)
        if room is not None and (seen.wrong or not seen.accounts):
            rooms_in_step.ended_by_hand(session, room, self.assistant.clock.now())

    def _compare(self, session: Any, address: str, seen: Seen, began: datetime) -> None:
        room = rooms.at(session, self.looking.name, address)
        if room is None:
            return
        if seen.wrong or seen.renamed:
            self._say(session, room, seen.wrong or "renamed")
        if seen.wrong:
            return
        now, alone = self.assistant.clock.now(), not self.looking.changes_members()
        if seen.renamed:
            rooms_in_step.name(session, room, now)
        if alone:
            rooms_in_step.take_note(session, room, seen.accounts, now)
        rooms_in_step.settle(session, room, seen.accounts)
        step = rooms_in_step.compare(session, room, seen.accounts, began, by_hand=alone)
        for one in step.missing:
            if alone or rooms_in_step.invite_again(session, room, one, now):
                self._say(session, room, "not_inside" if alone else "missing", one.name)
        for account in step.strangers:
            self._say(session, room, "stranger_inside" if alone else "stranger")
            if not alone:
                rooms_in_step.put_out(session, room, account, now)
            known = people.known_as(session, self.looking.name, account)
            log.warning("not on the team", extra={"ref": known.ref if known else "nobody"})

    def _say(self, session: Any, room: Any, what: str, who: str = "") -> None:
        office, now = self.assistant.office, self.assistant.clock.now()
        rooms_in_step.tell_astray(session, room, what, who, now, office.policy, office.days)
        log.warning("a room is not as it should be", extra={"why": what})
