"""Moments, transactions, one process a file, and what a full disk leaves behind."""

from __future__ import annotations

import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.families import Family
from storage.inbox import Received
from storage.opening import InUse
from storage.people import Person
from storage.settings import remember, remembered
from tests.storage.racing import race

NOON = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)


def family(reference: str, at: datetime = NOON) -> Family:
    return Family(reference=reference, made_at=at)


@pytest.mark.parametrize(
    "at",
    [
        NOON,
        datetime(2025, 7, 1, 13, 0, tzinfo=ZoneInfo("Europe/London")),
        datetime(2025, 7, 1, 22, 30, 15, 123456, tzinfo=timezone(timedelta(hours=10, minutes=30))),
        datetime(2025, 10, 26, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database, at: datetime) -> None:
    with database.writing() as session:
        session.add(family("F-1", at))

    with database.reading() as session:
        kept = session.query(Family).one().made_at
    assert kept == at.astimezone(UTC)
    assert kept.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused_and_nothing_is_kept(database: Database) -> None:
    def two(session: Session) -> None:
        session.add(family("F-1"))
        session.flush()
        session.add(family("F-2", datetime(2025, 7, 1, 12, 0)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="without a time zone"):
        database.write(two)

    with database.reading() as session:
        assert session.query(Family).count() == 0


def test_moments_are_compared_as_moments(database: Database) -> None:
    with database.writing() as session:
        session.add(family("F-1"))

    later = datetime(2025, 7, 1, 13, 0, 1, tzinfo=ZoneInfo("Europe/London"))
    with database.reading() as session:
        assert session.query(Family).where(Family.made_at <= later).count() == 1
        assert session.query(Family).where(Family.made_at > later).count() == 0


def test_all_or_nothing(database: Database) -> None:
    def half(session: Session) -> None:
        session.add(family("F-1"))
        session.flush()
        raise KeyError

    with pytest.raises(KeyError):
        database.write(half)

    with database.reading() as session:
        assert session.query(Family).count() == 0


def test_looking_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        session.add(family("F-1"))
    with database.reading() as session:
        session.query(Family).one().reference = "F-9"
    changes = "UPDATE family SET reference = 'F-9'"
    with pytest.raises(DBAPIError, match=r"read-?only"), database.reading() as session:
        session.execute(text(changes))

    with database.reading() as session:
        assert session.query(Family).one().reference == "F-1"


def test_what_points_at_nothing_is_refused(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as session:
        session.add(
            Received(
                platform="web",
                key="k",
                person_id=99,
                command="x",
                about=None,
                answer={},
                received_at=NOON,
            )
        )


def test_small_facts_are_kept_and_replaced(database: Database) -> None:
    for value in ({"ahead": 5}, 7, None):
        with database.writing() as session:
            remember(session, "fact", value)
        with database.reading() as session:
            assert remembered(session, "fact") == value
    with database.reading() as session:
        assert remembered(session, "another") is None


def test_words_of_every_alphabet_come_back(database: Database) -> None:
    name = "Ǿla Ñandú 王小明 🙂"
    with database.writing() as session:
        session.add(Person(name=name, agency="housing", roles=["supervisor"]))

    with database.reading() as session:
        kept = session.query(Person).one()
        assert (kept.name, kept.roles) == (name, ["supervisor"])


def test_a_second_opening_of_a_file_is_refused(file: Database) -> None:
    url = file.url.render_as_string()
    with pytest.raises(InUse, match="already open"):
        Database(url)

    again = f"from storage.database import Database\nDatabase({url!r})"
    command = [sys.executable, "-c", again]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "InUse: taf.db is already open in another process" in found.stderr
    file.close()
    Database(url).close()


def test_memory_is_no_place_for_families() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="file of its own"):
            Database(url)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'deep' / 'taf.db'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE t (x)"))
    modes = {one.name: one.stat().st_mode & 0o077 for one in (tmp_path / "deep").iterdir()}
    database.close()

    assert set(modes.values()) == {0}


def test_sqlite_is_set_as_measured(file: Database) -> None:
    with file.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 10000,
        "foreign_keys": 1,
    }


def test_a_look_neither_waits_nor_sees_what_is_not_saved(file: Database) -> None:
    with file.writing() as writing:
        writing.add(family("F-1"))
        writing.flush()
        started = time.monotonic()
        with file.reading() as reading:
            assert reading.query(Family).count() == 0
        assert time.monotonic() - started < 5
    with file.reading() as reading:
        assert reading.query(Family).count() == 1


def test_a_look_cannot_change_a_file(file: Database) -> None:
    with file.reading() as session:
        session.add(family("F-1"))
        with pytest.raises(OperationalError, match="readonly"):
            session.flush()


def test_writers_of_one_process_queue_up(file: Database) -> None:
    def add(number: int) -> None:
        for one in range(5):
            mine = family(f"F-{number}-{one}")
            file.write(lambda session, mine=mine: session.add(mine))

    race(add, 12)
    with file.reading() as session:
        assert session.query(Family).count() == 60


def test_a_fault_tells_nobody_what_the_row_held(database: Database) -> None:
    def twice(session: Session) -> None:
        for number in range(2):
            person = Person(
                name=f"Secretname {number}", agency="housing", roles=[], email="secret@mail"
            )
            session.add(person)
            session.flush()

    with pytest.raises(DBAPIError) as found:
        database.write(twice, tries=1)
    told = "".join(traceback.format_exception(found.value)).lower()
    assert "unique" in told
    assert "secretname" not in told
    assert "secret@mail" not in told
