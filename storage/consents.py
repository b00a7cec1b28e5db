"""Privacy notices served and, apart from them, consent or another lawful basis, per person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import FamilyMember, TeamAroundFamily
from storage.people import Person
from storage.subjects import Subject


class PrivacyNotice(Base):
    """A privacy notice served on a family member: it is not consent (seed 1, paragraph 5.2)."""

    __tablename__ = "privacy_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_member_id: Mapped[int] = mapped_column(ForeignKey("family_member.id"), index=True)
    served_on: Mapped[date]
    how: Mapped[str | None] = mapped_column(String(20), default=None)
    served_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    family_member: Mapped[FamilyMember] = relationship(back_populates="notices")


class Consent(Subject, Base):
    """Consent, or another lawful basis, for sharing about one family member, dated (R10)."""

    __tablename__ = "consent"
    kind = "consent"

    family_member_id: Mapped[int] = mapped_column(ForeignKey("family_member.id"), index=True)
    basis: Mapped[str] = mapped_column(String(30))
    given_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text, default=None)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
    withdrawn_recorded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), default=None
    )
    family_member: Mapped[FamilyMember] = relationship(back_populates="consents")


class SharingDecision(Base):
    """What the Lead Professional decided after consent was withdrawn, and on what basis."""

    __tablename__ = "sharing_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str | None] = mapped_column(String(30), default=None)
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    taf: Mapped[TeamAroundFamily] = relationship()
    decided_by: Mapped[Person] = relationship()
