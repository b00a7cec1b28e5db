"""The support plan: its outcomes, and the family's and the professionals' actions."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Select, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import Family, FamilyMember, TeamAroundFamily
from storage.people import Person
from storage.subjects import Subject, Watched


class SupportPlan(Subject, Base):
    """The one overarching plan of a family: draft, agreed, in review, closed."""

    __tablename__ = "support_plan"
    kind = "plan"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    agreed_on: Mapped[date | None] = mapped_column(default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="plan")


class Outcome(Subject, Base):
    """What the family and the team want to be different."""

    __tablename__ = "outcome"
    kind = "outcome"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    need: Mapped[str | None] = mapped_column(String(40), default=None)
    agreed_at: Mapped[datetime] = mapped_column(Instant)
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="outcomes")
    actions: Mapped[list[Action]] = relationship(back_populates="outcome", order_by="Action.id")


class Action(Watched, Base):
    """An action of the plan, owned by a practitioner or by a family member, never by both."""

    __tablename__ = "action"
    kind = "action"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="open")
    words: Mapped[str] = mapped_column(Text)
    list: Mapped[str] = mapped_column(String(20), default="family_plan")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    family_owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("family_member.id"), default=None
    )
    due_on: Mapped[date]
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("outcome.id"), default=None)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), default=None)
    agreed_at: Mapped[datetime] = mapped_column(Instant)
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    done_on: Mapped[date | None] = mapped_column(default=None)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    blocked_by: Mapped[str | None] = mapped_column(String(30), default=None)
    blocked_words: Mapped[str | None] = mapped_column(Text, default=None)
    not_mine_why: Mapped[str | None] = mapped_column(Text, default=None)
    withdrawn_why: Mapped[str | None] = mapped_column(Text, default=None)
    quiet_until: Mapped[date | None] = mapped_column(default=None)
    times_moved: Mapped[int] = mapped_column(default=0)
    moved_why: Mapped[str | None] = mapped_column(Text, default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="actions")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    family_owner: Mapped[FamilyMember | None] = relationship()
    outcome: Mapped[Outcome | None] = relationship(back_populates="actions")
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id])

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in {"open", "blocked"}


def open_actions_of(session: Session, person: Person) -> list[Action]:
    """Everything a practitioner still has to do, across all families, soonest due first."""
    return list(session.scalars(_of_owner(Action), {"owner": person.id}))


class ToDo(NamedTuple):
    """A line of what a practitioner still has to do: enough to list it, and to press it."""

    id: int
    version: int
    taf_id: int
    reference: str
    number: int
    words: str
    state: str
    due_on: date

    @property
    def ref(self) -> str:
        """The reference that presses carry."""
        return f"{Action.kind}-{self.id}"


def to_do(session: Session, person_id: int) -> list[ToDo]:
    """The same as a list to look at, for a fraction of the work; empty for one who has left."""
    rows = session.connection().execute(_lines(), {"owner": person_id})
    return [ToDo._make(row) for row in rows]


@cache
def _lines() -> Select[Any]:
    columns = (Action.id, Action.version, Action.taf_id, Family.reference, Action.number)
    query: Select[Any] = _of_owner(*columns, Action.words, Action.state, Action.due_on)
    return (
        query.join(Family, TeamAroundFamily.family_id == Family.id)
        .join(Person, Action.owner_id == Person.id)
        .where(Person.left_on.is_(None))
    )


@cache
def _of_owner(*what: Any) -> Select[Any]:
    return (
        select(*what)
        .select_from(Action)
        .join(TeamAroundFamily, Action.taf_id == TeamAroundFamily.id)
        .where(
            Action.owner_id == bindparam("owner"),
            Action.state.in_(("open", "blocked")),
            TeamAroundFamily.state == "open",
        )
        .order_by(Action.due_on, Action.id)
    )
