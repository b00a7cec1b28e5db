"""The migrations make what the models say, on both databases, and can be undone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import inspect, text

from storage import migrating
from storage.database import Base, Database
from storage.settings import Setting, remember, remembered
from tests.conftest import another


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(empty: Database) -> None:
    assert migrating.current(empty) is None
    migrating.upgrade(empty)
    assert migrating.current(empty) == migrating.newest()
    assert tables(empty) == set(Base.metadata.tables)
    migrating.downgrade(empty, "base")
    assert tables(empty) == set()
    assert migrating.current(empty) is None

    migrating.upgrade(empty)
    migrating.upgrade(empty)
    assert tables(empty) == set(Base.metadata.tables)


def test_models_and_migrations_agree(database: Database) -> None:
    assert migrating.differences(database) == []


def test_a_difference_would_be_seen(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE action DROP COLUMN times_moved")

    assert any("times_moved" in one for one in migrating.differences(database))


def test_every_index_and_constraint_is_there(database: Database) -> None:
    inspector = inspect(database.engine)
    for name, table in Base.metadata.tables.items():
        there = {one["name"] for one in inspector.get_indexes(name)}
        assert {one.name for one in table.indexes} <= there
        unique = [one for one in table.constraints if type(one).__name__ == "UniqueConstraint"]
        columns = {tuple(one["column_names"]) for one in inspector.get_unique_constraints(name)}
        assert {tuple(column.name for column in one.columns) for one in unique} <= columns
        keys = {tuple(one["constrained_columns"]) for one in inspector.get_foreign_keys(name)}
        kept_otherwise = set() if database.is_file else migrating.BY_TRIGGER
        wanted = {
            tuple(one.column_keys)
            for one in table.foreign_key_constraints
            if one.name not in kept_otherwise
        }
        assert {tuple(table.c[key].name for key in one) for one in wanted} <= keys


MIGRATE = """
import sys
from storage import migrating
from storage.database import Database
database = Database(sys.argv[1])
migrating.upgrade(database)
database.close()
"""


def test_two_at_once_come_one_after_the_other(postgres: Database) -> None:
    empty = another(postgres)
    url = empty.url.render_as_string(hide_password=False)
    command = [sys.executable, "-W", "error", "-c", MIGRATE, url]
    begun = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]

    assert [one.communicate()[1] for one in begun] == [""] * 4
    assert [one.returncode for one in begun] == [0] * 4
    assert migrating.fit(empty) is None
    assert migrating.differences(empty) == []
    empty.close()


def test_a_migration_does_not_stand_in_the_queue(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for a table makes all wait who come after: it gives up, and tries again."""
    monkeypatch.setattr(migrating, "TRIES", 2)
    monkeypatch.setattr(migrating, "PAUSE", 0.0)
    monkeypatch.setattr(migrating, "PATIENCE", "100ms")
    database = another(postgres)
    migrating.upgrade(database, "0001")
    with database.engine.connect() as holding:
        holding.execute(text("LOCK TABLE outbox IN ACCESS SHARE MODE"))
        with pytest.raises(migrating.Busy, match="Nothing was changed"):
            migrating.upgrade(database)
        assert migrating.current(database) == "0001"
    migrating.upgrade(database)
    assert migrating.fit(database) is None
    database.close()


def test_a_failing_migration_leaves_no_trace(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrating.upgrade(empty, "0001")
    before = tables(empty)

    def fail(*_: object) -> None:
        raise KeyError

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "sign", fail)
        with pytest.raises(KeyError):
            migrating.upgrade(empty)
    assert (tables(empty), migrating.current(empty)) == (before, "0001")
    migrating.upgrade(empty)
    assert migrating.fit(empty) is None


def marked(database: Database, at: str, oldest: str | None) -> None:
    """As a newer release's migration leaves it."""
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": at})
        if oldest is None:
            session.delete(session.get_one(Setting, migrating.OLDEST))
        else:
            remember(session, migrating.OLDEST, oldest)


def test_whether_this_release_may_run(empty: Database) -> None:
    assert migrating.fit(empty) == "The database needs migrating first. Run: taf migrate"
    migrating.upgrade(empty, "0001")
    assert migrating.fit(empty) == "The database needs migrating first. Run: taf migrate"
    migrating.upgrade(empty)
    assert migrating.fit(empty) is None

    marked(empty, "9999", migrating.newest())
    assert migrating.fit(empty) is None
    for oldest in ("9999", None):
        marked(empty, "9999", oldest)
        assert "migrated by a newer release (to 9999)" in (migrating.fit(empty) or "")


def test_every_migration_says_who_may_run_on_its_tables(database: Database) -> None:
    known = migrating.known()
    assert known[:2] == ("0001", "0002")
    for revision in known:
        assert migrating.oldest_for(revision) in known[: known.index(revision) + 1]
    with database.reading() as session:
        assert remembered(session, migrating.OLDEST) == migrating.oldest_for(migrating.newest())
        assert len(remembered(session, migrating.IDENTITY)) == 32


def test_what_nothing_older_bears_holds_for_all_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    says = {"0001": "0001", "0002": "0002", "0003": "0001"}
    monkeypatch.setattr(migrating, "known", lambda: tuple(says))
    monkeypatch.setattr(migrating, "runs_with", says.__getitem__)
    assert [migrating.oldest_for(one) for one in says] == ["0001", "0002", "0002"]


def test_a_database_keeps_who_it_is(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.reading() as session:
        first = remembered(session, migrating.IDENTITY)
    migrating.upgrade(empty)
    with empty.reading() as session:
        assert remembered(session, migrating.IDENTITY) == first
