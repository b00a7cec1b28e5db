"""The families, their members by role label only, and the team-around-the-family work itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.people import Person
from storage.subjects import Subject, Watched

if TYPE_CHECKING:
    from storage.assessments import Assessment
    from storage.consents import Consent, PrivacyNotice
    from storage.indicators import Indicator
    from storage.meetings import TafMeeting
    from storage.plan import Action, Outcome, SupportPlan
    from storage.reviews import Closure, Review
    from storage.rooms import Room
    from storage.supervision import HelpRequest
    from storage.team import LeadHandover, TeamMember


class Family(Base):
    """A family, known by an opaque reference and nothing else (R1)."""

    __tablename__ = "family"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    members: Mapped[list[FamilyMember]] = relationship(
        back_populates="family", order_by="FamilyMember.id"
    )
    tafs: Mapped[list[TeamAroundFamily]] = relationship(
        back_populates="family", order_by="TeamAroundFamily.id"
    )


class FamilyMember(Subject, Base):
    """Somebody in the family, by role label or initials: "step-father", "child, 12"."""

    __tablename__ = "family_member"
    kind = "family_member"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    label: Mapped[str] = mapped_column(String(30))
    stage: Mapped[str] = mapped_column(String(12))
    age_band: Mapped[str] = mapped_column(String(8))
    lives: Mapped[str] = mapped_column(String(12))
    parental_responsibility: Mapped[bool]
    language: Mapped[str] = mapped_column(String(40), default="English")
    interpreter: Mapped[bool] = mapped_column(default=False)
    joined_on: Mapped[date]
    family: Mapped[Family] = relationship(back_populates="members")
    notices: Mapped[list[PrivacyNotice]] = relationship(
        back_populates="family_member", order_by="PrivacyNotice.id"
    )
    consents: Mapped[list[Consent]] = relationship(
        back_populates="family_member", order_by="Consent.id"
    )

    @property
    def taf(self) -> TeamAroundFamily:
        """The family's newest team-around-the-family work."""
        return self.family.tafs[-1]

    @property
    def is_child(self) -> bool:
        """Whether this is a child or young person, whose voice a meeting must hear."""
        return self.stage != "adult"

    @property
    def basis(self) -> Consent | None:
        """The lawful basis for sharing about this person that stands now, if one does.

        What was recorded for earlier work with the family ended with that work.
        """
        return next(
            (
                one
                for one in reversed(self.consents)
                if not one.withdrawn_on and one.recorded_at >= self.taf.convened_at
            ),
            None,
        )


