"""Many rows in one statement: as one array or one document.

A statement with thousands of places costs psycopg more to read than PostgreSQL to run.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.database import Base


def is_postgresql(session: Session) -> bool:
    """Whether this is PostgreSQL, and not a file."""
    return session.get_bind().dialect.name == "postgresql"


def inserting(session: Session, model: type[Base]) -> Any:
    """The database's own INSERT, which may give way to a row that is there."""
    return inserting_on(is_postgresql(session), model)


def inserting_on(on_postgresql: bool, model: type[Base]) -> Any:
    """The same for a statement that is built once."""
    dialect = postgresql if on_postgresql else sqlite
    return dialect.insert(model)


def among(
    session: Session, one: InstrumentedAttribute[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether a column holds one of these values, of which there may be many."""
    on_postgresql = is_postgresql(session)
    document: ColumnElement[str] = literal(json.dumps(list(values)), Text)
    if on_postgresql:
        document = cast(document, JSON)
    _, value, _ = elements(on_postgresql, document)
    return one.in_(select(cast(value, one.type)))


def elements(on_postgresql: bool, document: Any) -> tuple[FromClause, Any, Any]:
    """The elements of a JSON list as a table, each as text; its values, and their places."""
    if on_postgresql:
        found = func.json_array_elements_text(document)
        table = found.table_valued("value", with_ordinality="key").render_derived()
    else:
        table = func.json_each(document).table_valued("value", "key")
    return table, table.c.value, table.c.key


def insert_many(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    key: str,
    shared: dict[str, Any],
) -> Sequence[Any]:
    """Insert rows that all name the same columns; those whose key is there already give way.

    `shared` holds the columns that are the same in all of them. Returns the keys of the rows that
    were new.
    """
    table = model.__table__
    values = list(given(session, {name: table.c[name] for name in rows[0]}, rows).values())
    same = [literal(value, table.c[name].type) for name, value in shared.items()]
    insert = inserting(session, model).from_select(
        [*rows[0], *shared], select(*values, *same).where(true())
    )
    statement = insert.on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])
    return session.connection().execute(statement).scalars().all()


def given(
    session: Session, like: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> dict[str, ColumnElement[Any]]:
    """Some rows as a table of the statement at hand: its columns by name, each of the type of one.

    One place in the statement, whatever the number of rows.
    """
    on_postgresql = is_postgresql(session)
    return _columns(on_postgresql, like, literal(_document(on_postgresql, rows), Text))


def given_later(on_postgresql: bool, like: Mapping[str, Any]) -> dict[str, ColumnElement[Any]]:
    """The same for a statement that is built once; `handed_over` gives it the rows."""
    return _columns(on_postgresql, like, bindparam("given", type_=Text))


def handed_over(on_postgresql: bool, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows of a statement that was built with `given_later`."""
    return {"given": _document(on_postgresql, rows)}


def _columns(
    on_postgresql: bool, like: Mapping[str, Any], document: ColumnElement[Any]
) -> dict[str, ColumnElement[Any]]:
    if on_postgresql:
        named = (column(name, one.type) for name, one in like.items())
        found = func.json_to_recordset(cast(document, JSON)).table_valued(*named, name="given")
        table = found.render_derived(with_types=True)
        return {name: table.c[name] for name in like}
    each = func.json_each(document).table_valued("value", name="given")
    return {
        name: func.json_extract(each.c.value, f"$.{name}", type_=one.type)
        for name, one in like.items()
    }


def _document(on_postgresql: bool, rows: Sequence[Mapping[str, Any]]) -> str:
    zone = "+00" if on_postgresql else ""
    return json.dumps(rows, default=lambda value: _written(value, zone))


def _written(value: Any, zone: str) -> str:
    """A moment as the database keeps it: in UTC, to the microsecond."""
    if isinstance(value, datetime):
        return _moment(value) + zone
    raise TypeError(f"{type(value).__name__} cannot be inserted in bulk")


@lru_cache(maxsize=1024)
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
