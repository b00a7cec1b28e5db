"""Taking turns: which delivery a worker may send now.

A lane's lease keeps two workers apart. The statements are built once: a worker claims all day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from storage.database import Instant
from storage.lanes import Lane
from storage.outbox import OPEN, Delivery
from storage.people import Person
from storage.rooms import Room

PASSING: tuple[Any, ...] = tuple(
    literal_column(f"'{operation}'") for operation in ("remove", "put_out", "close")
)
"""What need not wait behind a message that waits: who is to be out is taken out, a room closed."""

LEASE = timedelta(seconds=60)
"""How long a worker may hold a lane: a sending time-out of 10 s and room to record it."""


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker may send now, while its lane's fence still stands.

    `again`: an earlier attempt, of `attempt_at`, may have been taken: look before sending.
    `died`: its worker never said what came of it, so it may have begun some time after that.
    `begins`: where it was taken ahead of its time, that time; nothing of it is sent before.
    """

    delivery: Delivery
    fence: int
    again: bool
    attempt_at: datetime
    died: bool = False
    begins: datetime | None = None


def claim(
    session: Session,
    now: datetime,
    owner: str,
    limit: int = 20,
    lease: timedelta = LEASE,
    turns: Mapping[str, int] | None = None,
    besides: Collection[int] = (),
    ahead: timedelta = timedelta(0),
) -> list[Claim]:
    """Take the lease of up to `limit` lanes that have something to send, and their heads.

    Some may only begin a little later, by up to `ahead`: time enough to get them ready.

    `turns` says how many messages may begin on each platform; one that it does not name belongs
    to the platform it names first. The lanes in `besides` are passed over.
    """
    found: list[Claim] = []
    while len(found) < limit:
        wanted = limit - len(found)
        lanes = _awake(session, now, ahead, wanted, turns, besides)
        taken = _take(session, lanes, now, ahead, owner, lease) if lanes else []
        found += taken
        if len(lanes) < wanted:
            break  # nobody else is awake
        if turns:
            turns = _used(turns, taken)
    return found


def platform_of(lane: Lane) -> str:
    """The platform that a lane's messages go to."""
    return (lane.room or lane.person).platform if lane.room or lane.person else ""  # type: ignore[union-attr]


def _used(turns: Mapping[str, int], taken: Sequence[Claim]) -> dict[str, int]:
    left = dict(turns)
    for one in taken:
        name = platform_of(one.delivery.lane)
        left[name if name in left else next(iter(left))] -= 1
    return left


def _awake(
    session: Session,
    now: datetime,
    ahead: timedelta,
    limit: int,
    turns: Mapping[str, int] | None,
    besides: Collection[int],
) -> Sequence[int]:
    """Lanes whose time has come and that nobody holds, longest due first."""
    given = {"now": now, "due": now + ahead, "besides": list(besides)}
    if turns is None or (len(turns) == 1 and min(turns.values()) >= limit):
        return session.connection().execute(_waking(""), given | {"most": limit}).scalars().all()
    first = next(iter(turns))
    found: list[tuple[datetime, int]] = []
    for name, count in turns.items():
        if count > 0:
            mine = {"name": name, "most": min(limit, count)}
            rest = {"named": list(turns)} if name == first else {}
            query = _waking("first" if name == first else "named")
            rows = session.connection().execute(query, given | mine | rest).all()
            found += [(at, lane) for lane, at in rows]
    return [lane for _, lane in sorted(found)[:limit]]


@cache
def _waking(whose: str) -> Select[Any]:
    """Asks for the awake lanes of one platform; of the first, with those that are nobody's."""
    what: tuple[Any, ...] = (Lane.id, Lane.next_at)
    query: Select[Any] = (
        select(*what)
        .where(
            Lane.next_at <= bindparam("due", type_=Instant),
            or_(Lane.lease_until.is_(None), Lane.lease_until <= bindparam("now", type_=Instant)),
            Lane.id.not_in(bindparam("besides", expanding=True)),
        )
        .order_by(Lane.next_at, Lane.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=Lane)
    )
    if not whose:
        return query
    place = func.coalesce(Room.platform, Person.platform)
    mine = place == bindparam("name")
    if whose == "first":
        mine = or_(mine, place.not_in(bindparam("named", expanding=True)))
    return (
        query.outerjoin(Room, Lane.room_id == Room.id)
        .outerjoin(Person, Lane.person_id == Person.id)
        .where(mine)
    )


def _take(
    session: Session,
    lanes: Sequence[int],
    now: datetime,
    ahead: timedelta,
    owner: str,
    lease: timedelta,
) -> list[Claim]:
    by = now + ahead
    heads: Sequence[Delivery] = session.scalars(_heads(), {"lanes": lanes, "now": by}).all()
    due = {one.lane_id: one for one in heads if one.available_at <= by or one.state == "sending"}
    waiting = [one.lane_id for one in heads if one.lane_id not in due and one.state == "ready"]
    if waiting:  # hardly ever: a lane behind such a message sleeps, unless that lets others pass
        passing = session.scalars(_passing(), {"lanes": waiting, "now": by}).all()
        due |= {one.lane_id: one for one in passing}
    _let_sleep(session, [lane for lane in lanes if lane not in due])
    if not due:
        return []
    connection = session.connection()
    taken = {"lanes": list(due), "lease_until": now + lease, "owner": owner}
    fences = {lane: fence for lane, fence in connection.execute(_lease(), taken)}  # noqa: C416
    begun = {"heads": [one.id for one in due.values()], "now": now}
    connection.execute(_beginning(), begun)
    return [_claimed(due[lane], fences[lane], now, by) for lane in lanes if lane in due]


