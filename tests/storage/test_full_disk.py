"""A disk that is full: a write is refused, nothing of it is kept, and all heals with room.

As root, on a real small disk, mounted here; anywhere else, at SQLite's own limit of pages.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage import migrating
from storage.database import Database
from storage.families import Family
from storage.people import Person
from tests.storage.test_database import NOON


@dataclass
class SmallDisk:
    """A disk with little room, and a database on it."""

    database: Database
    folder: Path | None

    def fill(self) -> None:
        """Leave no room for another page."""
        if self.folder is None:
            self.limit(int(self.database.write(pages)))
            return
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            for size in (4096, 1):
                try:
                    while True:
                        ballast.write(b"x" * size)
                except OSError:
                    continue

    def empty(self) -> None:
        """Make room again."""
        if self.folder is None:
            self.limit(2**30)
        else:
            (self.folder / "ballast").unlink()

    def limit(self, most: int) -> None:
        self.database.write(lambda session: session.execute(text(f"PRAGMA max_page_count={most}")))


def pages(session: Session) -> int:
    return int(session.execute(text("PRAGMA page_count")).scalar_one())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    database = Database(f"sqlite:///{folder / 'taf.db'}")
    migrating.upgrade(database)
    yield SmallDisk(database, folder if mounted else None)
    database.close()
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


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
