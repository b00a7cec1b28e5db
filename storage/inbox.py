"""The inbox: every press under its platform's own key, so that it happens once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    column,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import given_later, handed_over, is_postgresql
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


@dataclass(frozen=True)
class Arrival:
    """Something that came in from a platform, by the platform's own key for it."""

    platform: str
    key: str
    kind: str
    body: Mapping[str, Any]

    @property
    def name(self) -> tuple[str, str]:
        """What tells it apart from everything else that ever came in."""
        return self.platform, self.key


def receive(
    session: Session, arrivals: Sequence[Arrival], at: datetime, next_at: datetime
) -> set[tuple[str, str]]:
    """Keep what came in, each once for ever under its platform's key; the names of what was new.

    Whoever took it in works on it at once; where it died, anybody does from `next_at` on.
    """
    # In one order everywhere, so that two processes never wait for each other's rows.
    rows = [
        {"platform": one.platform, "key": one.key, "kind": one.kind, "body": json.dumps(one.body)}
        for one in sorted(arrivals, key=lambda one: one.name)
    ]
    handed = handed_over(is_postgresql(session), rows) | {"at": at, "next_at": next_at}
    made = session.connection().execute(_receive(is_postgresql(session)), handed)
    return {(platform, key) for platform, key in made}


@cache
def _receive(on_postgresql: bool) -> Any:
    """The statement that keeps any number of arrivals: built once, used for all."""
    like = {name: column(name, Text) for name in ("platform", "key", "kind", "body")}
    row = given_later(on_postgresql, like)
    values = row | {
        "body": cast(row["body"], JSON) if on_postgresql else row["body"],
        "state": literal("received", String),
        "attempts": literal(0, Integer),
        "received_at": bindparam("at", type_=Instant),
        "next_at": bindparam("next_at", type_=Instant),
    }
    insert = (postgresql if on_postgresql else sqlite).insert(Received)
    keep = insert.from_select(list(values), select(*values.values()).where(true()))
    return keep.on_conflict_do_nothing(index_elements=["platform", "key"]).returning(
        Received.platform, Received.key
    )


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


def put_off(session: Session, platform: str, key: str, until: datetime) -> None:
    """Let something be picked up later; that it was tried now does not count."""
    found = find(session, platform, key, to_work_on=True)
    if found is not None and found.state == "received":
        found.next_at, found.attempts = until, max(found.attempts - 1, 0)


def settle(received: Received, state: str, answer: dict[str, Any]) -> None:
    """Write down what came of something; what it said is not needed any more."""
    received.state, received.answer, received.body, received.next_at = state, answer, None, None


def dead(session: Session, limit: int) -> list[Received]:
    """What came in and could not be worked on, newest first."""
    # Spelt as the partial index spells it: as a parameter, neither database could tell.
    query = select(Received).where(text("state = 'dead'")).order_by(Received.id.desc())
    return list(session.scalars(query.limit(limit)))
