"""Private rooms, who has been let in, and what the web room shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import TeamAroundFamily
from storage.people import Person

SUPERVISION = "supervision"
"""The name of the supervisors' own room."""


class Room(Base):
    """A private room: a family's, or the supervisors'. Named by an opaque reference only (R1)."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    taf_id: Mapped[int | None] = mapped_column(ForeignKey("taf.id"), unique=True, default=None)
    platform: Mapped[str] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(200), default=None)
    state: Mapped[str] = mapped_column(String(12), default="asked")
    taf: Mapped[TeamAroundFamily | None] = relationship(back_populates="room")
    admissions: Mapped[list[Admission]] = relationship(
        back_populates="room", order_by="Admission.id"
    )

    @property
    def inside(self) -> list[Person]:
        """Everyone the platform has confirmed is in the room now."""
        return [one.person for one in self.admissions if one.removed_at is None]


class Admission(Base):
    """A person let into a room, and taken out again, as the platform confirmed it."""

    __tablename__ = "admission"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    admitted_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    room: Mapped[Room] = relationship(back_populates="admissions")
    person: Mapped[Person] = relationship()


class Post(Base):
    """A message as the web showed it, in a room or to one person; edited in place by its key.

    `number` is the delivery it came from: the same delivery can never be shown twice.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_post_room_id_id", "room_id", "id"),
        Index("ix_post_person_id_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), default=None)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    card: Mapped[dict[str, Any]] = mapped_column(JSON)
    posted_at: Mapped[datetime] = mapped_column(Instant)
    edited_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


def supervisors_room(session: Session, platform: str) -> Room:
    """The supervisors' own room, made the first time it is needed."""
    found = session.scalar(select(Room).where(Room.name == SUPERVISION))
    if found is None:
        found = Room(name=SUPERVISION, platform=platform)
        session.add(found)
        session.flush()
    return found


def named(session: Session, name: str) -> Room | None:
    """The room of this name, if it has been asked for."""
    return session.scalar(select(Room).where(Room.name == name))


def at(session: Session, platform: str, address: str) -> Room | None:
    """The room at this address of a platform, open or closed."""
    query = select(Room).where(Room.platform == platform, Room.address == address)
    return session.scalar(query)


def of_number(session: Session, number: int | None) -> Room:
    """The room of this number."""
    return session.get_one(Room, number or 0)


def put_address(session: Session, number: int | None, address: str | None) -> None:
    """Write down where a room is, or that it is nowhere yet."""
    session.get_one(Room, number or 0).address = address


def open_addresses(session: Session, platform: str) -> list[str]:
    """Where the open rooms of a platform are."""
    query = select(Room.address).where(Room.platform == platform, Room.state == "open")
    return [one for one in session.scalars(query.order_by(Room.id)) if one]


def posts(
    session: Session,
    *,
    room_id: int | None = None,
    person_id: int | None = None,
    after: int = 0,
    before: int | None = None,
    limit: int = 50,
) -> list[Post]:
    """The newest messages of a room or a person, newest first, between two of them."""
    query = select(Post).where(Post.id > after)
    query = (
        query.where(Post.room_id == room_id)
        if room_id is not None
        else query.where(Post.person_id == person_id)
    )
    if before is not None:
        query = query.where(Post.id < before)
    return list(session.scalars(query.order_by(Post.id.desc()).limit(limit)))


def edited_after(
    session: Session, room_id: int, since: datetime, *, until: int, limit: int = 50
) -> list[Post]:
    """The messages of a room up to one of them that were edited after a moment, newest first."""
    return list(
        session.scalars(
            select(Post)
            .where(Post.room_id == room_id, Post.id <= until, Post.edited_at > since)
            .order_by(Post.id.desc())
            .limit(limit)
        )
    )


def last_edit(session: Session, room_id: int) -> datetime | None:
    """When a message of a room was last edited."""
    return session.scalar(
        select(Post.edited_at)
        .where(Post.room_id == room_id, Post.edited_at.isnot(None))
        .order_by(Post.edited_at.desc())
        .limit(1)
    )


def confirm(
    session: Session,
    room_id: int,
    operation: str,
    address: str | None,
    person_id: int | None,
    at: datetime,
) -> None:
    """Write down what the platform did with a room: opened, admitted, removed, closed."""
    room = session.get_one(Room, room_id)
    if operation == "open":
        room.state, room.address = "open", address
    elif operation == "close":
        room.state = "closed"
    elif operation == "admit" and not any(one.id == person_id for one in room.inside):
        session.add(Admission(room_id=room_id, person_id=person_id, admitted_at=at))
    elif operation == "remove":
        for one in room.admissions:
            if one.person_id == person_id and one.removed_at is None:
                one.removed_at = at


def show(
    session: Session,
    number: int,
    card: dict[str, Any],
    at: datetime,
    *,
    room_id: int | None,
    person_id: int | None,
) -> int | None:
    """Keep a message for the web to show, once a delivery; its id, None without a place."""
    if room_id is None and person_id is None:
        return None
    found = post_of(session, number)
    if found is None:
        made = Post(number=number, card=card, posted_at=at, room_id=room_id, person_id=person_id)
        session.add(made)
        session.flush()
        found = made.id
    return found


def edit(session: Session, post_id: int, card: dict[str, Any], at: datetime) -> None:
    """Change a message in place."""
    found = session.get_one(Post, post_id)
    found.card, found.edited_at = card, at


def post_of(session: Session, number: int) -> int | None:
    """The message that a delivery became, if it did."""
    return session.scalar(select(Post.id).where(Post.number == number))
