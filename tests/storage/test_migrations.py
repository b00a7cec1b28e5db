"""The migrations make what the models say, on both databases, and can be undone."""

from __future__ import annotations

from sqlalchemy import inspect

from storage import migrating
from storage.database import Base, Database


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
        wanted = {tuple(one.column_keys) for one in table.foreign_key_constraints}
        assert {tuple(table.c[key].name for key in one) for one in wanted} <= keys
