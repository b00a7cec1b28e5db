"""A disk that is full: a write is refused, nothing of it is kept, and all heals with room."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.families import Family
from storage.people import Person
from tests.storage.small_disk import SmallDisk
from tests.storage.test_database import NOON


def keep(database: Database, number: int) -> None:
    """A family and twenty people, in one transaction."""

    def work(session: Session) -> None:
        session.add(Family(reference=f"F-{number}", made_at=NOON))
        session.flush()
        session.add_all(Person(name=f"{number}-{n}", agency="y" * 60, roles=[]) for n in range(20))

    database.write(work)


def taken(database: Database, number: int) -> bool:
    try:
        keep(database, number)
    except OperationalError:
        return False
    return True


def test_a_full_disk_keeps_all_or_nothing_and_heals(disk: SmallDisk) -> None:
    keep(disk.database, 1)
    disk.fill()
    whole = 1
    while taken(disk.database, whole + 1):
        whole += 1
        assert whole < 200, "it never filled"
    for number in (901, 902, 903):
        with pytest.raises(OperationalError, match=r"full|I/O"):
            keep(disk.database, number)

    assert counted(disk.database) == (whole, 20 * whole, "ok")
    disk.empty()
    keep(disk.database, 999)
    assert counted(disk.database) == (whole + 1, 20 * (whole + 1), "ok")


def counted(database: Database) -> tuple[int, int, str]:
    with database.reading() as session:
        whole = session.execute(text("PRAGMA integrity_check")).scalar_one()
        return session.query(Family).count(), session.query(Person).count(), str(whole)
