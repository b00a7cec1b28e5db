"""Gates: a platform's door for the whole workspace, and how many messages may pass it at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import inserting
from storage.database import Base, Instant

STORM = 3
WITHIN = timedelta(seconds=10)
"""So many conversations told to wait in so short a time: it is the workspace that is full."""

WAITED = timedelta(seconds=60)
"""Longer than anybody waits for the gate while another holds it."""

PROBE = timedelta(seconds=15)
"""How long the one that tries a shut gate may take: a sending time-out and room to record it."""


class Gate(Base):
    """A platform's door: shut while it asks everybody to wait, or knows us no more.

    `tokens` is how many messages may begin at once, as it stood at `tokens_at`. `told_to_wait`
    holds the lanes that were turned away last, and when; `probe_lane` is the one that tries
    whether a shut gate may open.
    """

    __tablename__ = "gate"

    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    shut_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    why: Mapped[str | None] = mapped_column(Text, default=None)
    tokens: Mapped[float] = mapped_column(default=0.0)
    tokens_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    probe_lane: Mapped[int | None] = mapped_column(default=None)
    told_to_wait: Mapped[list[Any]] = mapped_column(JSON, default=list)


def turns(
    session: Session, platform: str, now: datetime, most: int, per_second: float | None, burst: int
) -> int:
    """How many messages may begin on a platform now; while it is held here, nobody else asks.

    A shut gate lets one through when its time is up: where that one is taken, it opens.
    """
    gate = session.get(Gate, platform)
    if gate is None and per_second is None:
        return most
    gate = _held(session, platform)
    if gate.shut_until is not None:
        return int(now >= gate.shut_until)
    if per_second is None:
        return most
    _refill(gate, now, per_second, burst)
    return min(most, int(gate.tokens))


def began(
    session: Session,
    platform: str,
    lanes: Sequence[int],
    now: datetime,
    until: datetime,
    per_second: float | None,
    burst: int,
) -> None:
    """Messages begin in these conversations. Of a shut gate nobody else tries while one does.

    What refilled while they were made ready counts up to this moment, as it does over there. The
    last of them begins at `until`: what refills before that does not count.
    """
    gate = session.get(Gate, platform)
    if gate is None or not lanes:
        return
    if per_second is not None:
        _refill(gate, now, per_second, burst)
        gate.tokens = max(0.0, gate.tokens - len(lanes))
        gate.tokens_at = max(gate.tokens_at or until, until)
    if gate.shut_until is not None:
        gate.shut_until, gate.probe_lane = now + PROBE, lanes[0]


def _refill(gate: Gate, now: datetime, per_second: float, burst: int) -> None:
    """Add what has come since last time.

    Whoever waited for another to let the gate go read the clock before that one did: for them
    nothing has come, and the other's moment stands. A clock that was put back begins again.
    """
    since = gate.tokens_at or now - timedelta(seconds=burst / per_second)
    if since - now > WAITED:
        since = now
    passed = max(0.0, (now - since).total_seconds())
    gate.tokens = min(float(burst), gate.tokens + passed * per_second)
    gate.tokens_at = max(now, since)


def opens_at(session: Session, platform: str, per_second: float | None) -> datetime | None:
    """When the next message may begin on a platform, where its gate holds it up."""
    gate = session.get(Gate, platform)
    if gate is None or gate.shut_until is not None:
        return gate.shut_until if gate else None
    if per_second is None or gate.tokens >= 1 or gate.tokens_at is None:
        return None
    return gate.tokens_at + timedelta(seconds=(1 - gate.tokens) / per_second)


def turned_away(
    session: Session, platform: str, lane_id: int, now: datetime, until: datetime
) -> None:
    """A conversation was told to wait. Several at once, or one behind a shut gate: all wait."""
    gate = _held(session, platform)
    lately = [
        (lane, at)
        for lane, at in gate.told_to_wait
        if lane != lane_id and now - datetime.fromisoformat(at) < WITHIN
    ]
    gate.told_to_wait = [*lately, (lane_id, now.isoformat())]
    if gate.shut_until is not None or len(gate.told_to_wait) >= STORM:
        shut(session, platform, until, "It asks the whole workspace to wait.")


def shut(session: Session, platform: str, until: datetime, why: str) -> None:
    """Let nothing through to a platform before this moment, and then one at a time."""
    gate = _held(session, platform)
    gate.shut_until, gate.why = max(until, gate.shut_until or until), why
    gate.probe_lane = None


def taken(session: Session, platform: str, lanes: Collection[int]) -> None:
    """Messages were taken: where one of them was the one that tried, everything may go on."""
    gate = session.get(Gate, platform)
    if gate is not None and gate.probe_lane in lanes:
        gate = _held(session, platform)
        gate.shut_until = gate.why = gate.probe_lane = None
        gate.told_to_wait = []


def shut_gates(session: Session) -> list[Gate]:
    """The platforms that let nothing through at present."""
    return list(session.scalars(select(Gate).where(Gate.shut_until.isnot(None))))


def _held(session: Session, platform: str) -> Gate:
    """The gate, made the first time it is needed, and kept as it is for this transaction."""
    session.execute(
        inserting(session, Gate)
        .values(platform=platform, tokens=0.0, told_to_wait=[])
        .on_conflict_do_nothing()
    )
    return session.get_one(Gate, platform, with_for_update=True, populate_existing=True)
