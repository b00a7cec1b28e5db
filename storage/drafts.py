"""Half-filled forms: kept while somebody fills one in, offered again, gone once it is given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import inserting
from storage.database import Base, Instant

KEPT_FOR = timedelta(days=7)
"""How long a form that was never given is kept: until the next week's visit (ours)."""


class Draft(Base):
    """What somebody has filled in of a form so far, and what it began with when it was opened.

    It is kept from the moment the form is opened; until something is filled in, `answers` is empty.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "command", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    command: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(40), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    begins: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    kept_at: Mapped[datetime] = mapped_column(Instant, index=True)


def keep(
    session: Session,
    person_id: int,
    command: str,
    about: str,
    answers: dict[str, Any],
    now: datetime,
    **opened: Any,
) -> None:
    """Keep what is filled in, in place of what was kept before; what is too old goes.

    `begins`: the form is just opened, and begins with this.
    """
    session.execute(delete(Draft).where(Draft.kept_at < now - KEPT_FOR))
    values = {"answers": answers, "kept_at": now} | opened
    session.execute(
        inserting(session, Draft)
        .values(person_id=person_id, command=command, about=about, **values)
        .on_conflict_do_update(index_elements=["person_id", "command", "about"], set_=values)
    )


def find(session: Session, person_id: int, command: str, about: str, now: datetime) -> Draft | None:
    """What this person has filled in of this form, if it is not too old."""
    return session.scalar(
        select(Draft).where(
            Draft.person_id == person_id,
            Draft.command == command,
            Draft.about == about,
            Draft.kept_at >= now - KEPT_FOR,
        )
    )


def drop(session: Session, person_id: int, command: str, about: str) -> None:
    """The form was given: what was kept of it is not needed any more."""
    session.execute(
        delete(Draft).where(
            Draft.person_id == person_id, Draft.command == command, Draft.about == about
        )
    )
