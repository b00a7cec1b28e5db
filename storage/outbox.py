"""The outbox: everything still to be said or done on a platform, in order, one lane each.

A delivery ends as sent, or with a reason a person understands: cancelled, superseded, dead.
`waiting` is a single notice held for its person's digest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    Update,
    bindparam,
    literal_column,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, foreign, mapped_column, relationship, selectinload

from storage.bulk import (
    among,
    given_later,
    handed_over,
    insert_many,
    inserting,
    is_postgresql,
)
from storage.database import Base, Instant
from storage.families import TeamAroundFamily
from storage.lanes import Lane, wake, wake_each
from storage.people import Person
from storage.subjects import Subject

OPEN: tuple[Any, ...] = tuple(
    literal_column(f"'{state}'") for state in ("ready", "sending", "unknown")
)
WAITING: Any = literal_column("'waiting'")
DEAD: Any = literal_column("'dead'")
"""Written out in each statement: only then may a database use the index of those states alone."""


class Delivery(Subject, Base):
    """One thing to send: a notice, a digest, or a room operation.

    `repeats` counts how often it was sent again because nobody had taken it, `duplicates` how
    many of those were taken after all, as a look at the platform (`checked_at`) found later.
    `attempt_at` is when the attempt began that may have been taken, while that is not certain.
    That its person and its family's work are there is for the auditor to prove; a foreign key
    would look for them at every row (docs/decisions/0012). The one to its lane, on PostgreSQL a
    trigger, is also a lock: who lets the lane go waits until what is just being queued there can be
    seen.
    """

    __tablename__ = "outbox"
    kind = "delivery"
    __table_args__ = (
        Index(
            "ix_outbox_lane_open",
            "lane_id",
            "id",
            sqlite_where=text("state IN ('ready', 'sending', 'unknown')"),
            postgresql_where=text("state IN ('ready', 'sending', 'unknown')"),
        ),
        Index(
            "ix_outbox_lane_waiting",
            "lane_id",
            "available_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_card_key",
            "lane_id",
            "card_key",
            sqlite_where=text("card_key IS NOT NULL"),
            postgresql_where=text("card_key IS NOT NULL"),
        ),
        Index(
            "ix_outbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index(
            "ix_outbox_repeated",
            "id",
            sqlite_where=text("repeats > 0"),
            postgresql_where=text("repeats > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    lane_id: Mapped[int] = mapped_column(ForeignKey("lane.id"))
    operation: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    notice: Mapped[str | None] = mapped_column(String(60), default=None)
    rule: Mapped[str | None] = mapped_column(String(80), default=None)
    slot: Mapped[str | None] = mapped_column(String(60), default=None)
    about: Mapped[str | None] = mapped_column(String(40), default=None)
    taf_id: Mapped[int | None] = mapped_column(default=None)
    person_id: Mapped[int | None] = mapped_column(default=None)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    card_key: Mapped[str | None] = mapped_column(String(60), default=None)
    items: Mapped[list[int]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(Instant)
    available_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    attempt_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    provider_ref: Mapped[str | None] = mapped_column(String(200), default=None)
    why: Mapped[str | None] = mapped_column(Text, default=None)
    repeats: Mapped[int] = mapped_column(default=0, server_default="0")
    duplicates: Mapped[int] = mapped_column(default=0, server_default="0")
    checked_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    lane: Mapped[Lane] = relationship()
    person: Mapped[Person | None] = relationship(
        primaryjoin=lambda: foreign(Delivery.person_id) == Person.id
    )
    taf: Mapped[TeamAroundFamily | None] = relationship(
        primaryjoin=lambda: foreign(Delivery.taf_id) == TeamAroundFamily.id
    )

    @property
    def reference(self) -> str:
        """How people name it where it could not be delivered: opaque, "D-17"."""
        return f"D-{self.id}"


def queue(session: Session, lane_id: int, dedup_key: str, **values: Any) -> int | None:
    """Put a delivery in the outbox, once for ever under its key; None: it was there already."""
    session.flush()
    row = {"state": "ready", "facts": {}, "items": [], "attempts": 0, **values}
    made = session.scalar(
        inserting(session, Delivery)
        .values(lane_id=lane_id, dedup_key=dedup_key, **row)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
        .returning(Delivery.id)
    )
    if made is not None and row["state"] == "ready":
        wake(session, [lane_id], row["available_at"])
    return made


def queue_many(session: Session, rows: Sequence[dict[str, Any]], **shared: Any) -> list[str]:
    """Put deliveries in the outbox, each once for ever under its key; the keys that were new.

    Every row names the same columns; `shared` are those that are the same in all.
    """
    if not rows:
        return []
    session.flush()
    usual = {"items": [], "attempts": 0, "facts": {}, **shared}
    same = {name: value for name, value in usual.items() if name not in rows[0]}
    new = set(insert_many(session, Delivery, rows, "dedup_key", same))
    if same["state"] == "ready":
        made = (row for row in rows if row["dedup_key"] in new)
        wake_each(session, ((row["lane_id"], row["available_at"]) for row in made))
    return [row["dedup_key"] for row in rows if row["dedup_key"] in new]


def waiting_for_digest(session: Session, lanes: Sequence[int], now: datetime) -> list[Delivery]:
    """The single notices that the digests of some lanes will gather, oldest first."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.lane_id.in_(lanes),
                Delivery.state == WAITING,
                Delivery.available_at <= now,
            )
            .order_by(Delivery.id)
        )
    )


