"""Requests for help with a stuck family: asked, and tracked until answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.families import TeamAroundFamily
from storage.people import Person
from storage.subjects import Watched


class HelpRequest(Watched, Base):
    """ "We are stuck": who asked, why, and what the supervisor answered."""

    __tablename__ = "help_request"
    kind = "help"

    taf_id: Mapped[int] = mapped_column(ForeignKey("taf.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="asked")
    trigger: Mapped[str] = mapped_column(String(40), default="asked_by_the_team")
    words: Mapped[str] = mapped_column(Text)
    tried: Mapped[str | None] = mapped_column(Text, default=None)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(Instant, default=None)

    taf: Mapped[TeamAroundFamily] = relationship(back_populates="help_requests")
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def reference(self) -> str:
        """How supervisors name the request: opaque, "H-7"."""
        return f"H-{self.id}"


def waiting(session: Session) -> list[HelpRequest]:
    """Requests that no supervisor has answered, longest waiting first."""
    return list(
        session.scalars(
            select(HelpRequest).where(HelpRequest.state == "asked").order_by(HelpRequest.asked_at)
        )
    )
