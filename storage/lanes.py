"""Lanes: one a conversation, which is at once its order, its pace and its lease."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, case, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.bulk import among, insert_many, inserting
from storage.database import Base, Instant
from storage.people import Person
from storage.rooms import Room


class Lane(Base):
    """One conversation: its order, its pace and its lease.

    It is looked at again at `next_at`, and nothing is sent there before `rests_until`: the pace,
    or what the platform asked for.
    """

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
    rests_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    lease_until: Mapped[datetime | None] = mapped_column(Instant, default=None)
    owner: Mapped[str | None] = mapped_column(String(60), default=None)
    fence: Mapped[int] = mapped_column(default=0)
    room: Mapped[Room | None] = relationship()
    person: Mapped[Person | None] = relationship()


def lane_for(session: Session, *, room_id: int | None = None, person_id: int | None = None) -> int:
    """The lane of a room or a person, made the first time it is needed."""
    column, value = (Lane.room_id, room_id) if room_id else (Lane.person_id, person_id)
    found = session.scalar(select(Lane.id).where(column == value))
    if found is None:
        session.execute(
            inserting(session, Lane)
            .values(room_id=room_id, person_id=person_id, fence=0)
            .on_conflict_do_nothing()
        )
        found = session.scalar(select(Lane.id).where(column == value))
    if found is None:
        raise LookupError("the lane could not be made")
    return found


def for_people(session: Session, people: Collection[int], *, held: bool = False) -> dict[int, int]:
    """The lanes of some people, by person; made the first time they are needed.

    `held`: they are kept as they are for this transaction; nobody claims them.
    """
    found = _of_people(session, people, held=held)
    if missing := [one for one in people if one not in found]:
        rows = [{"person_id": one} for one in missing]
        insert_many(session, Lane, rows, "person_id", {"fence": 0})
        found = _of_people(session, people, held=held)
    return found


def _of_people(session: Session, people: Collection[int], *, held: bool) -> dict[int, int]:
    query = select(Lane.person_id, Lane.id).where(among(session, Lane.person_id, people))
    query = query.order_by(Lane.id).with_for_update() if held else query
    rows = session.connection().execute(query).all()
    return {person: lane for person, lane in rows if person is not None}


def hold(session: Session, lane_id: int) -> None:
    """Keep a lane as it is until this is written down: what is being recorded there comes first.

    A file has one writer at a time as it is.
    """
    session.execute(select(Lane.id).where(Lane.id == lane_id).with_for_update())


def hold_unopened(session: Session, platform: str) -> None:
    """Keep the lanes of all rooms that wait to be opened as they are: one is linked at a time."""
    waits = (Room.platform == platform, Room.state.not_in(("open", "closed")))
    query = select(Lane.id).join(Room, Lane.room_id == Room.id).where(*waits)
    session.execute(query.order_by(Lane.id).with_for_update(of=Lane))


def wake(session: Session, lanes: Collection[int], at: datetime) -> None:
    """Let some lanes be looked at no later than this, or as soon as they have rested."""
    soonest = case((Lane.rests_until > at, Lane.rests_until), else_=at)
    session.execute(
        update(Lane)
        .where(among(session, Lane.id, lanes), or_(Lane.next_at.is_(None), Lane.next_at > soonest))
        .values(next_at=soonest)
        .execution_options(synchronize_session=False)
    )


def wake_each(session: Session, when: Iterable[tuple[int, datetime]]) -> None:
    """The same for lanes that each have a moment of their own."""
    by_moment: dict[datetime, set[int]] = {}
    for lane, at in when:
        by_moment.setdefault(at, set()).add(lane)
    for at, lanes in by_moment.items():
        wake(session, lanes, at)


def next_due(session: Session, now: datetime | None = None) -> datetime | None:
    """When the next lane has something to send; as of `now`, of those that nobody holds."""
    query = select(func.min(Lane.next_at))
    if now is not None:
        query = query.where(or_(Lane.lease_until.is_(None), Lane.lease_until <= now))
    return session.scalar(query)
