"""The outbox: everything still to be said or done on a platform, in order, one lane each.

A delivery ends as sent, or with a reason a person understands: cancelled, superseded, dead.
`waiting` is a single notice held for its person's digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.database import Base, Instant
from storage.people import Person
from storage.rooms import Room

OPEN = ("ready", "sending", "unknown")
LEASE = timedelta(seconds=60)
"""How long a worker may hold a lane: a sending time-out of 10 s and room to record it."""


class Lane(Base):
    """One conversation: its order, its pace and its lease."""

    __tablename__ = "lane"
    __table_args__ = (
        Index(
            "ix_lane_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), unique=True, default=None)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), unique=True, default=None
    )
    next_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    lease_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    owner: Mapped[str | None] = mapped_column(String(60), default=None)
    fence: Mapped[int] = mapped_column(default=0)
    room: Mapped[Room | None] = relationship()
    person: Mapped[Person | None] = relationship()


class Delivery(Base):
    """One thing to send: a notice, a digest, or a room operation.

    `repeats` counts how often it was sent again because nobody had taken it, `duplicates` how
    many of those were taken after all, as a look at the platform (`checked_at`) found later.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_lane_open",
            "lane_id",
            "id",
            sqlite_where=text("state IN ('ready', 'sending', 'unknown')"),
            postgresql_where=text("state IN ('ready', 'sending', 'unknown')"),
        ),
        Index(
            "ix_outbox_lane_waiting",
            "lane_id",
            "available_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_card_key",
            "lane_id",
            "card_key",
            sqlite_where=text("card_key IS NOT NULL"),
            postgresql_where=text("card_key IS NOT NULL"),
        ),
        Index(
            "ix_outbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index(
            "ix_outbox_repeated",
            "id",
            sqlite_where=text("repeats > 0"),
            postgresql_where=text("repeats > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    lane_id: Mapped[int] = mapped_column(ForeignKey("lane.id"))
    operation: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    notice: Mapped[str | None] = mapped_column(String(60), default=None)
    rule: Mapped[str | None] = mapped_column(String(80), default=None)
    slot: Mapped[str | None] = mapped_column(String(60), default=None)
    about: Mapped[str | None] = mapped_column(String(40), default=None)
    taf_id: Mapped[int | None] = mapped_column(ForeignKey("taf.id"), default=None)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    card_key: Mapped[str | None] = mapped_column(String(60), default=None)
    items: Mapped[list[int]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(Instant)
    available_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    attempt_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    provider_ref: Mapped[str | None] = mapped_column(String(200), default=None)
    why: Mapped[str | None] = mapped_column(Text, default=None)
    repeats: Mapped[int] = mapped_column(default=0, server_default="0")
    duplicates: Mapped[int] = mapped_column(default=0, server_default="0")
    checked_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    lane: Mapped[Lane] = relationship()
    person: Mapped[Person | None] = relationship()


class Gate(Base):
    """A platform's door: shut while it asks everybody to wait, or knows us no more.

    `tokens` is how many messages may begin at once, as it stood at `tokens_at`. `told_to_wait`
    holds the lanes that were turned away last, and when.
    """

    __tablename__ = "gate"

    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    shut_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    why: Mapped[str | None] = mapped_column(Text, default=None)
    tokens: Mapped[float] = mapped_column(default=0.0)
    tokens_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    told_to_wait: Mapped[list[Any]] = mapped_column(JSON, default=list)


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker may send now, while its lane's fence still stands."""

    delivery: Delivery
    fence: int
    again: bool
    """Whether an earlier attempt may have been accepted: look before sending."""


def _insert(session: Session, model: type[Base]) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def lane_for(session: Session, *, room_id: int | None = None, person_id: int | None = None) -> int:
    """The lane of a room or a person, made the first time it is needed."""
    column, value = (Lane.room_id, room_id) if room_id else (Lane.person_id, person_id)
    found = session.scalar(select(Lane.id).where(column == value))
    if found is None:
        session.execute(
            _insert(session, Lane)
            .values(room_id=room_id, person_id=person_id, fence=0)
            .on_conflict_do_nothing()
        )
        found = session.scalar(select(Lane.id).where(column == value))
    if found is None:
        raise LookupError("the lane could not be made")
    return found


def hold(session: Session, lane_id: int) -> None:
    """Keep a lane as it is for this transaction: nobody claims it, so nothing slips in between."""
    session.execute(select(Lane.id).where(Lane.id == lane_id).with_for_update())


def queue(session: Session, lane_id: int, dedup_key: str, **values: Any) -> int | None:
    """Put a delivery in the outbox, once for ever under its key; None: it was there already."""
    session.flush()
    row = {"state": "ready", "facts": {}, "items": [], "attempts": 0, **values}
    made = session.scalar(
        _insert(session, Delivery)
        .values(lane_id=lane_id, dedup_key=dedup_key, **row)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
        .returning(Delivery.id)
    )
    if made is not None and row["state"] == "ready":
        _wake(session, lane_id, row["available_at"])
    return made


def _wake(session: Session, lane_id: int, at: datetime) -> None:
    session.execute(
        update(Lane)
        .where(Lane.id == lane_id, or_(Lane.next_at.is_(None), Lane.next_at > at))
        .values(next_at=at)
        .execution_options(synchronize_session="fetch")
    )


def claim(session: Session, now: datetime, owner: str, limit: int = 20) -> list[Claim]:
    """Take the lease of up to `limit` lanes that have something to send, and their heads."""
    lanes = session.scalars(
        select(Lane)
        .where(Lane.next_at <= now, or_(Lane.lease_until.is_(None), Lane.lease_until <= now))
        .order_by(Lane.next_at, Lane.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    claims = []
    for lane in lanes:
        head = _head(session, lane.id, now)
        if head is None:
            lane.next_at = _next_at(session, lane.id)
            continue
        if head.available_at > now and head.state != "sending":
            lane.next_at = head.available_at
            continue
        lane.lease_until, lane.owner, lane.fence = now + LEASE, owner, lane.fence + 1
        again = head.state in {"sending", "unknown"}
        head.state = "sending"
        head.attempt_at = head.attempt_at if again else now
        head.attempts += 1
        claims.append(Claim(head, lane.fence, again))
    session.flush()
    return claims


def _head(session: Session, lane_id: int, now: datetime) -> Delivery | None:
    """What the lane is at: the oldest thing begun or due. One that is tried again holds its place.

    What was never tried and is not due yet, a digest to come, lets the others pass.
    """
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.lane_id == lane_id,
            or_(
                Delivery.state.in_(("sending", "unknown")),
                (Delivery.state == "ready")
                & or_(Delivery.available_at <= now, Delivery.attempts > 0),
            ),
        )
        .order_by(Delivery.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _next_at(session: Session, lane_id: int) -> datetime | None:
    return session.scalar(
        select(Delivery.available_at)
        .where(Delivery.lane_id == lane_id, Delivery.state.in_(OPEN))
        .order_by(Delivery.available_at)
        .limit(1)
    )


def finish(
    session: Session, claimed: Claim, state: str, not_before: datetime, **values: Any
) -> bool:
    """Record how a delivery ended and let its lane go on; False: another worker took over.

    `not_before` is when the lane may send again: the conversation's pace.
    """
    lane = session.scalar(
        select(Lane)
        .where(Lane.id == claimed.delivery.lane_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if lane is None or lane.fence != claimed.fence:
        return False
    session.execute(
        update(Delivery).where(Delivery.id == claimed.delivery.id).values(state=state, **values)
    )
    following = _next_at(session, lane.id)
    lane.next_at = max(following, not_before) if following else None
    lane.lease_until = lane.owner = None
    return True


def reclaim(session: Session, claimed: Claim) -> Claim | None:
    """The same delivery in another transaction, while its lane is still this worker's."""
    delivery = session.get_one(Delivery, claimed.delivery.id)
    lane = session.get_one(Lane, delivery.lane_id, with_for_update=True)
    return Claim(delivery, claimed.fence, again=False) if lane.fence == claimed.fence else None


def waiting_for_digest(session: Session, lane_id: int, now: datetime) -> list[Delivery]:
    """The single notices that a person's digest will gather, oldest first."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.lane_id == lane_id,
                Delivery.state == "waiting",
                Delivery.available_at <= now,
            )
            .order_by(Delivery.id)
        )
    )


def settle(session: Session, ids: Sequence[int], state: str, why: str, at: datetime) -> None:
    """Give some deliveries their recorded end."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state=state, why=why, sent_at=at if state == "superseded" else None)
        .execution_options(synchronize_session="fetch")
    )


def last_posted(session: Session, lane_id: int, card_key: str) -> Delivery | None:
    """The message that already shows a card, to be edited in place."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.lane_id == lane_id,
            Delivery.card_key == card_key,
            Delivery.state == "sent",
            Delivery.provider_ref.isnot(None),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )


def next_due(session: Session) -> datetime | None:
    """When the next lane has something to send."""
    return session.scalar(select(func.min(Lane.next_at)))


def state_of(session: Session, dedup_key: str) -> str | None:
    """How the delivery of this key stands, or None where there is none."""
    return session.scalar(select(Delivery.state).where(Delivery.dedup_key == dedup_key))


def put_off(session: Session, lane_id: int, now: datetime, at: datetime) -> None:
    """Hold what waits for a person's digest until a later one."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.lane_id == lane_id, Delivery.state == "waiting", Delivery.available_at <= now
        )
        .values(available_at=at)
        .execution_options(synchronize_session="fetch")
    )


def sent_between(
    session: Session, after: datetime, until: datetime, limit: int = 200
) -> list[Delivery]:
    """The messages that went out after one moment and up to another, oldest first."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.state == "sent",
                Delivery.operation.in_(("post", "digest")),
                Delivery.sent_at > after,
                Delivery.sent_at <= until,
            )
            .options(
                selectinload(Delivery.lane).selectinload(Lane.person),
                selectinload(Delivery.lane).selectinload(Lane.room),
            )
            .order_by(Delivery.sent_at, Delivery.id)
            .limit(limit)
        )
    )


def gathered(session: Session, digest_id: int) -> list[Delivery]:
    """The single notices that a digest said, in its order."""
    digest = session.get_one(Delivery, digest_id)
    return [session.get_one(Delivery, number) for number in digest.items]


def dead(session: Session) -> list[Delivery]:
    """Everything that could not be delivered, oldest first."""
    return list(
        session.scalars(select(Delivery).where(Delivery.state == "dead").order_by(Delivery.id))
    )
