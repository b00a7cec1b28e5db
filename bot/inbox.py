"""Takes in what a platform sends: kept first, then acknowledged, then worked on, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from bot.boundary import Answer, Boundary, Press, answered
from bot.clock import Clock
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival

log = logging.getLogger(__name__)

PICKED_UP_AFTER = timedelta(seconds=15)
"""How long whoever took something in has it to itself; after that it has died, and others may."""

MOST_TRIES = 8
"""What could not be worked on so often, two minutes long, is given up, visibly."""

AT_ONCE = 20


class NotYet(Exception):
    """What came in can be worked on when `wait` is over: that is no fault, and nobody waits."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("not yet")
        self.wait = wait


Work = Callable[[Mapping[str, Any]], Answer]
"""Does what an event of one kind asks for; the same event may be handed to it twice."""

Tell = Callable[[Mapping[str, Any], Answer], None]
"""Says what came of an event to whoever waited for it."""


@dataclass
class Inbox:
    """Everything that comes in from a platform, by the platform's own key for it.

    `kinds` says what to do with each kind of event. A platform calls `take` before it
    acknowledges, and `work_on` after; what nobody worked on, `work_off` picks up. `afterwards` says
    for some kinds what follows once it is settled what came of it. Where it was picked up, nobody
    answers whoever waited, and `picked_up` says for some kinds how they hear of it.
    """

    database: Database
    clock: Clock
    boundary: Boundary
    picked_up_after: timedelta = PICKED_UP_AFTER
    kinds: dict[str, Work] = field(default_factory=dict)
    afterwards: dict[str, Tell] = field(default_factory=dict)
    picked_up: dict[str, Tell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A press is a kind that every platform has."""
        self.kinds.setdefault("press", lambda body: self.boundary.press(Press(**body)))

    def take(self, platform: str, key: str, kind: str, body: Mapping[str, Any]) -> bool:
        """Keep an event; False where it came before. After this it may be acknowledged."""
        return bool(self.take_all([Arrival(platform, key, kind, body)]))

    def take_all(self, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
        """Keep several events in one transaction, all or none; the names of those that are new."""
        now = self.clock.now()
        again = now + self.picked_up_after
        return self.database.write(
            lambda session: inbox.receive(session, arrivals, now, again), urgent=True
        )

    def take_press(self, press: Press) -> bool:
        """Keep a press, to be worked on after it is acknowledged."""
        return self.take(press.platform, press.key, "press", asdict(press))

    def key_now(self, platform: str, key: str) -> str:
        """The key under which something may be asked for now, of all those it has had.

        What was refused, or broke off, may be sent again and is tried again: the record may have
        changed meanwhile. What is done, or under way, is found again and not done twice.
        """
        with self.database.reading() as session:
            while (found := inbox.find(session, platform, key)) and _came_to_nothing(found):
                key = sha256(f"{key} again".encode()).hexdigest()
        return key

    def came_of(self, platform: str, key: str) -> Answer:
        """What was said to something that has been worked on."""
        with self.database.reading() as session:
            found = inbox.find(session, platform, key)
            return answered(found) if found is not None else Answer("")

    def work_on(self, platform: str, key: str, *, left: bool = False) -> Answer | None:
        """Do what an event asks for; None where it was done already, or is left for later.

        Where it was refused meanwhile, that is said again: it is never taken for done.
        `left`: whoever took it in did not finish it, so that nobody answers who waited.
        """
        with self.database.reading() as session:
            found = inbox.find(session, platform, key)
            if found is None:
                return None
            if found.state != "received":
                return answered(found) if _came_to_nothing(found) else None
            kind, body = found.kind, found.body or {}
        work = self.kinds.get(kind)
        if work is None:
            return None  # a newer release knows it, and will pick it up
        try:
            answer = work(body)
        except NotYet as no:
            again = self.clock.now() + no.wait
            self.database.write(lambda session: inbox.put_off(session, platform, key, again))
            return None
        self.database.write(lambda session: self._settle(session, platform, key, answer))
        if kind in self.afterwards:
            self.afterwards[kind](body, answer)
        if left and kind in self.picked_up:
            self.picked_up[kind](body, answer)
        return answer

    def work_off(self) -> int:
        """Pick up what somebody took in and did not finish; how many were done."""
        done = 0
        while keys := self.database.write(self._pick):
            for platform, key, attempts in keys:
                done += self._try(platform, key, attempts)
        return done

    def _pick(self, session: Any) -> list[tuple[str, str, int]]:
        now = self.clock.now()
        found = inbox.pick(session, now, now + self.picked_up_after, AT_ONCE)
        return [(one.platform, one.key, one.attempts) for one in found]

    def _try(self, platform: str, key: str, attempts: int) -> bool:
        try:
            if self.work_on(platform, key, left=True) is not None:
                return True
        except Exception:
            log.exception("an event could not be worked on", extra={"platform": platform})
        if attempts >= MOST_TRIES:
            self.database.write(lambda session: self._give_up(session, platform, key))
        return False

    def _settle(self, session: Any, platform: str, key: str, answer: Answer) -> None:
        """A press that was done settled its own row; one that was not is settled here."""
        found = inbox.find(session, platform, key, to_work_on=True)
        if found is None or found.state != "received":
            return
        inbox.settle(found, "dead" if answer.fault else "done", answer.as_json())
        found.why = f"A fault: quote {answer.fault}." if answer.fault else None

    def _give_up(self, session: Any, platform: str, key: str) -> None:
        found = inbox.find(session, platform, key, to_work_on=True)
        if found is not None and found.state == "received":
            inbox.settle(found, "dead", Answer("", fault="tries").as_json())
            found.why = f"It could not be worked on in {MOST_TRIES} tries."


def _came_to_nothing(received: inbox.Received) -> bool:
    if received.state == "received":
        return False
    return received.state == "dead" or not answered(received).ok
