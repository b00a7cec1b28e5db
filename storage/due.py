"""The sweep's own statements: what has come of the steps of subjects whose time has come.

The database reads the steps and writes the notices itself. What subjects say alike, to one person
on one day by one rule, comes from it once, with their numbers, and goes back once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    JSON,
    CompoundSelect,
    Insert,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from storage.bulk import elements, given_later, handed_over, inserting_on, is_postgresql
from storage.database import Instant
from storage.outbox import Delivery
from storage.steps import STAMP, Upcoming, read, stamp
from storage.subjects import KINDS


class Come(NamedTuple):
    """A step that has come for some subjects alike; `place` is where it stands among their own."""

    step: Upcoming
    place: int
    numbers: list[int]


@dataclass
class Found:
    """Subjects that are due: what has come, when each is due next, and for whom nothing is written.

    Moments are as they are written down.
    """

    come: list[Come] = field(default_factory=list)
    next_look: dict[str | None, list[int]] = field(default_factory=dict)
    unwritten: list[int] = field(default_factory=list)


def find(
    session: Session, kind: str, now: datetime, limit: int, number: int | None = None
) -> Found:
    """Read the steps of the subjects whose time has come, longest due first.

    They are this transaction's until it ends; another sweep passes them over.
    """
    given = {"now": now, "stamped": stamp(now), "most": limit}
    given |= {} if number is None else {"number": number}
    query = _finding(is_postgresql(session), kind, number is not None)
    found = Found()
    rows = session.connection().execute(query, given).all()
    for line, place, is_written, following, numbers in rows:
        if line is not None:
            found.come.append(Come(read(line), place, numbers))
        elif is_written:
            found.next_look[following] = numbers
        else:
            found.unwritten += numbers
    return found


@cache
def _finding(on_postgresql: bool, kind: str, alone: bool) -> CompoundSelect[Any]:
    model: Any = KINDS[kind]
    type_of = func.json_typeof if on_postgresql else func.json_type
    due = (
        select(
            model.id,
            model.steps,
            (func.coalesce(type_of(model.steps), "") == "array").label("is_written"),
            func.coalesce(model.unheard_since, model.look_again_at).label("since"),
        )
        .where(model.look_again_at <= bindparam("now", type_=Instant))
        .order_by(model.look_again_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    due = due.where(model.id == bindparam("number")) if alone else due
    held = due.cte("held")
    lines, line, place = elements(on_postgresql, case((held.c.is_written, held.c.steps)))
    moment = func.substr(line, 1, STAMP, type_=Text)
    moment = moment.collate("C") if on_postgresql else moment
    said = (
        select(held.c.id, held.c.since, held.c.is_written)
        .add_columns(line.label("line"), place.label("place"), moment.label("moment"))
        .outerjoin_from(held, lines, true())
        .cte("said")
        .prefix_with("MATERIALIZED")
    )
    stamped = bindparam("stamped", type_=Text)
    has_come = (said.c.moment <= stamped) & (_instant(on_postgresql, said.c.moment) >= said.c.since)
    come = (
        select(said.c.line, said.c.place, null(), null(), _all(on_postgresql, said.c.id))
        .where(has_come)
        .group_by(said.c.line, said.c.place)
    )
    following = func.min(case((said.c.moment > stamped, said.c.moment))).label("following")
    each = (
        select(said.c.id, said.c.is_written, following)
        .group_by(said.c.id, said.c.is_written)
        .subquery()
    )
    then = select(
        null(), null(), each.c.is_written, each.c.following, _all(on_postgresql, each.c.id)
    ).group_by(each.c.is_written, each.c.following)
    return union_all(come, then)


def _all(on_postgresql: bool, numbers: Any) -> Any:
    """The numbers of a group."""
    if on_postgresql:
        return func.array_agg(numbers, type_=ARRAY(Integer))
    return func.json_group_array(numbers, type_=JSON)


def _instant(on_postgresql: bool, stamped: Any) -> Any:
    """A moment that was written down, as the database keeps moments."""
    if on_postgresql:
        return cast(stamped, Instant)
    return func.replace(func.substr(stamped, 1, STAMP - len("+00:00")), "T", " ", type_=Instant)


ALIKE: dict[str, Any] = {
    "before": column("before", Text),
    "after": column("after", Text),
    "numbers": column("numbers", JSON),
    **{
        name: getattr(Delivery, name)
        for name in ("lane_id", "state", "notice", "rule", "slot", "available_at", "expires_at")
    },
}


def queue(session: Session, kind: str, rows: Sequence[dict[str, Any]], now: datetime) -> int:
    """Put what subjects say in the outbox; how many notices were new."""
    on_postgresql = is_postgresql(session)
    given = handed_over(on_postgresql, rows) | {"now": now, "all": len(rows)}
    counted = {"preserve_rowcount": True}
    made = session.connection().execute(
        _queueing(on_postgresql, kind), given, execution_options=counted
    )
    return made.rowcount


@cache
def _queueing(on_postgresql: bool, kind: str) -> Insert:
    model: Any = KINDS[kind]
    handed = given_later(on_postgresql, ALIKE)
    columns = (one.label(name) for name, one in handed.items())
    # Limited, though to all there are: a file would else read each row again for each number.
    told = select(*columns).limit(bindparam("all", type_=Integer)).subquery("told")
    numbers, number, _ = elements(on_postgresql, told.c.numbers)
    about = literal(f"{kind}-", Text) + cast(model.id, Text)
    row: dict[str, Any] = {
        **{name: told.c[name] for name in ALIKE if name not in {"before", "after", "numbers"}},
        "dedup_key": told.c.before + about + told.c.after,
        "about": about,
        "taf_id": model.taf_id if hasattr(model, "taf_id") else model.id,
        "operation": literal("post"),
        "facts": literal({}, Delivery.facts.type),
        "items": literal([], Delivery.items.type),
        "attempts": literal(0),
        "made_at": bindparam("now", type_=Instant),
    }
    rows = (
        select(*row.values())
        .join_from(told, numbers, true())
        .join(model, model.id == cast(number, Integer))
        .where(true())
    )
    return (
        inserting_on(on_postgresql, Delivery)
        .from_select(list(row), rows)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
    )
