"""What the auditor asks: which lanes sleep though they have work, and what waits for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.families import TeamAroundFamily
from storage.lanes import Lane
from storage.outbox import OPEN, WAITING, Delivery
from storage.people import Person
from storage.settings import Setting

TOO_FAR = timedelta(hours=1)
"""No pace, pause or Retry-After of ours is longer: a lane with work that is due sleeps by fault."""


def take_turn(session: Session, name: str, now: datetime, every: timedelta) -> bool:
    """Whether it is this process's turn at something that one process does every so often."""
    if session.get(Setting, name) is None:
        session.add(Setting(name=name, value=None))
        session.flush()
    last = session.get_one(Setting, name, with_for_update=True, populate_existing=True)
    if last.value is not None and now - datetime.fromisoformat(last.value) < every:
        return False
    last.value = now.isoformat()
    return True


def asleep(session: Session, now: datetime) -> list[int]:
    """Lanes that nobody holds, with something due to be sent, and no time to look at it."""
    due = exists().where(
        Delivery.lane_id == Lane.id, Delivery.state.in_(OPEN), Delivery.available_at <= now
    )
    somewhere = exists().where(Delivery.lane_id == Lane.id, Delivery.state.in_(OPEN))
    query = select(Lane.id).where(
        or_(Lane.lease_until.is_(None), Lane.lease_until <= now),
        or_(
            and_(Lane.next_at.is_(None), somewhere),
            and_(Lane.next_at > now + TOO_FAR, due),
        ),
    )
    return list(session.scalars(query))


def rouse(session: Session, lanes: Sequence[int], now: datetime) -> None:
    """Let these be looked at now: what is not due yet puts them to sleep again."""
    session.execute(update(Lane).where(Lane.id.in_(lanes)).values(next_at=now))


def waiting_for_nothing(session: Session) -> list[int]:
    """The people for whom a notice waits, and no digest is coming that would say it."""
    digest = aliased(Delivery)
    coming = exists().where(
        digest.lane_id == Lane.id,
        digest.operation == "digest",
        digest.state.in_(OPEN),
    )
    query = (
        select(Lane.person_id)
        .join(Delivery, Delivery.lane_id == Lane.id)
        .where(Delivery.state == WAITING, Lane.person_id.isnot(None), ~coming)
        .distinct()
    )
    return [one for one in session.scalars(query) if one is not None]


def last_delivery(session: Session) -> int:
    """The number of the newest delivery."""
    return session.scalar(select(func.max(Delivery.id))) or 0


def hanging_on_nothing(session: Session, first: int, last: int) -> list[int]:
    """Of the deliveries with these numbers, those that hang on something that is not there.

    That is a conversation, a practitioner or the work with a family.
    """
    on: dict[Any, Any] = {
        Delivery.lane_id: Lane,
        Delivery.person_id: Person,
        Delivery.taf_id: TeamAroundFamily,
    }
    lost = (key.isnot(None) & ~exists().where(model.id == key) for key, model in on.items())
    query = select(Delivery.id).where(Delivery.id.between(first, last), or_(*lost))
    return list(session.scalars(query.order_by(Delivery.id)))


def open_work(session: Session, after: int, limit: int) -> list[int]:
    """The numbers of open work with families, some at a time."""
    query = select(TeamAroundFamily.id).where(
        TeamAroundFamily.state == "open", TeamAroundFamily.id > after
    )
    return list(session.scalars(query.order_by(TeamAroundFamily.id).limit(limit)))


def sent_again(session: Session, before: datetime, after: int, limit: int) -> list[Delivery]:
    """Messages that were sent a second time and whose first may have arrived after all.

    Those whose number comes `after` one, in the order of their numbers.
    """
    query = select(Delivery).where(
        Delivery.id > after,
        Delivery.repeats > literal_column("0"),
        Delivery.state == "sent",
        Delivery.checked_at.is_(None),
        Delivery.sent_at <= before,
    )
    return list(session.scalars(query.order_by(Delivery.id).limit(limit)))


def checked(session: Session, number: int, duplicates: int, at: datetime) -> None:
    """Write down how many of a message's attempts were taken beyond the one."""
    session.execute(
        update(Delivery).where(Delivery.id == number).values(duplicates=duplicates, checked_at=at)
    )
