"""Many rows in one statement: as one array or one document on PostgreSQL, as a list on SQLite.

A statement with thousands of places costs psycopg more to read than PostgreSQL to run.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, cast, column, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.database import Base


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def inserting(session: Session, model: type[Base]) -> Any:
    """The database's own INSERT, which may give way to a row that is there."""
    dialect = postgresql if _is_postgresql(session) else sqlite
    return dialect.insert(model)


def among(
    session: Session, one: InstrumentedAttribute[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether a column holds one of these values, of which there may be many."""
    if not _is_postgresql(session):
        return one.in_(values)
    return one.in_(select(func.unnest(literal(list(values), postgresql.ARRAY(one.type)))))


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
    insert = inserting(session, model)
    if _is_postgresql(session):
        columns = [model.__table__.c[name] for name in rows[0]]
        document = cast(literal(json.dumps(rows, default=_written), Text), JSON)
        given = func.json_to_recordset(document).table_valued(
            *(column(one.name, one.type) for one in columns), name="given"
        )
        same = [literal(value, model.__table__.c[name].type) for name, value in shared.items()]
        query = select(given.render_derived(with_types=True)).add_columns(*same)
        insert = insert.from_select([*(one.name for one in columns), *shared], query)
    statement = insert.on_conflict_do_nothing(index_elements=[key]).returning(
        model.__table__.c[key]
    )
    connection = session.connection()
    if _is_postgresql(session):
        return connection.execute(statement).scalars().all()
    return connection.execute(statement, [{**shared, **row} for row in rows]).scalars().all()


def _written(value: Any) -> str:
    """A moment as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be inserted in bulk")
