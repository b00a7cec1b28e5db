"""The inbox: every press under its platform's own key, so that it happens once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, Instant


class Received(Base):
    """A press that was acted on, and the answer that was given."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("platform", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    command: Mapped[str] = mapped_column(String(60))
    about: Mapped[str | None] = mapped_column(String(40))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(Instant)


def already(session: Session, platform: str, key: str) -> Received | None:
    """The same press, if it was acted on before."""
    return session.scalar(
        select(Received).where(Received.platform == platform, Received.key == key)
    )
