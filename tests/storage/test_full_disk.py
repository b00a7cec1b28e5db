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
            self.limit(int(self.database.write(lambda session: pages(session))))
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


def family_and_people(number: int) -> list[object]:
    people = [Person(name=f"{number} {n}", agency="y" * 60, job="z" * 100) for n in range(20)]
    return [Family(reference=f"F-{number}", made_at=NOON), *people]


def test_a_full_disk_keeps_all_or_nothing_and_heals(disk: SmallDisk) -> None:
    disk.database.write(lambda session: session.add_all(family_and_people(1)))
    disk.fill()
    kept = 1
    with pytest.raises(OperationalError, match="full|I/O"):
        for number in range(2, 200):
            disk.database.write(
                lambda session, number=number: session.add_all(family_and_people(number))
            )
            kept = number
    for number in range(3):
        with pytest.raises(OperationalError):
            disk.database.write(
                lambda session, number=number: session.add_all(family_and_people(900 + number))
            )

    assert counted(disk.database) == (kept, 20 * kept, "ok")
    disk.empty()
    disk.database.write(lambda session: session.add_all(family_and_people(999)))
    assert counted(disk.database) == (kept + 1, 20 * (kept + 1), "ok")


def counted(database: Database) -> tuple[int, int, str]:
    with database.reading() as session:
        whole = session.execute(text("PRAGMA integrity_check")).scalar_one()
        return session.query(Family).count(), session.query(Person).count(), str(whole)
