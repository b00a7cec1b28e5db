"""The inbox: every press under its platform's own key, so that it happens once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import inserting
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
        Index(
            "ix_inbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
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


def receive(
    session: Session,
    platform: str,
    key: str,
    kind: str,
    body: dict[str, Any],
    at: datetime,
    next_at: datetime,
) -> bool:
    """Keep something that came in, once for ever under its platform's key; False: it is a repeat.

    Whoever took it in works on it at once; where it died, anybody does from `next_at` on.
    """
    made = session.scalar(
        inserting(session, Received)
        .values(
            platform=platform,
            key=key,
            kind=kind,
            state="received",
            body=body,
            attempts=0,
            received_at=at,
            next_at=next_at,
        )
        .on_conflict_do_nothing(index_elements=["platform", "key"])
        .returning(Received.id)
    )
    return made is not None


def find(session: Session, platform: str, key: str, *, to_work_on: bool = False) -> Received | None:
    """What came in under this key, if it did; `to_work_on` keeps others off it meanwhile."""
    query = select(Received).where(Received.platform == platform, Received.key == key)
    return session.scalar(query.with_for_update() if to_work_on else query)


def pick(session: Session, now: datetime, again_at: datetime, limit: int) -> list[Received]:
    """What came in and nobody worked on, oldest first; not offered again before `again_at`."""
    found = session.scalars(
        select(Received)
        .where(Received.next_at <= now)
        .order_by(Received.next_at, Received.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for one in found:
        one.next_at, one.attempts = again_at, one.attempts + 1
    return list(found)


def settle(received: Received, state: str, answer: dict[str, Any]) -> None:
    """Write down what came of something; what it said is not needed any more."""
    received.state, received.answer, received.body, received.next_at = state, answer, None, None


def dead(session: Session, limit: int) -> list[Received]:
    """What came in and could not be worked on, newest first."""
    # Spelt as the partial index spells it: as a parameter, neither database could tell.
    query = select(Received).where(text("state = 'dead'")).order_by(Received.id.desc())
    return list(session.scalars(query.limit(limit)))