class TeamAroundFamily(Watched, Base):
    """One piece of team-around-the-family work, from convening to closure.

    Deadlines are dates. `lead_vacant_since` is set exactly while nobody is Lead Professional.
    """

    __tablename__ = "taf"
    kind = "taf"
    more_table_args = (
        Index(
            "uq_taf_one_open",
            "family_id",
            unique=True,
            sqlite_where=text("state != 'closed'"),
            postgresql_where=text("state != 'closed'"),
        ),
    )

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="open")
    framework: Mapped[str] = mapped_column(String(20))
    criteria: Mapped[list[str]] = mapped_column(JSON, default=list)
    referred_by: Mapped[str | None] = mapped_column(String(100), default=None)
    high_cost: Mapped[bool | None] = mapped_column(default=None)
    would_benefit: Mapped[bool | None] = mapped_column(default=None)
    statutory_plan: Mapped[str] = mapped_column(String(20), default="none")
    stepped_down_from: Mapped[str | None] = mapped_column(String(20), default=None)
    convened_at: Mapped[datetime] = mapped_column(Instant)
    convened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    lead_vacant_since: Mapped[date | None] = mapped_column(default=None)
    lead_vacant_why: Mapped[str | None] = mapped_column(String(500), default=None)
    lead_wanted_by: Mapped[date | None] = mapped_column(default=None)
    assessment_due_on: Mapped[date]
    first_taf_due_on: Mapped[date | None] = mapped_column(default=None)
    review_due_on: Mapped[date | None] = mapped_column(default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)

    family: Mapped[Family] = relationship(back_populates="tafs")
    convened_by: Mapped[Person] = relationship(foreign_keys=[convened_by_id])
    lead: Mapped[Person | None] = relationship(foreign_keys=[lead_id])
    team: Mapped[list[TeamMember]] = relationship(back_populates="taf", order_by="TeamMember.id")
    handovers: Mapped[list[LeadHandover]] = relationship(
        back_populates="taf", order_by="LeadHandover.id"
    )
    assessments: Mapped[list[Assessment]] = relationship(
        back_populates="taf", order_by="Assessment.id"
    )
    meetings: Mapped[list[TafMeeting]] = relationship(
        back_populates="taf", order_by="TafMeeting.id"
    )
    plan: Mapped[SupportPlan] = relationship(back_populates="taf", uselist=False)
    outcomes: Mapped[list[Outcome]] = relationship(back_populates="taf", order_by="Outcome.id")
    actions: Mapped[list[Action]] = relationship(back_populates="taf", order_by="Action.id")
    indicators: Mapped[list[Indicator]] = relationship(
        back_populates="taf", order_by="Indicator.id"
    )
    reviews: Mapped[list[Review]] = relationship(back_populates="taf", order_by="Review.id")
    closure: Mapped[Closure | None] = relationship(back_populates="taf", uselist=False)
    help_requests: Mapped[list[HelpRequest]] = relationship(
        back_populates="taf", order_by="HelpRequest.id"
    )
    room: Mapped[Room | None] = relationship(back_populates="taf", uselist=False)

    @property
    def taf(self) -> TeamAroundFamily:
        """Itself: what every subject's `taf` gives."""
        return self

    @property
    def reference(self) -> str:
        """The family's opaque reference."""
        return self.family.reference

    @property
    def name(self) -> str:
        """What its pages go by: the reference, and a number where there is newer work."""
        tafs = self.family.tafs
        if tafs[-1].id == self.id:
            return self.reference
        return f"{self.reference}-{[one.id for one in tafs].index(self.id) + 1}"

    @property
    def members(self) -> list[FamilyMember]:
        """The family's members."""
        return self.family.members


def taf_of_reference(session: Session, reference: str) -> TeamAroundFamily | None:
    """The newest work with the family of this reference, open or closed."""
    return session.scalar(
        select(TeamAroundFamily)
        .join(Family)
        .where(Family.reference == reference.upper())
        .order_by(TeamAroundFamily.id.desc())
        .limit(1)
    )


def taf_of_name(session: Session, name: str) -> TeamAroundFamily | None:
    """The work of this name: a family's newest by its reference alone, or "F-1042-2"."""
    reference, _, number = name.upper().rpartition("-")
    if "-" not in reference:
        return taf_of_reference(session, name)
    family = family_of_reference(session, reference)
    wanted = int(number) if number.isdigit() and len(number) < 5 else 0
    if family is None or not 0 < wanted <= len(family.tafs):
        return None
    return family.tafs[wanted - 1]


def newest_led(session: Session) -> TeamAroundFamily | None:
    """The newest open work that somebody leads."""
    return session.scalar(
        select(TeamAroundFamily)
        .where(TeamAroundFamily.state == "open", TeamAroundFamily.lead_id.isnot(None))
        .order_by(TeamAroundFamily.id.desc())
        .limit(1)
    )


def family_of_reference(session: Session, reference: str) -> Family | None:
    """The family of this reference."""
    return session.scalar(select(Family).where(Family.reference == reference))


def open_without_lead(session: Session) -> list[TeamAroundFamily]:
    """Open work with nobody as Lead Professional, longest vacant first."""
    return list(
        session.scalars(
            select(TeamAroundFamily)
            .where(TeamAroundFamily.state == "open", TeamAroundFamily.lead_id.is_(None))
            .order_by(TeamAroundFamily.lead_vacant_since, TeamAroundFamily.id)
        )
    )


def led_by(session: Session, person: Person) -> list[TeamAroundFamily]:
    """The work that a practitioner leads and that goes on, sharing stopped or not."""
    query = select(TeamAroundFamily).where(
        TeamAroundFamily.lead_id == person.id, TeamAroundFamily.state != "closed"
    )
    return list(session.scalars(query.order_by(TeamAroundFamily.id)))


def every_taf(session: Session) -> list[TeamAroundFamily]:
    """All work with all families, open or closed, in the order it was begun."""
    return list(session.scalars(select(TeamAroundFamily).order_by(TeamAroundFamily.id)))
