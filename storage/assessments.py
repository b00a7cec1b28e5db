"""The whole-family assessment: initiated, contributed to and completed by different people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import TeamAroundFamily
from storage.people import Person
from storage.subjects import Subject


class Assessment(Subject, Base):
    """One assessment of the whole family: a Family CAF, a Single Assessment."""

    __tablename__ = "assessment"
    kind = "assessment"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    type: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(12), default="initiated")
    initiated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    initiated_on: Mapped[date]
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    completed_on: Mapped[date | None] = mapped_column(default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="assessments")
    initiated_by: Mapped[Person] = relationship(foreign_keys=[initiated_by_id])
    completed_by: Mapped[Person | None] = relationship(foreign_keys=[completed_by_id])
    contributions: Mapped[list[Contribution]] = relationship(
        back_populates="assessment", order_by="Contribution.id"
    )


class Contribution(Base):
    """What one agency knows, given to the assessment, with its own extra answers."""

    __tablename__ = "contribution"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    given_at: Mapped[datetime] = mapped_column(Instant)

    assessment: Mapped[Assessment] = relationship(back_populates="contributions")
    person: Mapped[Person] = relationship()
