"""The sweep's own statements: what has come of the steps of subjects whose time has come.

The database reads the steps and writes the notices itself. What subjects say alike, to one person
on one day by one rule, comes from it once, with their numbers, and goes back once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    JSON,
    Insert,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Session

from storage.bulk import elements, given_later, handed_over, inserting_on, is_postgresql
from storage.database import Instant
from storage.outbox import Delivery
from storage.steps import STAMP, Upcoming, moment, read, stamp
from storage.subjects import KINDS

LINES = "\n"


class Alike(NamedTuple):
    """Subjects of which the same steps have come, and whose next step comes at the same moment.

    `come` is in the order of their rules; None where nothing is written down for them.
    """

    come: list[Upcoming] | None
    next_look: datetime | None
    numbers: list[int]


def find(
    session: Session, kind: str, now: datetime, limit: int, number: int | None = None
) -> list[Alike]:
    """Read the steps of the subjects whose time has come, longest due first.

    They are this transaction's until it ends; another sweep passes them over.
    """
    given = {"now": now, "stamped": stamp(now), "most": limit}
    given |= {} if number is None else {"number": number}
    query = _finding(is_postgresql(session), kind, number is not None)
    rows = session.connection().execute(query, given).all()
    return [
        Alike(
            [read(line) for line in come.split(LINES)] if come else [] if written else None,
            moment(following) if following else None,
            numbers,
        )
        for come, following, written, numbers in rows
    ]


@cache
def _finding(on_postgresql: bool, kind: str, alone: bool) -> Select[Any]:
    model: Any = KINDS[kind]
    since = func.coalesce(model.unheard_since, model.look_again_at)
    stamped = bindparam("stamped", type_=Text)
    type_of = func.json_typeof if on_postgresql else func.json_type
    written = func.coalesce(type_of(model.steps) == "array", false())
    lines, line, _ = elements(on_postgresql, case((written, model.steps)))
    begins: Any = func.substr(line, 1, STAMP, type_=Text)
    begins = begins.collate("C") if on_postgresql else begins
    has_come = and_(begins <= stamped, _instant(on_postgresql, begins) >= since)
    come = select(func.aggregate_strings(cast(line, Text), LINES)).where(has_come)
    following = select(func.min(begins)).where(begins > stamped)
    each = (
        select(
            model.id,
            written.label("written"),
            come.select_from(lines).correlate(model).scalar_subquery().label("come"),
            following.select_from(lines).correlate(model).scalar_subquery().label("following"),
        )
        .where(model.look_again_at <= bindparam("now", type_=Instant))
        .order_by(model.look_again_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    each = each.where(model.id == bindparam("number")) if alone else each
    held = each.cte("held")
    alike = (held.c.come, held.c.following, held.c.written)
    return select(*alike, _all(on_postgresql, held.c.id)).group_by(*alike)


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
