"""TAF meetings: who was invited, who replied, who came and what was said."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import FamilyMember, TeamAroundFamily
from storage.people import Person
from storage.subjects import Subject, Watched


class TafMeeting(Watched, Base):
    """A meeting of the team around the family; `starts_at` is empty while only proposed."""

    __tablename__ = "meeting"
    kind = "meeting"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="scheduled")
    purpose: Mapped[str] = mapped_column(String(12))
    mode: Mapped[str] = mapped_column(String(12))
    place: Mapped[str | None] = mapped_column(String(300), default=None)
    on: Mapped[date] = mapped_column("held_on")
    starts_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    arranged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    arranged_at: Mapped[datetime] = mapped_column(Instant)
    cancelled_why: Mapped[str | None] = mapped_column(Text, default=None)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    notes_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    child_voice: Mapped[str | None] = mapped_column(String(30), default=None)
    child_voice_words: Mapped[str | None] = mapped_column(Text, default=None)
    progress: Mapped[str | None] = mapped_column(Text, default=None)
    decisions: Mapped[str | None] = mapped_column(Text, default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="meetings")
    arranged_by: Mapped[Person] = relationship(foreign_keys=[arranged_by_id])
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id])
    notes_by: Mapped[Person | None] = relationship(foreign_keys=[notes_by_id])
    invitations: Mapped[list[Invitation]] = relationship(
        back_populates="meeting", order_by="Invitation.id"
    )
    family_attendance: Mapped[list[FamilyAttendance]] = relationship(
        back_populates="meeting", order_by="FamilyAttendance.id"
    )
    dissents: Mapped[list[Dissent]] = relationship(back_populates="meeting", order_by="Dissent.id")


class Invitation(Subject, Base):
    """A practitioner's invitation: their reply, and in the end their attendance."""

    __tablename__ = "invitation"
    kind = "invitation"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reply: Mapped[str | None] = mapped_column(String(30), default=None)
    substitute: Mapped[str | None] = mapped_column(String(100), default=None)
    report: Mapped[str | None] = mapped_column(Text, default=None)
    replied_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    attendance: Mapped[str | None] = mapped_column(String(30), default=None)

    meeting: Mapped[TafMeeting] = relationship(back_populates="invitations")
    person: Mapped[Person] = relationship()

    @property
    def taf(self) -> TeamAroundFamily:
        """The work that the meeting belongs to."""
        return self.meeting.taf


class FamilyAttendance(Base):
    """Whether a family member came: attended, part, or not."""

    __tablename__ = "family_attendance"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    family_member_id: Mapped[int] = mapped_column(ForeignKey("family_member.id"))
    attendance: Mapped[str] = mapped_column(String(30))

    meeting: Mapped[TafMeeting] = relationship(back_populates="family_attendance")
    family_member: Mapped[FamilyMember] = relationship()


class Dissent(Base):
    """A disagreement, in the person's own words; nothing ever changes it."""

    __tablename__ = "dissent"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    family_member_id: Mapped[int | None] = mapped_column(
        ForeignKey("family_member.id"), default=None
    )
    words: Mapped[str] = mapped_column(Text)

    meeting: Mapped[TafMeeting] = relationship(back_populates="dissents")
    person: Mapped[Person | None] = relationship()
    family_member: Mapped[FamilyMember | None] = relationship()


def upcoming_for(session: Session, person: Person, now: datetime) -> list[TafMeeting]:
    """The meetings a practitioner is invited to that are still to come, soonest first."""
    return list(
        session.scalars(
            select(TafMeeting)
            .join(Invitation, Invitation.meeting_id == TafMeeting.id)
            .where(
                Invitation.person_id == person.id,
                TafMeeting.state == "scheduled",
                TafMeeting.starts_at >= now,
            )
            .order_by(TafMeeting.starts_at)
        )
    )
