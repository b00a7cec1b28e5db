"""What is particular to PostgreSQL: patience, poolers, and a server that goes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.families import Family
from storage.plan import Action
from tests import builders
from tests.conftest import another
from tests.storage.test_database import NOON, family
from tests.world import World

SETTINGS = "statement_timeout", "idle_in_transaction_session_timeout"


@pytest.fixture
def database(postgres: Database, postgres_template: str) -> Iterator[Database]:
    """A migrated database on PostgreSQL."""
    made = another(postgres, postgres_template)
    yield made
    made.close()


def with_query(database: Database, **query: str) -> Database:
    url = database.url.update_query_dict(query)
    return Database(url.render_as_string(hide_password=False))


def settings(database: Database) -> list[str]:
    with database.reading() as session:
        return [session.execute(text(f"SHOW {name}")).scalar_one() for name in SETTINGS]


def test_nothing_may_take_for_ever(database: Database) -> None:
    assert settings(database) == ["15s", "30s"]
    with database.reading() as session:
        assert session.execute(text("SHOW application_name")).scalar() == "taf-assistant"
    slow = text("SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(5)")
    with pytest.raises(OperationalError, match="statement timeout"):
        database.write(lambda session: session.execute(slow))


def test_looking_begins_no_transaction(database: Database) -> None:
    """So that a reader spares two round trips, and holds nothing up while its page is made."""
    with database.reading() as session:
        assert session.query(Family).count() == 0
        with database.writing() as other:
            other.add(family("F-1"))
            standing = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            mine = text(f"{standing} AND datname = current_database() AND pid <> pg_backend_pid()")
            assert other.execute(mine).scalar() == 0
        assert session.query(Family).count() == 1


def test_an_address_may_say_otherwise(database: Database) -> None:
    own = with_query(database, options="-c statement_timeout=7s")
    assert settings(own) == ["7s", "30s"]
    own.close()


def test_behind_a_pooler_nothing_outlives_a_transaction(database: Database) -> None:
    pooled = with_query(database, pgbouncer="true")
    assert settings(pooled) == ["15s", "30s"]
    assert (prepared(database), prepared(pooled)) == (True, False)
    with pooled.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "0"
    with pytest.raises(DBAPIError, match="read-only"), pooled.reading() as session:
        session.execute(text("UPDATE family SET reference = 'F-9'"))
    pooled.close()


def prepared(database: Database) -> bool:
    """Whether what is asked again and again is kept ready on the connection."""
    with database.reading() as session:
        for _ in range(10):
            assert session.query(Family).count() == 0
        count = session.execute(text("SELECT count(*) FROM pg_prepared_statements"))
        return bool(count.scalar())


def kill(database: Database, session: Session) -> None:
    """End this session's connection at the server."""
    pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with database.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def references(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.reference for one in session.query(Family).order_by(Family.id)]


def test_cut_off_before_the_commit_it_is_done_again(database: Database) -> None:
    tries = []

    def work(session: Session) -> str:
        tries.append(1)
        session.add(family("F-1"))
        session.flush()
        if len(tries) == 1:
            kill(database, session)
            session.execute(text("SELECT 1"))
        return "done"

    assert database.write(work) == "done"
    assert len(tries) == 2
    assert references(database) == ["F-1"]


def test_cut_off_again_and_again_it_gives_up(database: Database) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        kill(database, session)
        session.execute(text("SELECT 1"))

    with pytest.raises(OperationalError):
        database.write(work, tries=2)
    assert len(tries) == 2


@pytest.mark.parametrize("same_twice", [True, False])
def test_cut_off_as_it_commits(database: Database, *, same_twice: bool) -> None:
    """Nobody knows whether it was kept: here it was not."""
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.add(family("F-1"))
        if len(tries) == 1:
            event.listen(session, "before_commit", lambda one: kill(database, one))

    if same_twice:
        database.write(work, same_twice=True)
        assert references(database) == ["F-1"]
    else:
        with pytest.raises(OperationalError):
            database.write(work)
        assert references(database) == []
    assert len(tries) == 1 + same_twice


@pytest.mark.parametrize("same_twice", [True, False])
def test_cut_off_after_it_committed(database: Database, *, same_twice: bool) -> None:
    """Nobody knows whether it was kept: here it was, and it is not kept twice."""
    tries, commit = [], database.engine.dialect.do_commit

    def unheard(connection: Any) -> None:
        commit(connection)
        if len(tries) == 1:
            connection.dbapi_connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    def work(session: Session) -> None:
        tries.append(1)
        if not session.query(Family).where(Family.reference == "F-1").count():
            session.add(family("F-1"))

    database.engine.dialect.do_commit = unheard  # type: ignore[method-assign]
    if same_twice:
        database.write(work, same_twice=True)
    else:
        with pytest.raises(OperationalError):
            database.write(work)
    assert len(tries) == 1 + same_twice
    assert references(database) == ["F-1"]


def test_a_lock_that_came_too_late_is_asked_for_again(database: Database) -> None:
    with database.writing() as session:
        session.add(family("F-1"))
    holding = database.engine.connect()
    holding.execute(text("SELECT * FROM family FOR UPDATE"))
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        if len(tries) == 2:
            holding.rollback()
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        session.execute(text("UPDATE family SET reference = 'F-2'"))

    database.write(work)
    holding.close()
    assert len(tries) == 2
    assert references(database) == ["F-2"]


def test_tables_migrated_under_a_prepared_statement(database: Database) -> None:
    def look(session: Session) -> int:
        return session.query(Family).count() + len(session.query(Family).all())

    single = with_query(database)
    for _ in range(10):
        assert single.write(look) == 0
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE family ALTER reference TYPE varchar(99)"))
    assert single.write(look) == 0
    single.close()


def test_another_fault_is_not_tried_again(database: Database) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.add(Family(reference="x" * 99, made_at=NOON))

    with pytest.raises(DBAPIError, match="too long"):
        database.write(work)
    assert len(tries) == 1


def test_a_press_whose_end_nobody_saw_is_answered_and_done_once(database: Database) -> None:
    world = World(database)
    world.given_a_family()
    commit, lost = database.engine.dialect.do_commit, []

    def unheard(connection: Any) -> None:
        commit(connection)
        if not lost:
            lost.append(1)
            connection.dbapi_connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    database.engine.dialect.do_commit = unheard  # type: ignore[method-assign]
    answer = world.tries("Maya", "action.agree", world.taf, **builders.action(world.ref("Asha")))

    assert (answer.ok, answer.about, lost) == (True, "action-1", [1])
    assert world.count(Action) == 1
