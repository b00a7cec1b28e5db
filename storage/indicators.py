"""Outcome indicators made relevant to a family, their two-part baselines and their readings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import FamilyMember, TeamAroundFamily
from storage.people import Person
from storage.subjects import Watched


class Indicator(Watched, Base):
    """A measure from the framework, in words that fit this family, with its own start date.

    `better` is lower, higher, yes or no. `baseline` is where things stood (None: not known).
    """

    __tablename__ = "indicator"
    kind = "indicator"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="followed")
    measure: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    family_member_id: Mapped[int | None] = mapped_column(
        ForeignKey("family_member.id"), default=None
    )
    unit: Mapped[str] = mapped_column(String(10))
    better: Mapped[str] = mapped_column(String(8))
    evidence_source: Mapped[str] = mapped_column(String(200))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    history: Mapped[str] = mapped_column(Text)
    forecast: Mapped[str] = mapped_column(Text)
    baseline: Mapped[Decimal | None] = mapped_column(Numeric(12, 2), default=None)
    target: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    starts_on: Mapped[date]
    chosen_at: Mapped[datetime] = mapped_column(Instant)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="indicators")
    family_member: Mapped[FamilyMember | None] = relationship()
    holder: Mapped[Person | None] = relationship(foreign_keys=[holder_id])
    readings: Mapped[list[Reading]] = relationship(
        back_populates="indicator", order_by="Reading.on, Reading.id"
    )


class Reading(Base):
    """One reading of an indicator; `value` None means not known, which is never nought."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    value: Mapped[Decimal | None] = mapped_column(Numeric(12, 2), default=None)
    on: Mapped[date] = mapped_column("taken_on")
    evidence: Mapped[str | None] = mapped_column(Text, default=None)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    indicator: Mapped[Indicator] = relationship(back_populates="readings")
    recorded_by: Mapped[Person] = relationship()
