"""Taking turns: which delivery a worker may send now, and how it says what came of it.

A lane's lease keeps two workers apart, its fence keeps one that woke up late from recording.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from storage.bulk import among, given
from storage.lanes import Lane
from storage.outbox import OPEN, Delivery
from storage.people import Person
from storage.rooms import Room

LEASE = timedelta(seconds=60)
"""How long a worker may hold a lane: a sending time-out of 10 s and room to record it."""


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker may send now, while its lane's fence still stands.

    `again`: an earlier attempt, of `attempt_at`, may have been taken: look before sending.
    `died`: its worker never said what came of it, so it may have begun some time after that.
    """

    delivery: Delivery
    fence: int
    again: bool
    attempt_at: datetime
    died: bool = False


def claim(
    session: Session,
    now: datetime,
    owner: str,
    limit: int = 20,
    lease: timedelta = LEASE,
    turns: Mapping[str, int] | None = None,
    besides: Collection[int] = (),
) -> list[Claim]:
    """Take the lease of up to `limit` lanes that have something to send, and their heads.

    `turns` says how many messages may begin on each platform; one that it does not name belongs
    to the platform it names first. The lanes in `besides` are passed over.
    """
    found: list[Claim] = []
    while len(found) < limit:
        lanes = _awake(session, now, limit - len(found), turns, besides)
        if not lanes:
            break
        taken = _take(session, lanes, now, owner, lease)
        found += taken
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
    limit: int,
    turns: Mapping[str, int] | None,
    besides: Collection[int],
) -> Sequence[int]:
    """Lanes whose time has come and that nobody holds, longest due first."""
    query = (
        select(Lane.id)
        .where(Lane.next_at <= now, or_(Lane.lease_until.is_(None), Lane.lease_until <= now))
        .order_by(Lane.next_at, Lane.id)
        .with_for_update(skip_locked=True, of=Lane)
    )
    if besides:
        query = query.where(Lane.id.not_in(besides))
    if turns is None or (len(turns) == 1 and min(turns.values()) >= limit):
        return session.scalars(query.limit(limit)).all()
    place = func.coalesce(Room.platform, Person.platform)
    query = query.outerjoin(Room, Lane.room_id == Room.id).outerjoin(
        Person, Lane.person_id == Person.id
    )
    first = next(iter(turns))
    found: list[int] = []
    for name, count in turns.items():
        mine = place == name if name != first else or_(place == name, place.not_in(list(turns)))
        if count > 0:
            found += session.scalars(query.where(mine).limit(min(limit, count))).all()
    return found[:limit]


def _take(
    session: Session, lanes: Sequence[int], now: datetime, owner: str, lease: timedelta
) -> list[Claim]:
    heads = _heads(session, lanes, now)
    due = {one.lane_id: one for one in heads if one.available_at <= now or one.state == "sending"}
    _let_sleep(session, [lane for lane in lanes if lane not in due])
    if not due:
        return []
    connection = session.connection()
    held = connection.execute(
        update(Lane)
        .where(Lane.id.in_(due))
        .values(lease_until=now + lease, owner=owner, fence=Lane.fence + 1)
        .returning(Lane.id, Lane.fence)
    )
    fences = {lane: fence for lane, fence in held}  # noqa: C416  mypy knows its rows no better
    begun = Delivery.state.in_(OPEN[1:])
    connection.execute(
        update(Delivery)
        .where(Delivery.id.in_([one.id for one in due.values()]))
        .values(
            state="sending",
            attempts=Delivery.attempts + 1,
            attempt_at=case((begun, func.coalesce(Delivery.attempt_at, now)), else_=now),
        )
    )
    return [_claimed(due[lane], fences[lane], now) for lane in lanes if lane in due]


def _claimed(one: Delivery, fence: int, now: datetime) -> Claim:
    """A claim of what was just written down, with the delivery as it is now."""
    died = one.state == "sending"
    again = died or one.state == "unknown"
    began = one.attempt_at if again and one.attempt_at else now
    set_committed_value(one, "state", "sending")
    set_committed_value(one, "attempts", one.attempts + 1)
    set_committed_value(one, "attempt_at", began)
    return Claim(one, fence, again, began, died)


def _heads(session: Session, lanes: Sequence[int], now: datetime) -> Sequence[Delivery]:
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
                Delivery.available_at <= now,
                Delivery.attempts > 0,
            ),
        )
        .order_by(Delivery.id)
        .limit(1)
        .correlate(Lane)
        .scalar_subquery()
    )
    return session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(select(head).where(Lane.id.in_(lanes))))
        .options(
            joinedload(Delivery.lane).joinedload(Lane.room),
            joinedload(Delivery.lane).joinedload(Lane.person),
        )
        .execution_options(populate_existing=True)
    ).all()


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
    mine = [one.claim.delivery.lane_id for one in sent]
    # Held first, and only then asked whether it has anything left: whoever queues more meanwhile
    # waits for the lane, and wakes it.
    connection.execute(select(Lane.id).where(among(session, Lane.id, mine)).with_for_update())
    rows = [
        {"id": one.claim.delivery.lane_id, "fence": one.claim.fence, "next_at": one.not_before}
        for one in sent
    ]
    lane = given(session, {"id": Lane.id, "fence": Lane.fence, "next_at": Lane.next_at}, rows)
    left = exists().where(
        Delivery.lane_id == Lane.id,
        Delivery.state.in_(OPEN),
        Delivery.id.not_in([one.claim.delivery.id for one in sent]),
    )
    kept = connection.execute(
        update(Lane)
        .where(Lane.id == lane["id"], Lane.fence == lane["fence"])
        .values(
            next_at=case((left.correlate(Lane), lane["next_at"])),
            rests_until=lane["next_at"],
            lease_until=None,
            owner=None,
        )
        .returning(Lane.id)
    )
    lanes = set(kept.scalars())
    ours = [one for one in sent if one.claim.delivery.lane_id in lanes]
    if ours:
        _write_sent(session, ours)
    return {one.claim.delivery.id for one in ours}


def _write_sent(session: Session, sent: Sequence[Sent]) -> None:
    rows = [
        {"id": one.claim.delivery.id, "sent_at": one.at, "provider_ref": one.provider_ref}
        for one in sent
    ]
    like = {"id": Delivery.id, "sent_at": Delivery.sent_at, "provider_ref": Delivery.provider_ref}
    row = given(session, like, rows)
    session.connection().execute(
        update(Delivery)
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
