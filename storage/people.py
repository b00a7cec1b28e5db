"""The practitioners, their agencies and roles, and the days they are away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import JSON, ForeignKey, Select, String, Text, cast, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.bulk import among
from storage.database import Base
from storage.subjects import Subject

WEEKDAYS = "MTWTF"


class Person(Subject, Base):
    """A practitioner, co-ordinator or supervisor: never a member of a family.

    `works_on` holds the ISO weekdays they work, "12345" for Monday to Friday.
    """

    __tablename__ = "person"
    kind = "person"

    name: Mapped[str] = mapped_column(String(100))
    agency: Mapped[str] = mapped_column(String(60))
    job: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str | None] = mapped_column(String(200), default=None, unique=True)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    platform: Mapped[str] = mapped_column(String(20), default="web")
    platform_id: Mapped[str | None] = mapped_column(String(200), default=None, index=True)
    identity_verified_on: Mapped[date | None] = mapped_column(default=None)
    works_on: Mapped[str] = mapped_column(String(7), default="12345")
    left_on: Mapped[date | None] = mapped_column(default=None)
    leave: Mapped[list[Leave]] = relationship(back_populates="person", order_by="Leave.first_day")

    @property
    def taf(self) -> None:
        """The work with a family that they belong to: none, since they work with many."""
        return

    @property
    def reference(self) -> str:
        """What a page calls them: their name."""
        return self.name


class Leave(Base):
    """Days a practitioner is away: reminders wait until they are back."""

    __tablename__ = "leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    person: Mapped[Person] = relationship(back_populates="leave")


def everyone(session: Session) -> list[Person]:
    """Every practitioner still in post, by name."""
    return list(
        session.scalars(
            select(Person).where(Person.left_on.is_(None)).order_by(Person.name, Person.id)
        )
    )


def known_as(session: Session, platform: str, platform_id: str) -> Person | None:
    """The practitioner in post who is this account on a platform."""
    return session.scalar(
        select(Person).where(
            Person.platform == platform,
            Person.platform_id == platform_id,
            Person.left_on.is_(None),
        )
    )


def of_email(session: Session, email: str) -> Person | None:
    """The practitioner in post with this work e-mail address, whatever its capitals."""
    query = select(Person).where(
        func.lower(Person.email) == email.strip().lower(), Person.left_on.is_(None)
    )
    return session.scalars(query).one_or_none()


def ever_of_email(session: Session, email: str) -> Person | None:
    """The practitioner with this work e-mail address, in post before one who has left."""
    query = select(Person).where(func.lower(Person.email) == email.strip().lower())
    return session.scalars(query.order_by(Person.left_on.isnot(None), Person.id)).first()


def found(
    session: Session, words: str, *, left: bool, offset: int = 0, limit: int | None = None
) -> list[Person]:
    """Practitioners in post, or those who have left, whose name, job or e-mail holds each word."""
    query = _found(words, left=left).order_by(func.lower(Person.name), Person.id)
    return list(session.scalars(query.offset(offset).limit(limit)))


def count_found(session: Session, words: str, *, left: bool) -> int:
    """How many `found` would find."""
    return session.scalar(_found(words, left=left).with_only_columns(func.count())) or 0


def _found(words: str, *, left: bool) -> Select[Person]:
    query = select(Person).where(Person.left_on.isnot(None) if left else Person.left_on.is_(None))
    for word in words.lower().split():
        said = (func.lower(one) for one in (Person.name, Person.job, Person.email))
        query = query.where(or_(*(one.contains(word, autoescape=True) for one in said)))
    return query


def with_leave(session: Session, numbers: Collection[int]) -> list[Person]:
    """Some practitioners and when they are away, at once; hold on to them."""
    query = select(Person).where(among(session, Person.id, numbers))
    return list(session.scalars(query.options(selectinload(Person.leave))))


def with_role(session: Session, role: str) -> list[Person]:
    """Everyone still in post who holds a role: co-ordinator, supervisor."""
    query = select(Person).where(
        Person.left_on.is_(None), cast(Person.roles, Text).contains(f'"{role}"', autoescape=True)
    )
    return list(session.scalars(query.order_by(Person.name, Person.id)))


class Hearer(NamedTuple):
    """What must be known of a practitioner to choose the day of their digest."""

    id: int
    works_on: str
    leave: tuple[Leave, ...] = ()

    @property
    def ref(self) -> str:
        """The reference that presses carry."""
        return f"{Person.kind}-{self.id}"


def hearers(session: Session, numbers: Collection[int]) -> dict[int, Hearer]:
    """Those of these practitioners who are still in post, by number."""
    away: dict[int, tuple[Leave, ...]] = {}
    for one in session.scalars(select(Leave).where(among(session, Leave.person_id, numbers))):
        away[one.person_id] = (*away.get(one.person_id, ()), one)
    in_post = select(Person.id, Person.works_on).where(
        among(session, Person.id, numbers), Person.left_on.is_(None)
    )
    return {
        number: Hearer(number, works_on, away.get(number, ()))
        for number, works_on in session.execute(in_post).all()
    }
