"""The sweep's own statements: what has come of the steps of subjects whose time has come.

The database reads the steps and writes the notices itself. What subjects say alike, to one person
on one day by one rule, comes from it once, with a word for each of them, and goes back once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, reduce
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    JSON,
    Insert,
    Integer,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from storage.bulk import elements, given_later, handed_over, inserting_on, is_postgresql
from storage.database import Instant
from storage.outbox import Delivery
from storage.steps import STAMP, Upcoming, moment, read, stamp
from storage.subjects import KINDS

LINES = "\n"
AND = " "


STRAIGHT_TO_THEM = """
ctid = ANY (ARRAY(
    SELECT CAST(split_part(value, ' ', 3) AS tid) FROM json_array_elements_text(CAST(:held AS json))
))"""
"""The rows of held subjects in PostgreSQL by where they lie: nobody moves them meanwhile."""


class Alike(NamedTuple):
    """Subjects of which the same steps have come, and whose next step comes at the same moment.

    `come` is in the order of their rules; None where nothing is written down for them. `held` are
    the subjects themselves, each as one word for the statements that follow in this transaction.
    """

    come: list[Upcoming] | None
    next_look: datetime | None
    held: list[str]

    @property
    def numbers(self) -> list[str]:
        """The subjects' numbers."""
        return [one.partition(AND)[0] for one in self.held]


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
    return [_alike(*row) for row in rows]


def _alike(said: str, written: bool, held: list[str]) -> Alike:
    come, _, following = said.rpartition(LINES)
    lines = [read(line) for line in come.split(LINES)] if come else []
    return Alike(lines if written else None, moment(following) if following else None, held)


@cache
def _finding(on_postgresql: bool, kind: str, alone: bool) -> Select[Any]:
    model: Any = KINDS[kind]
    each = (
        select(_word(on_postgresql, model).label("word"), *_said(on_postgresql, model))
        .where(model.look_again_at <= bindparam("now", type_=Instant))
        .order_by(model.look_again_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    each = each.where(model.id == bindparam("number")) if alone else each
    held = each.cte("held")
    alike = (held.c.said, held.c.written)
    return select(*alike, _all(on_postgresql, held.c.word)).group_by(*alike)


def _said(on_postgresql: bool, model: Any) -> tuple[Any, Any]:
    """The lines that have come, and on one of its own when the next one comes; read in one go."""
    since = func.coalesce(model.unheard_since, model.look_again_at)
    stamped = bindparam("stamped", type_=Text)
    type_of = func.json_typeof if on_postgresql else func.json_type
    written = func.coalesce(type_of(model.steps) == "array", false())
    lines, line, _ = elements(on_postgresql, case((written, model.steps)))
    begins: Any = func.substr(line, 1, STAMP, type_=Text)
    begins = begins.collate("C") if on_postgresql else begins
    has_come = and_(begins <= stamped, _instant(on_postgresql, begins) >= since)
    come = func.aggregate_strings(cast(line, Text), LINES).filter(has_come)
    following = func.min(begins).filter(begins > stamped)
    said = func.coalesce(come, "") + LINES + func.coalesce(following, "")
    read_once = select(said).select_from(lines).correlate(model).scalar_subquery()
    return read_once.label("said"), written.label("written")


def _word(on_postgresql: bool, model: Any) -> Any:
    """A held subject as one word: its number, that of its family's work, and where its row lies."""
    parts = [model.id, _taf_of(model)]
    if on_postgresql:
        parts.append(literal_column(f"{model.__tablename__}.ctid"))
    words: list[Any] = [cast(one, Text) for one in parts]
    return reduce(lambda before, one: before + AND + one, words)


def _taf_of(model: Any) -> Any:
    return model.taf_id if hasattr(model, "taf_id") else model.id


def _part(on_postgresql: bool, word: Any, number: int) -> Any:
    """One of the first two parts of a held subject's word."""
    if on_postgresql:
        return func.split_part(word, AND, number, type_=Text)
    between = func.instr(word, AND)
    if number == 1:
        return func.substr(word, 1, between - 1, type_=Text)
    return func.substr(word, between + 1, type_=Text)


def move_on(session: Session, kind: str, when: Mapping[datetime | None, Sequence[str]]) -> None:
    """Look at held subjects again at these moments, when their next steps come, or never."""
    statement = _moving_on(is_postgresql(session), kind)
    for at, held in when.items():
        moved = session.connection().execute(
            statement,
            {"at": at, "held": json.dumps(held)},
            execution_options={"preserve_rowcount": True},
        )
        if moved.rowcount != len(held):
            raise LookupError("a subject that is held is not where it was")


@cache
def _moving_on(on_postgresql: bool, kind: str) -> Update:
    model: Any = KINDS[kind]
    which: Any = text(STRAIGHT_TO_THEM)
    if not on_postgresql:
        _, word, _ = elements(on_postgresql, bindparam("held", type_=Text))
        which = model.id.in_(select(cast(_part(on_postgresql, word, 1), Integer)))
    return (
        update(model.__table__)
        .where(which)
        .values(look_again_at=bindparam("at", type_=Instant), unheard_since=None)
    )


def _all(on_postgresql: bool, words: Any) -> Any:
    """All the words of a group."""
    if on_postgresql:
        return func.array_agg(words, type_=ARRAY(Text))
    return func.json_group_array(words, type_=JSON)


def _instant(on_postgresql: bool, stamped: Any) -> Any:
    """A moment that was written down, as the database keeps moments."""
    if on_postgresql:
        return cast(stamped, Instant)
    return func.replace(func.substr(stamped, 1, STAMP - len("+00:00")), "T", " ", type_=Instant)


ALIKE: dict[str, Any] = {
    "before": column("before", Text),
    "after": column("after", Text),
    "held": column("held", JSON),
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
    handed = given_later(on_postgresql, ALIKE)
    columns = (one.label(name) for name, one in handed.items())
    # Limited, though to all there are: a file would else read each row again for each subject.
    told = select(*columns).limit(bindparam("all", type_=Integer)).subquery("told")
    held, word, _ = elements(on_postgresql, told.c.held)
    about = literal(f"{kind}-", Text) + _part(on_postgresql, word, 1)
    row: dict[str, Any] = {
        **{name: told.c[name] for name in ALIKE if name not in {"before", "after", "held"}},
        "dedup_key": told.c.before + about + told.c.after,
        "about": about,
        "taf_id": cast(_part(on_postgresql, word, 2), Integer),
        "operation": literal("post"),
        "facts": literal({}, Delivery.facts.type),
        "items": literal([], Delivery.items.type),
        "attempts": literal(0),
        "made_at": bindparam("now", type_=Instant),
    }
    rows = select(*row.values()).join_from(told, held, true()).where(true())
    return (
        inserting_on(on_postgresql, Delivery)
        .from_select(list(row), rows)
        .on_conflict_do_nothing(index_elements=["dedup_key"])
    )
