"""Lanes: one a conversation, which is at once its order, its pace and its lease."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.people import Person
from storage.rooms import Room


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


def inserting(session: Session, model: type[Base]) -> Any:
    """The database's own INSERT, which may give way to a row that is there."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


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


def hold(session: Session, lane_id: int) -> None:
    """Keep a lane as it is for this transaction: nobody claims it, so nothing slips in between."""
    session.execute(select(Lane.id).where(Lane.id == lane_id).with_for_update())


def wake(session: Session, lane_id: int, at: datetime) -> None:
    """Let a lane be looked at no later than this."""
    session.execute(
        update(Lane)
        .where(Lane.id == lane_id, or_(Lane.next_at.is_(None), Lane.next_at > at))
        .values(next_at=at)
        .execution_options(synchronize_session="fetch")
    )


def next_due(session: Session) -> datetime | None:
    """When the next lane has something to send."""
    return session.scalar(select(func.min(Lane.next_at)))
