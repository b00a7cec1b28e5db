"""Benchmark 14: the hour of a county's day in which most is said, from eight to nine.

4,000 actions fell due at midnight, so that nearly everybody's digest goes at 8:30; and meetings
that begin from nine to ten are announced an hour before. The stretches in which nothing falls due
pass ninety times as fast, with a sweep each second that stands for one each minute; what is busy
runs at its real speed, with the platform's real pace and latency. What falls due between two sweeps
waits for the next, up to a minute: that is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.app import assemble
from bot.clock import StoppedClock
from storage.database import Database
from storage.meetings import Invitation, TafMeeting
from storage.outbox import Delivery
from storage.team import TeamMember
from tests.benchmarks import county, queued
from tests.benchmarks.ground import KINDS, Ground, address, filling
from tests.benchmarks.measured import Measured, higher
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.stage import Stage, stage
from workflows.upcoming import write_down

NIGHT = county.MORNING.replace(hour=0, minute=1)
EIGHT = county.MORNING.replace(hour=8)
MOMENTS = [EIGHT + timedelta(minutes=15 * quarter) for quarter in range(5)]
"""When something falls due: a digest hour at half past, meetings an hour later at each."""

WITHIN = 10.0
"""Seconds in which GOV.UK Notify says that it hands on what it was given."""

WORKERS = {"sqlite": 1, "postgresql": 2}


def morning(ground: Ground, kind: str) -> Database:
    """A county on such a day, an hour after its night's sweep."""
    size = county.SMALL if ground.quick else county.WHOLE

    def fill(database: Database) -> None:
        county.settled(database, size)
        queued.conversations(database, size.practitioners)
        _meetings(database, size.families // 700)
        nowhere = {"web": Nowhere()}
        night = assemble(county.POLICY, database, StoppedClock(NIGHT), nowhere)
        database.write(night.ticker.auditor._sign)
        night.ticker.sweep()

    return ground.like("morning", kind, fill)


def _meetings(database: Database, each: int) -> None:
    """So many meetings at each quarter from nine to ten, the whole team invited."""
    rows: list[dict[str, Any]] = []
    for number in range(each * len(MOMENTS)):
        at = MOMENTS[number // each] + timedelta(hours=1)
        row: dict[str, Any] = {"id": number + 1, "taf_id": number + 1, "number": 1, "version": 1}
        row |= {"held_on": at.date(), "starts_at": at, "state": "scheduled"}
        row |= {"purpose": "review", "mode": "in_person"}
        rows.append(row | {"arranged_by_id": 1, "arranged_at": county.MADE})
    with filling(database) as connection:
        connection.execute(insert(TafMeeting), rows)
    with database.writing() as session:
        for meeting in session.query(TafMeeting):
            team = session.query(TeamMember).where(TeamMember.taf_id == meeting.taf_id)
            session.add_all(
                Invitation(meeting_id=meeting.id, person_id=one.person_id) for one in team
            )
            session.flush()
            first = write_down(meeting, NIGHT, county.POLICY, county.DAYS)
            meeting.look_again_at = min(first)


def _expected(ground: Ground, database: Database, each: int) -> dict[datetime, int]:
    """How many messages there should have been by each moment; quickly, by one."""
    with database.reading() as session:
        digests = session.query(Delivery).where(Delivery.operation == "digest").count()
    found = {}
    for number, moment in enumerate(MOMENTS):
        gone = digests if moment >= EIGHT + timedelta(minutes=30) else 0
        found[moment] = each * county.TEAM * (number + 1) + gone
    return {MOMENTS[2]: found[MOMENTS[2]]} if ground.quick else found


def lived(
    on: Stage, database: Database, expected: dict[datetime, int], workers: int
) -> list[float]:
    """Live through the hour; how long after falling due each message was accepted, in seconds."""
    url = address(database)
    database.close()
    on.work(url, workers, sweep_every=1.0)
    for moment, count in expected.items():
        on.pass_quickly(moment)
        on.until_taken(count - len(on.taken()), len(on.chat.log()), 300)
    on.stop()
    accepted = {one["number"]: one["at"] for one in on.taken()}
    database = Database(url)
    with database.reading() as session:
        due = {one.id: one.available_at.timestamp() for one in session.query(Delivery)}
    database.close()
    return sorted(at - due[number] for number, at in accepted.items())


def on_time(ground: Ground) -> Iterator[Measured]:
    """The share of an hour's messages that are accepted within ten seconds."""
    size = county.SMALL if ground.quick else county.WHOLE
    for kind, name in KINDS.items():
        database = morning(ground, kind)
        expected = _expected(ground, database, size.families // 700)
        with stage(min(expected) - timedelta(minutes=2), size.practitioners) as on:
            late = lived(on, database, expected, WORKERS[kind])
        count = max(expected.values())
        yield higher(
            f"14 an hour of a county's reminders on time ({name})",
            sum(one <= WITHIN for one in late) / count,
            0.99,
            f"all {count} messages for {size.actions:,} actions, within 10 s of falling due"
            f" (99 % within {late[int(len(late) * 0.99)]:.1f} s,"
            f" {WORKERS[kind]} worker{'s' * (WORKERS[kind] > 1)})",
        )
