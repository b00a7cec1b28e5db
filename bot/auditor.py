"""Goes round once an hour: proves that nothing was slept over, repairs, and says it was here."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from threading import Event
from typing import Any

from bot.clock import Clock
from bot.metrics import REPAIRS
from bot.platform import CannotLook, Outgoing, Platform
from bot.preparing import place_of, platform_for, written
from messages.card import Card
from storage import auditing, settings
from storage.database import Database
from storage.measuring import HEARTBEAT
from workflows.auditing import Astray, audit_family, audit_lanes
from workflows.doing import Office

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
TURN = "auditor turn"
READ_FROM = "auditor settings"
"""The fact that says by which settings and release everything was last written down."""

AT_ONCE = 50
IN_VAIN = 3
"""So many looks in a row that fail: the platform is asked again at the next round."""

SLICE = 20_000
"""Deliveries looked at in one statement: well within its time-out, however many there are."""

SETTLED = timedelta(minutes=5)
"""How long after a second sending a first one may still turn up: then it is looked for."""


@dataclass
class Auditor:
    """One round an hour on one database, whichever of its processes comes first."""

    database: Database
    clock: Clock
    office: Office
    platforms: Mapping[str, Platform]
    also: list[Callable[[], None]] = field(default_factory=list)
    """What else is looked at on each round: a platform's rooms."""

    stopping: Event = field(default_factory=Event)
    """Whoever waits for a platform's pace meanwhile waits no longer."""

    def round(self, *, at_start: bool = False) -> list[Astray] | None:
        """Look at everything once; what was put right, or None where it is not our turn.

        At the start of a process it is its turn where the settings or the release are others than
        those by which everything was last written down; platforms are looked at afterwards then.
        """
        now = self.clock.now()
        if not self.database.write(lambda session: self._turn(session, now, at_start=at_start)):
            return None
        since = self._since(now)
        found = [
            *self._checked_for("lanes", lambda: self._lanes(now)),
            *self._checked_for("families", lambda: self._families(since)),
            *self._checked_for("outbox", self._astray),
            *self._checked_for("repeats", self._late_duplicates),
        ]
        for one in found:
            REPAIRS.labels(one.kind).inc()
            log.warning("put right by the auditor", extra={"why": one.kind, "ref": one.ref})
        self.database.write(self._sign)
        if not at_start:
            self.look_elsewhere()
        return found

    def _checked_for(self, what: str, check: Callable[[], list[Astray]]) -> list[Astray]:
        """What one check found; one that fails is found astray itself, and hides no other."""
        try:
            return check()
        except Exception:
            log.exception("the auditor could not look at everything", extra={"ref": what})
            return [Astray("fault", what)]

    def look_elsewhere(self) -> None:
        """Look at what is not ours, at its own pace: that may take most of an hour."""
        for look in self.also:
            try:
                look()
            except Exception:
                log.exception("a platform could not be looked at")

    def _turn(self, session: Any, now: datetime, *, at_start: bool) -> bool:
        changed = settings.remembered(session, READ_FROM) != self._read_from
        if at_start and not changed:
            return False
        every = timedelta(0) if at_start else EVERY - timedelta(minutes=1)
        return auditing.take_turn(session, TURN, now, every)

    @property
    def _read_from(self) -> str:
        """Which settings, calendar and release say what is due."""
        parts = (
            self.office.policy.model_dump_json(),
            version("taf-assistant"),
            version("holidays"),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _since(self, now: datetime) -> datetime:
        with self.database.reading() as session:
            last = settings.remembered(session, HEARTBEAT)
        return datetime.fromisoformat(last) if last else now

    def _sign(self, session: Any) -> None:
        settings.remember(session, READ_FROM, self._read_from)
        settings.remember(session, HEARTBEAT, self.clock.now().isoformat())

    def _lanes(self, now: datetime) -> list[Astray]:
        policy, days = self.office.policy, self.office.days
        return self.database.write(lambda session: audit_lanes(session, now, policy, days))

    def _families(self, since: datetime) -> list[Astray]:
        found: list[Astray] = []
        last = 0
        while True:
            with self.database.reading() as session:
                numbers = auditing.open_work(session, last, AT_ONCE)
            if not numbers:
                return found
            for number in numbers:
                found += self._family(number, since)
            last = numbers[-1]

    def _astray(self) -> list[Astray]:
        """What the outbox holds for nobody: never said, and for a person to look at."""
        with self.database.reading() as session:
            last = auditing.last_delivery(session)
        found: list[Astray] = []
        for first in range(1, last + 1, SLICE):
            with self.database.reading() as session:
                lost = auditing.hanging_on_nothing(session, first, first + SLICE - 1)
            found += [Astray("orphan", f"delivery-{one}") for one in lost]
        return found

    def _family(self, number: int, since: datetime) -> list[Astray]:
        """One family in a transaction of its own: a fault in it hides no other."""
        now, policy, days = self.clock.now(), self.office.policy, self.office.days

        def work(session: Any) -> list[Astray]:
            return list(audit_family(session, number, since, now, policy, days))

        try:
            return self.database.write(work)
        except Exception:
            log.exception("the auditor could not look at a family", extra={"ref": f"taf-{number}"})
            return [Astray("fault", f"taf-{number}")]

    def _late_duplicates(self) -> list[Astray]:
        """Look whether a message that was sent again had arrived the first time after all.

        What is found is counted with its delivery; there is nothing to put right.
        """
        now, last = self.clock.now(), 0
        in_vain: Counter[str] = Counter()
        while True:
            with self.database.reading() as session:
                found = auditing.sent_again(session, now - SETTLED, last, AT_ONCE)
                asked = [asks for one in found if (asks := self._asks(one, now))]
                last = found[-1].id if found else last
            for platform, message in asked:
                if in_vain[platform.name] < IN_VAIN:
                    ok = self._looked_for(platform, message, now)
                    in_vain[platform.name] = 0 if ok else in_vain[platform.name] + 1
            if len(found) < AT_ONCE:
                return []

    def _looked_for(self, platform: Platform, message: Outgoing, now: datetime) -> bool:
        """Count how often a message is there; False: the platform could not say."""
        try:
            taken = len(platform.find(message)) if platform.limits.looks else 1
        except CannotLook:
            taken = 1
        except Exception:
            log.exception("a second sending could not be looked for")
            return False
        more = max(0, taken - 1)
        if more:
            log.warning("sent twice: it was taken late", extra={"delivery": message.number})
        self.database.write(lambda session: auditing.checked(session, message.number, more, now))
        return True

    def _asks(self, one: Any, now: datetime) -> tuple[Platform, Outgoing] | None:
        """How a platform is asked for a message; None where nobody knows where it went."""
        if one.lane.room is None and one.lane.person is None:
            return None
        to, platform = place_of(one.lane), platform_for(self.platforms, one.lane)
        card = written(one) or Card("")
        return platform, Outgoing(
            one.id, to, card, now, notice=one.notice or "", attempt_at=one.made_at
        )