@cache
def _lease() -> Any:
    return (
        update(Lane.__table__)  # type: ignore[arg-type]
        .where(Lane.id.in_(bindparam("lanes", expanding=True)))
        .values(
            lease_until=bindparam("lease_until"), owner=bindparam("owner"), fence=Lane.fence + 1
        )
        .returning(Lane.id, Lane.fence)
    )


@cache
def _beginning() -> Any:
    now = bindparam("now", type_=Instant)
    begun = Delivery.state.in_(OPEN[1:])
    return (
        update(Delivery.__table__)  # type: ignore[arg-type]
        .where(Delivery.id.in_(bindparam("heads", expanding=True)))
        .values(
            state="sending",
            attempts=Delivery.attempts + 1,
            attempt_at=case((begun, func.coalesce(Delivery.attempt_at, now)), else_=now),
        )
    )


def _claimed(one: Delivery, fence: int, now: datetime, by: datetime) -> Claim:
    """A claim of what was just written down, with the delivery as it is now."""
    died = one.state == "sending"
    again = died or (one.state == "unknown" and one.attempt_at is not None)
    began = one.attempt_at if again and one.attempt_at else now
    begins = by if again else min(by, max(one.available_at, one.lane.next_at or now))
    set_committed_value(one, "state", "sending")
    set_committed_value(one, "attempts", one.attempts + 1)
    set_committed_value(one, "attempt_at", began)
    return Claim(one, fence, again, began, died, begins)


@cache
def _heads() -> Any:
    """What each lane is at: the oldest thing begun or due. One tried again holds its place.

    What was never tried and is not due yet, a digest to come, lets the others pass.
    """
    head = (
        select(Delivery.id)
        .where(
            Delivery.lane_id == Lane.id,
            Delivery.state.in_(OPEN),
            or_(
                Delivery.state.in_(OPEN[1:]),
                Delivery.available_at <= bindparam("now", type_=Instant),
                Delivery.attempts > 0,
            ),
        )
        .order_by(Delivery.id)
        .limit(1)
        .correlate(Lane)
        .scalar_subquery()
    )
    return _each(head)


@cache
def _passing() -> Any:
    """What may pass a message that each lane waits with: the oldest such thing that is due."""
    first = (
        select(Delivery.id)
        .where(
            Delivery.lane_id == Lane.id,
            Delivery.state.in_(OPEN),
            Delivery.operation.in_(PASSING),
            or_(
                Delivery.state == OPEN[1],
                Delivery.available_at <= bindparam("now", type_=Instant),
            ),
        )
        .order_by(Delivery.id)
        .limit(1)
        .correlate(Lane)
        .scalar_subquery()
    )
    return _each(first)


def _each(one: Any) -> Any:
    """Asks for one delivery of each lane, with where it leads."""
    lanes = Lane.id.in_(bindparam("lanes", expanding=True))
    return (
        select(Delivery)
        .where(Delivery.id.in_(select(one).where(lanes)))
        .options(
            joinedload(Delivery.lane).joinedload(Lane.room),
            joinedload(Delivery.lane).joinedload(Lane.person),
        )
        .execution_options(populate_existing=True)
    )


def _let_sleep(session: Session, lanes: Sequence[int]) -> None:
    """Wake these when their next delivery is due: its head's time, or a later one's."""
    if not lanes:
        return
    following = (
        select(func.min(Delivery.available_at))
        .where(Delivery.lane_id == Lane.id, Delivery.state.in_(OPEN))
        .correlate(Lane)
        .scalar_subquery()
    )
    held = (
        select(Delivery.available_at)
        .where(
            Delivery.lane_id == Lane.id,
            Delivery.state.in_(OPEN),
            or_(Delivery.state.in_(OPEN[1:]), Delivery.attempts > 0),
        )
        .order_by(Delivery.id)
        .limit(1)
        .correlate(Lane)
        .scalar_subquery()
    )
    session.execute(
        update(Lane)
        .where(Lane.id.in_(lanes))
        .values(next_at=func.coalesce(held, following))
        .execution_options(synchronize_session=False)
    )


def reclaim(session: Session, claimed: Claim, now: datetime) -> Claim | None:
    """The same delivery in another transaction, to be sent again: a new attempt, begun now.

    None: its lane is another worker's by now.
    """
    delivery = session.get_one(Delivery, claimed.delivery.id)
    lane = session.get_one(Lane, delivery.lane_id, with_for_update=True)
    if lane.fence != claimed.fence:
        return None
    delivery.attempt_at = now
    delivery.repeats += 1
    return Claim(delivery, claimed.fence, again=False, attempt_at=now)


def free_everything(session: Session) -> int:
    """Let go of every lease: for the one process of a file, whose predecessors are all dead."""
    freed = session.execute(
        update(Lane)
        .where(Lane.lease_until.isnot(None))
        .values(lease_until=None, owner=None)
        .execution_options(synchronize_session=False)
    )
    return int(freed.rowcount)  # type: ignore[attr-defined]
