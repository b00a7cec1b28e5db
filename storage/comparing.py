"""Makes the tables of one database equal to another's, row by row, and shows that they are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.types import UserDefinedType

from storage.database import Base

CHUNK = 1_000
"""Rows that are compared, and written, at once: enough to be quick, few enough to begin again."""

LARGEST = 2**31 - 1
"""The largest whole number in PostgreSQL's INTEGER; SQLite's is larger."""

Row = Sequence[Any]
Told = Callable[[str, int, int], None]
"""Is told a table's name, how many of its rows were looked at by now, and how many it has."""


class CannotBeCarried(RuntimeError):
    """A row holds what PostgreSQL cannot keep; it is named, and what it holds is not."""


class Unequal(RuntimeError):
    """A row came back otherwise than it was written: nothing may be opened on it."""


class AsWritten(UserDefinedType[str]):
    """JSON as the text that stands in the column, so that not a space of it is changed.

    Read and written as objects, an empty column and one that holds `null` would become one.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """What the column is called in the database."""
        return "JSON"

    def column_expression(self, column: Any) -> Any:
        """Its text."""
        return cast(column, Text)


@dataclass(frozen=True)
class Counted:
    """A table that was gone through: its rows, how many of them were written, and their digest."""

    table: str
    rows: int
    written: int
    digest: str


@dataclass
class Comparing:
    """One pass from a source, as it stood at one moment, over a target.

    `leave` names the facts of the setting table that belong to a database, not to a partnership.
    With `proving`, whatever was written is read back, so that in the end each row was seen equal.
    """

    source: Connection
    target: Engine
    leave: frozenset[str]
    told: Told
    proving: bool
    extra: list[tuple[Table, list[Any]]] = field(default_factory=list)

    def every_table(self) -> list[Counted]:
        """Go through them all, so that what a row points at is there before it."""
        found = [self._table(table) for table in twins()]
        for table, keys in reversed(self.extra):
            with self.target.begin() as target:
                target.execute(delete(table).where(_key(table).in_(keys)))
        return found

    def _table(self, table: Table) -> Counted:
        key = _key(table)
        all_rows = self._kept(table, select(table)).order_by(key)
        count = self._kept(table, select(func.count()).select_from(table))
        of = self.source.scalar(count) or 0
        done = written = 0
        digest = hashlib.sha256()
        for after, rows, until in self._chunks(table, all_rows):
            there = self._kept(table, select(table))
            there = there if after is None else there.where(key > after)
            there = there if until is None else there.where(key <= until)
            written += self._chunk(table, rows, there)
            digest.update(repr([tuple(row) for row in rows]).encode())
            done += len(rows)
            self.told(table.name, done, of)
        return Counted(table.name, done, written, digest.hexdigest()[:16])

    def _kept(self, table: Table, query: Select[Any]) -> Select[Any]:
        own = table.name == "setting"
        return query.where(table.c.name.not_in(self.leave)) if own else query

    def _chunks(self, table: Table, rows: Select[Any]) -> Iterator[tuple[Any, Sequence[Row], Any]]:
        """The source's rows by their numbers, with the number before each chunk and its last.

        The last chunk has no last number, so that what the target has beyond it is seen.
        Named rows are few, and come in one: two databases may order words in two ways.
        """
        if not isinstance(_key(table).type, Integer):
            yield None, self.source.execute(rows).fetchall(), None
            return
        after, more = None, True
        while more:
            query = rows if after is None else rows.where(_key(table) > after)
            found = self.source.execute(query.limit(CHUNK)).fetchall()
            more = len(found) == CHUNK
            until = found[-1][_place(table)] if more else None
            yield after, found, until
            after = until

    def _chunk(self, table: Table, rows: Sequence[Row], there: Select[Any]) -> int:
        """Make these rows equal in the target; how many were written."""
        place = _place(table)
        wanted = {row[place]: row for row in rows}
        with self.target.begin() as target:
            before = {row[place]: row for row in target.execute(there)}
            too_much = [key for key in before if key not in wanted]
            if too_much:
                self.extra.append((table, too_much))
            missing = [row for key, row in wanted.items() if key not in before]
            changed = [row for key, row in wanted.items() if key in before and before[key] != row]
            if changed:
                target.execute(_change(table), [_named(table, row, "new_") for row in changed])
            if missing:
                target.execute(insert(table), [_named(table, row) for row in missing])
            if self.proving and (changed or missing):
                after = {row[place]: row for row in target.execute(there)}
                _check_equal(table, wanted, after)
        return len(missing) + len(changed) + len(too_much)


def twins() -> list[Table]:
    """Every table of ours as it is carried: the same, but for JSON, which stays text."""
    made = MetaData()
    return [
        Table(
            table.name,
            made,
            *(
                Column(
                    one.name,
                    AsWritten() if isinstance(one.type, JSON) else one.type,
                    primary_key=one.primary_key,
                    autoincrement=False,
                )
                for one in table.columns
            ),
        )
        for table in Base.metadata.sorted_tables
    ]


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key


def _place(table: Table) -> int:
    return list(table.columns).index(_key(table))


def _named(table: Table, row: Row, before: str = "") -> dict[str, Any]:
    return {f"{before}{one.name}": value for one, value in zip(table.columns, row, strict=True)}


def _change(table: Table) -> Any:
    key = _key(table)
    values: dict[str, Any] = {
        one.name: bindparam(f"new_{one.name}") for one in table.columns if one is not key
    }
    return update(table).where(key == bindparam(f"new_{key.name}")).values(values)


def _check_equal(table: Table, wanted: Mapping[Any, Row], found: Mapping[Any, Row]) -> None:
    for key, row in wanted.items():
        if found.get(key) != row:
            raise Unequal(f"Row {key} of the table {table.name} came back otherwise.")


def check_can_be_carried(source: Connection) -> None:
    """Raise CannotBeCarried, naming the first row that PostgreSQL would not take as it is."""
    for table in twins():
        wrongs = {
            f"{one.name} {says}": is_so for one in table.columns for says, is_so in _ills(one)
        }
        key = source.scalar(select(_key(table)).where(or_(*wrongs.values())).limit(1))
        if key is None:
            continue
        row = select(*(is_so.label(None) for is_so in wrongs.values())).where(_key(table) == key)
        answers = zip(wrongs, source.execute(row).one(), strict=True)
        what = next(says for says, is_so in answers if is_so)
        raise CannotBeCarried(
            f"Row {key} of the table {table.name} cannot be moved: its {what}. Nothing was moved."
        )


def _ills(column: Column[Any]) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """What SQLite lets into a column of this type and PostgreSQL does not."""
    kind = column.type
    if isinstance(kind, AsWritten):
        broken = func.json_valid(cast(column, Text)) == 0
        yield "is not valid JSON", column.is_not(None) & broken
    elif isinstance(kind, String):
        yield "holds a NUL character", func.instr(column, func.char(0)) > 0
        if kind.length:
            yield f"is longer than {kind.length} characters", func.length(column) > kind.length
    elif isinstance(kind, Integer):
        yield "is no whole number", func.typeof(column).not_in(["integer", "null"])
        yield "is too large a number", ~column.between(-LARGEST, LARGEST)
