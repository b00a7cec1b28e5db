"""The audit: who did, changed or looked at what, and when; rows are only ever added (R15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base, Instant
from storage.people import Person


class AuditEntry(Base):
    """One line of the audit. `entry` is command, state or read."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_taf_id_id", "taf_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    entry: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    command: Mapped[str | None] = mapped_column(String(60), default=None)
    about: Mapped[str | None] = mapped_column(String(40), default=None)
    taf_id: Mapped[int | None] = mapped_column(ForeignKey("taf.id"), default=None)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    person: Mapped[Person | None] = relationship()


_ADDED = insert(AuditEntry.__table__)  # type: ignore[arg-type]
NOTHING_SAID: dict[str, Any] = {
    "person_id": None,
    "command": None,
    "about": None,
    "taf_id": None,
    "facts": {},
}


def record(session: Session, at: datetime, entry: str, **values: Any) -> None:
    """Add a line to the audit, after all that was done before."""
    session.flush()
    session.connection().execute(_ADDED, {**NOTHING_SAID, **values, "at": at, "entry": entry})


def history(
    session: Session, taf_id: int, *, before: int | None = None, limit: int = 30
) -> list[AuditEntry]:
    """What was done in the work with a family, newest first."""
    query = select(AuditEntry).where(AuditEntry.taf_id == taf_id, AuditEntry.entry == "command")
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def moves(session: Session, *, after: int = 0) -> list[AuditEntry]:
    """Every move of state since a line of the audit, oldest first."""
    query = select(AuditEntry).where(AuditEntry.entry == "state", AuditEntry.id > after)
    return list(session.scalars(query.order_by(AuditEntry.id)))
