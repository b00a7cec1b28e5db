"""How a worker says what came of a delivery, and lets its conversation go on.

A lane's fence keeps one that woke up late from recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, case, exists, select, update
from sqlalchemy.orm import Session

from storage.bulk import given_later, handed_over, is_postgresql
from storage.claiming import Claim
from storage.lanes import Lane
from storage.outbox import OPEN, Delivery


def finish(
    session: Session, claimed: Claim, state: str, not_before: datetime, **values: Any
) -> bool:
    """Record how a delivery ended and let its lane go on; False: another worker took over.

    `not_before` is when the lane may send again: the conversation's pace.
    """
    session.flush()
    connection = session.connection()
    lane = {
        "of": claimed.delivery.lane_id,
        "held": claimed.fence,
        "next_at": not_before,
        "rests_until": not_before,
    }
    if not connection.execute(_release(), lane).rowcount:
        return False
    ended = {"of": claimed.delivery.id, "state": state, **values}
    connection.execute(_ending(tuple(sorted({"state", *values}))), ended)
    return True


@dataclass(frozen=True)
class Sent:
    """A message that was taken: when, under which name, and when its conversation may go on."""

    claim: Claim
    at: datetime
    provider_ref: str | None
    not_before: datetime


def finish_sent(session: Session, sent: Sequence[Sent]) -> set[int]:
    """Record many messages that were taken, as `finish` does each; those whose lane was ours.

    A lane that has nothing left sleeps until something is queued there.
    """
    session.flush()
    connection = session.connection()
    rows = [
        {"id": one.claim.delivery.lane_id, "fence": one.claim.fence, "next_at": one.not_before}
        for one in sent
    ]
    on_postgresql = is_postgresql(session)
    if on_postgresql:
        # Held first, and only then asked whether they have anything left: whoever queues more
        # meanwhile waits for the lane, and wakes it. A file has one writer at a time.
        connection.execute(_hold(), {"lanes": [row["id"] for row in rows]})
    ended = [one.claim.delivery.id for one in sent]
    handed = handed_over(on_postgresql, rows) | {"ended": ended}
    lanes = set(connection.execute(_release_all(on_postgresql), handed).scalars())
    ours = [one for one in sent if one.claim.delivery.lane_id in lanes]
    if ours:
        told = [
            {"id": one.claim.delivery.id, "sent_at": one.at, "provider_ref": one.provider_ref}
            for one in ours
        ]
        connection.execute(_as_sent(on_postgresql), handed_over(on_postgresql, told))
    return {one.claim.delivery.id for one in ours}


@cache
def _hold() -> Select[Any]:
    lanes = Lane.id.in_(bindparam("lanes", expanding=True))
    return select(Lane.id).where(lanes).order_by(Lane.id).with_for_update()


@cache
def _release_all(on_postgresql: bool) -> Update:
    like = {"id": Lane.id, "fence": Lane.fence, "next_at": Lane.next_at}
    lane = given_later(on_postgresql, like)
    left = exists().where(
        Delivery.lane_id == Lane.id,
        Delivery.state.in_(OPEN),
        Delivery.id.not_in(bindparam("ended", expanding=True)),
    )
    return (
        update(Lane.__table__)  # type: ignore[arg-type]
        .where(Lane.id == lane["id"], Lane.fence == lane["fence"])
        .values(
            next_at=case((left.correlate(Lane), lane["next_at"])),
            rests_until=lane["next_at"],
            lease_until=None,
            owner=None,
        )
        .returning(Lane.id)
    )


@cache
def _as_sent(on_postgresql: bool) -> Update:
    like = {"id": Delivery.id, "sent_at": Delivery.sent_at, "provider_ref": Delivery.provider_ref}
    row = given_later(on_postgresql, like)
    return (
        update(Delivery.__table__)  # type: ignore[arg-type]
        .where(Delivery.id == row["id"])
        .values(state="sent", sent_at=row["sent_at"], provider_ref=row["provider_ref"])
    )


@cache
def _release() -> Update:
    return (
        update(Lane.__table__)  # type: ignore[arg-type]
        .where(Lane.id == bindparam("of"), Lane.fence == bindparam("held"))
        .values(
            next_at=bindparam("next_at"),
            rests_until=bindparam("rests_until"),
            lease_until=None,
            owner=None,
        )
    )


@cache
def _ending(names: tuple[str, ...]) -> Update:
    """The statement that writes these columns of a delivery: built once, used for all."""
    return (
        update(Delivery.__table__)  # type: ignore[arg-type]
        .where(Delivery.id == bindparam("of"))
        .values({name: bindparam(name) for name in names})
    )
