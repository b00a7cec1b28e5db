"""The team around the family: who is on it, since when, and who has led it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.bulk import among
from storage.database import Base, Instant
from storage.families import Family, TeamAroundFamily
from storage.people import Person
from storage.subjects import Subject


class TeamMember(Subject, Base):
    """A practitioner's place on the team: proposed, joined, away (sharing stopped), left."""

    __tablename__ = "team_member"
    kind = "team_member"
    __table_args__ = (
        Index(
            "uq_team_member_current",
            "taf_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'joined', 'away')"),
            postgresql_where=text("state IN ('proposed', 'joined', 'away')"),
        ),
    )

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    why: Mapped[str | None] = mapped_column(String(500), default=None)
    joined_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    left_at: Mapped[datetime | None] = mapped_column(Instant, default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="team")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])


class LeadHandover(Subject, Base):
    """The lead offered from one practitioner to another, with the reason and the answer."""

    __tablename__ = "lead_handover"
    kind = "handover"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(12), default="offered")
    offered_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant, default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="handovers")
    giver: Mapped[Person | None] = relationship(foreign_keys=[from_id])
    taker: Mapped[Person] = relationship(foreign_keys=[to_id])
    offered_by: Mapped[Person] = relationship(foreign_keys=[offered_by_id])


def tafs_of(session: Session, person: Person) -> list[TeamAroundFamily]:
    """The work a practitioner is on the team of now, newest first."""
    return list(
        session.scalars(
            select(TeamAroundFamily)
            .join(TeamMember, TeamMember.taf_id == TeamAroundFamily.id)
            .where(TeamMember.person_id == person.id, TeamMember.state.in_(("joined", "away")))
            .options(
                selectinload(TeamAroundFamily.family).selectinload(Family.tafs),
                selectinload(TeamAroundFamily.lead),
                selectinload(TeamAroundFamily.team),
                selectinload(TeamAroundFamily.meetings),
                selectinload(TeamAroundFamily.actions),
                selectinload(TeamAroundFamily.assessments),
            )
            .order_by(TeamAroundFamily.state.desc(), TeamAroundFamily.id.desc())
        )
    )


def places_of(session: Session, person: Person) -> list[TeamMember]:
    """A practitioner's places on the teams of families whose work goes on, proposed ones too."""
    current = TeamMember.state.in_(("proposed", "joined", "away"))
    query = select(TeamMember).join(TeamAroundFamily, TeamMember.taf_id == TeamAroundFamily.id)
    query = query.where(TeamMember.person_id == person.id, current)
    going_on = query.where(TeamAroundFamily.state != "closed")
    return list(session.scalars(going_on.order_by(TeamMember.taf_id)))


def offers_to(session: Session, person: Person) -> list[LeadHandover]:
    """The offers of the lead that a practitioner has not answered."""
    query = select(LeadHandover).where(
        LeadHandover.to_id == person.id, LeadHandover.state == "offered"
    )
    return list(session.scalars(query.order_by(LeadHandover.id)))


def with_teams(session: Session, numbers: Collection[int]) -> list[TeamAroundFamily]:
    """The work with some families, each with its family and team at hand; hold on to them."""
    query = select(TeamAroundFamily).where(among(session, TeamAroundFamily.id, numbers))
    family = selectinload(TeamAroundFamily.family).selectinload(Family.tafs)
    team = selectinload(TeamAroundFamily.team).joinedload(TeamMember.person)
    return list(session.scalars(query.options(family, team)))
