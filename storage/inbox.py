"""The inbox: every press under its platform's own key, so that it happens once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, Instant


class Received(Base):
    """One thing that came in, kept before it is acknowledged, and what came of it.

    `state` is received until it has been worked on, then done, or dead with a reason (`why`).
    `body` is what arrived, and is emptied once it is done: the record has it then.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "key"),
        Index(
            "ix_inbox_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40), default="press", server_default="press")
    state: Mapped[str] = mapped_column(String(12), default="done", server_default="done")
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    next_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    why: Mapped[str | None] = mapped_column(Text, default=None)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    command: Mapped[str | None] = mapped_column(String(60), default=None)
    about: Mapped[str | None] = mapped_column(String(40), default=None)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    received_at: Mapped[datetime] = mapped_column(Instant)


def already(session: Session, platform: str, key: str) -> Received | None:
    """The same press, if it was acted on before."""
    return session.scalar(
        select(Received).where(Received.platform == platform, Received.key == key)
    )