def waiting(session: Session, lanes: Collection[int]) -> list[tuple[int, datetime]]:
    """The lanes of these where notices wait, and when the digest is to come that says them."""
    where = (among(session, Delivery.lane_id, lanes), Delivery.state == WAITING)
    query = select(Delivery.lane_id, Delivery.available_at).where(*where).distinct()
    return [(lane, at) for lane, at in session.execute(query)]


def unsaid(session: Session, taf_id: int, people: Collection[int]) -> list[Any]:
    """What is still to be said to some people alone about one family's work, oldest first.

    Each as a row: `to` is the person, the rest is named as in the outbox.
    """
    lanes = select(Lane.id).where(Lane.person_id.in_(people)).scalar_subquery()
    asked = (Delivery.notice, Delivery.rule, Delivery.slot, Delivery.about, Delivery.facts)
    is_ready = Delivery.state == OPEN[0]
    row = (Delivery.id, Lane.person_id.label("to"), Delivery.dedup_key, Delivery.state, *asked)
    both = [
        select(*row, Delivery.expires_at)
        .join(Lane, Lane.id == Delivery.lane_id)
        .where(Delivery.lane_id.in_(lanes), Delivery.taf_id == taf_id, *state)
        for state in ([Delivery.state == WAITING], [Delivery.state.in_(OPEN), is_ready])
    ]
    return sorted(session.execute(union_all(*both)).all(), key=lambda one: one.id)


def settle(session: Session, ids: Sequence[int], state: str, why: str, at: datetime) -> None:
    """Give some deliveries their recorded end."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(state=state, why=why, sent_at=at if state == "superseded" else None)
        .execution_options(synchronize_session="fetch")
    )


def settle_said(session: Session, items: Mapping[int, Sequence[int]], at: datetime) -> None:
    """Give the single notices that some digests said their recorded end; of none there are none."""
    rows = [
        {"id": one, "why": f"Said in digest {digest}."}
        for digest, numbers in items.items()
        for one in numbers
    ]
    if rows:
        on_postgresql = is_postgresql(session)
        values = handed_over(on_postgresql, rows) | {"at": at}
        session.connection().execute(_said(on_postgresql), values)


@cache
def _said(on_postgresql: bool) -> Update:
    row = given_later(on_postgresql, {"id": Delivery.id, "why": Delivery.why})
    return (
        update(Delivery.__table__)  # type: ignore[arg-type]
        .where(Delivery.id == row["id"])
        .values(state="superseded", why=row["why"], sent_at=bindparam("at", type_=Instant))
    )


def last_posted(session: Session, lane_id: int, card_key: str) -> Delivery | None:
    """The message that already shows a card, to be edited in place."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.lane_id == lane_id,
            Delivery.card_key == card_key,
            Delivery.state == "sent",
            Delivery.provider_ref.isnot(None),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )


def forget_shown(session: Session, lane_id: int, card_key: str, provider_ref: str) -> None:
    """The message that showed a card is gone from its platform: what comes next is a new one."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.lane_id == lane_id,
            Delivery.card_key == card_key,
            Delivery.provider_ref == provider_ref,
        )
        .values(provider_ref=None)
        .execution_options(synchronize_session="fetch")
    )


def shown(session: Session, number: int, provider_ref: str) -> Delivery | None:
    """A message that stands on its platform under this name, kept as it is meanwhile.

    None for another's, and for a card that is edited whenever its subject moves on.
    """
    found = session.get(Delivery, number, with_for_update=True)
    if found is None or (found.state, found.provider_ref) != ("sent", provider_ref):
        return None
    return found if found.card and found.card_key is None else None


def states_of(session: Session, dedup_keys: Collection[str]) -> dict[str, str]:
    """How the deliveries of these keys stand; of some there may be none."""
    query = select(Delivery.dedup_key, Delivery.state).where(
        among(session, Delivery.dedup_key, dedup_keys)
    )
    return dict(session.execute(query).all())


def put_off(session: Session, lane_id: int, now: datetime, at: datetime) -> None:
    """Hold what waits for a person's digest until a later one."""
    session.execute(
        update(Delivery)
        .where(Delivery.lane_id == lane_id, Delivery.state == WAITING, Delivery.available_at <= now)
        .values(available_at=at)
        .execution_options(synchronize_session="fetch")
    )


def sent_between(
    session: Session, after: datetime, until: datetime, limit: int = 200
) -> list[Delivery]:
    """The messages that went out after one moment and up to another, oldest first."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.state == "sent",
                Delivery.operation.in_(("post", "digest")),
                Delivery.sent_at > after,
                Delivery.sent_at <= until,
            )
            .options(
                selectinload(Delivery.lane).selectinload(Lane.person),
                selectinload(Delivery.lane).selectinload(Lane.room),
            )
            .order_by(Delivery.sent_at, Delivery.id)
            .limit(limit)
        )
    )


def gathered(session: Session, digest_id: int) -> list[Delivery]:
    """The single notices that a digest said, in its order."""
    digest = session.get_one(Delivery, digest_id)
    return [session.get_one(Delivery, number) for number in digest.items]


def dead(session: Session) -> list[Delivery]:
    """Everything that could not be delivered, oldest first."""
    return list(
        session.scalars(select(Delivery).where(Delivery.state == DEAD).order_by(Delivery.id))
    )
