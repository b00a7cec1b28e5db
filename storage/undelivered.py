"""What could not be delivered: listed for whoever minds it, brought back, or laid to rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, text, update
from sqlalchemy.orm import Session, joinedload

from storage.families import TeamAroundFamily
from storage.lanes import Lane, wake
from storage.outbox import OPEN, Delivery
from storage.people import Person

_DEAD = text("outbox.state = 'dead'")
"""Spelt as the partial index spells it: as a parameter, neither database could tell."""

_STOOD_ALONE = Delivery.attempts > 0
"""What was never begun by itself died with the digest that held it, and is listed as that."""


def _those(person: Person | None) -> Select[Any]:
    """The dead that one Lead Professional minds; None: all."""
    query = select(Delivery).where(_DEAD, _STOOD_ALONE)
    if person is None:
        return query
    return query.join(TeamAroundFamily, Delivery.taf_id == TeamAroundFamily.id).where(
        TeamAroundFamily.lead_id == person.id
    )


def listed(
    session: Session, person: Person | None, *, before: int | None, limit: int
) -> list[Delivery]:
    """What could not be delivered of the families that somebody leads, newest first; None: all."""
    query = _those(person).options(
        joinedload(Delivery.lane).joinedload(Lane.room),
        joinedload(Delivery.lane).joinedload(Lane.person),
        joinedload(Delivery.person),
        joinedload(Delivery.taf).joinedload(TeamAroundFamily.family),
    )
    if before is not None:
        query = query.where(Delivery.id < before)
    return list(session.scalars(query.order_by(Delivery.id.desc()).limit(limit)))


def count(session: Session, person: Person | None) -> int:
    """How many things could not be delivered of the families that somebody leads; None: all."""
    query = _those(person).with_only_columns(func.count())
    return session.scalar(query) or 0


def leads_anywhere(session: Session, person: Person) -> bool:
    """Whether somebody is the Lead Professional of any family, open or closed."""
    query = select(TeamAroundFamily.id).where(TeamAroundFamily.lead_id == person.id)
    return session.scalar(query.limit(1)) is not None


def notices_in(session: Session, numbers: Sequence[int]) -> set[str]:
    """Which notices a digest held."""
    query = select(Delivery.notice).where(Delivery.id.in_(numbers))
    return {one for one in session.scalars(query) if one is not None}


def bring_back(session: Session, numbers: Sequence[int]) -> None:
    """Let what died with its digest wait for one again."""
    _items(session, numbers, {"state": "waiting", "why": None})


def set_aside(session: Session, numbers: Sequence[int], why: str) -> None:
    """Let what died with its digest rest, for the same reason as that."""
    _items(session, numbers, {"state": "cancelled", "why": why})


def _items(session: Session, numbers: Sequence[int], values: dict[str, Any]) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(numbers), Delivery.state == "dead")
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


def dead_after(session: Session, delivery: Delivery) -> list[Delivery]:
    """What died in the same conversation after this, in its order."""
    query = select(Delivery).where(
        Delivery.lane_id == delivery.lane_id, _DEAD, Delivery.id > delivery.id
    )
    return list(session.scalars(query.order_by(Delivery.id)))


def opening_is_dead(session: Session, lane_id: int) -> bool:
    """Whether a room's opening is what could not be done."""
    query = select(Delivery.id).where(
        Delivery.lane_id == lane_id, _DEAD, Delivery.operation == "open"
    )
    return session.scalar(query.limit(1)) is not None


def opening(session: Session, room_id: int) -> Delivery | None:
    """The last asking for a room to be opened."""
    query = select(Delivery).join(Lane, Delivery.lane_id == Lane.id)
    query = query.where(Lane.room_id == room_id, Delivery.operation == "open")
    return session.scalars(query.order_by(Delivery.id.desc()).limit(1)).first()


MOVES = ("admit", "remove", "put_out")
"""What changes who is in a room."""


def moves(session: Session, room_id: int) -> list[Delivery]:
    """Who is to be let into a room or taken out of it and is not yet; those on their way first."""
    lane = select(Lane.id).where(Lane.room_id == room_id).scalar_subquery()
    theirs = select(Delivery).where(Delivery.lane_id == lane, Delivery.operation.in_(MOVES))
    theirs = theirs.options(joinedload(Delivery.person)).order_by(Delivery.id.desc())
    # One question each: so both are answered by the index of their states alone.
    on_their_way = session.scalars(theirs.where(Delivery.state.in_(OPEN))).all()
    return [*on_their_way, *session.scalars(theirs.where(_DEAD))]


def has_newer(session: Session, delivery: Delivery) -> bool:
    """Whether the same card was shown, or is about to be, with what was true later."""
    if delivery.card_key is None:
        return False
    query = select(Delivery.id).where(_newer(delivery)).limit(1)
    return session.scalar(query) is not None


def _newer(delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        Delivery.lane_id == delivery.lane_id,
        Delivery.card_key == delivery.card_key,
        Delivery.id > delivery.id,
        Delivery.state.in_(("sent", *OPEN)),
    )


def closed_by_hand(session: Session, room_id: int) -> bool:
    """Lay to rest that a room could not be closed, once a person has; whether there was that."""
    lane = select(Lane.id).where(Lane.room_id == room_id).scalar_subquery()
    settled = session.execute(
        update(Delivery)
        .where(_DEAD, Delivery.lane_id == lane, Delivery.operation == "close")
        .values(state="cancelled", why="Done by hand.")
        .execution_options(synchronize_session=False)
    )
    return bool(settled.rowcount)  # type: ignore[attr-defined]


def hurry(session: Session, lane_id: int, now: datetime) -> None:
    """Try what waits to be tried again in a conversation now: its cause may be gone."""
    held = and_(Delivery.lane_id == lane_id, Delivery.state == "ready", Delivery.attempts > 0)
    session.execute(
        update(Delivery)
        .where(held, Delivery.available_at > now)
        .values(available_at=now)
        .execution_options(synchronize_session=False)
    )
    wake(session, [lane_id], now)
