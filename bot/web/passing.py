"""The practice clock: moved on by a press, and what happened while the time passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from bot.playing import advance
from bot.web.visit import Desk, Visit
from messages import words
from storage import outbox

PASSED = "passed"
"""The cookie that carries the two ends of a stretch of time to the page shown after it."""

NOTHING_NEXT = "nothing"
STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}
MOST_SHOWN = 12
MOST_LOOKS = 60
"""So many moments without a word are passed over at a press, and no more."""

_one_at_a_time = Lock()


@dataclass(frozen=True)
class Sent:
    """One message that went out: its title, to whom, and the titles inside a digest."""

    title: str
    to: str
    at: str
    inside: tuple[str, ...]


@dataclass(frozen=True)
class Passed:
    """What happened while time passed."""

    sentence: str
    sent: tuple[Sent, ...]
    more: int


def clock_words(desk: Desk) -> str:
    """The practice time, in full: "Tuesday 4 March 2026 at 9:05am"."""
    at = desk.assistant.office.days.local(desk.practice.now())
    return f"{words.day(at)} {at.year} at {words.clock(at)}"


def move_on(desk: Desk, to: str) -> str:
    """Move the practice clock on; the cookie that says how far."""
    with _one_at_a_time:
        before = desk.practice.now()
        if to != "next":
            advance(desk.assistant, desk.practice, _later(desk, before, STEPS[to]))
        elif not _to_the_next(desk, before):
            return NOTHING_NEXT
        return f"{before.isoformat()}|{desk.practice.now().isoformat()}"


def _later(desk: Desk, before: datetime, step: timedelta) -> datetime:
    """The same time of day on a later day, across both clock changes."""
    days = desk.assistant.office.days
    shown = days.local(before)
    return max(days.instant(shown.date() + step, shown.time()), before)


def _to_the_next(desk: Desk, before: datetime) -> bool:
    """Go to the next moment at which anything is said; False where nothing waits at all.

    Many moments only look whether something is still so, and find nothing to say.
    """
    ticker = desk.assistant.ticker
    for hop in range(MOST_LOOKS):
        moment = ticker.next_moment()
        if moment is None:
            return hop > 0
        advance(desk.assistant, desk.practice, moment)
        with desk.assistant.database.reading() as session:
            if outbox.sent_between(session, before, desk.practice.now(), limit=1):
                return True
    return True


def passed(visit: Visit) -> Passed | None:
    """What happened while the time passed that this browser moved on, None where it did not."""
    kept = visit.request.cookies.get(PASSED, "").strip('"')
    if kept == NOTHING_NEXT:
        return Passed("Nothing is waiting to happen: the clock stands where it was.", (), 0)
    try:
        after, until = (datetime.fromisoformat(one) for one in kept.split("|"))
    except ValueError:
        return None
    if after.tzinfo is None or until.tzinfo is None:
        return None
    found = outbox.sent_between(visit.session, after, until)
    if not found:
        return Passed("Time passed, and no message was sent.", (), 0)
    were = "was" if len(found) == 1 else "were"
    sentence = words.sentence(f"{words.count(len(found), 'message')} {were} sent as time passed:")
    shown = tuple(_sent(visit, one) for one in found[:MOST_SHOWN])
    return Passed(sentence, shown, len(found) - len(shown))


def _sent(visit: Visit, delivery: Any) -> Sent:
    card = delivery.card or {"title": "", "cards": []}
    lane = delivery.lane
    return Sent(
        card["title"],
        lane.person.name if lane.person else f"the room {lane.room.name}",
        words.moment(visit.days.local(delivery.sent_at)),
        tuple(inner["title"] for inner in card["cards"]),
    )
