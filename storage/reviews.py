"""Reviews of the plan, and the closing of the work."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import FamilyMember, TeamAroundFamily
from storage.meetings import TafMeeting
from storage.people import Person


class Review(Base):
    """A review: how things have moved, and what was decided."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), default=None)
    on: Mapped[date] = mapped_column("reviewed_on")
    mode: Mapped[str] = mapped_column(String(12))
    progress: Mapped[str] = mapped_column(String(8))
    decision: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="reviews")
    meeting: Mapped[TafMeeting | None] = relationship()
    recorded_by: Mapped[Person] = relationship()


class Closure(Base):
    """The end of the work: why, what is still needed, who agreed and who was told."""

    __tablename__ = "closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), unique=True)
    on: Mapped[date] = mapped_column("closed_on")
    reason: Mapped[str] = mapped_column(String(30))
    outstanding_needs: Mapped[str | None] = mapped_column(Text, default=None)
    family_agreed: Mapped[bool]
    team_agreed: Mapped[bool]
    not_agreed_why: Mapped[str | None] = mapped_column(Text, default=None)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="closure")
    recorded_by: Mapped[Person] = relationship()
    told: Mapped[list[ClosureTold]] = relationship(
        back_populates="closure", order_by="ClosureTold.id"
    )


class ClosureTold(Base):
    """Whether somebody with parental responsibility was told of the closure, or why not."""

    __tablename__ = "closure_told"

    id: Mapped[int] = mapped_column(primary_key=True)
    closure_id: Mapped[int] = mapped_column(ForeignKey("closure.id"), index=True)
    family_member_id: Mapped[int] = mapped_column(ForeignKey("family_member.id"))
    told_on: Mapped[date | None] = mapped_column(default=None)
    why_not: Mapped[str | None] = mapped_column(Text, default=None)

    closure: Mapped[Closure] = relationship(back_populates="told")
    family_member: Mapped[FamilyMember] = relationship()
