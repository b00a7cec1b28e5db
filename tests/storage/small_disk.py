"""A disk that is soon full: as root a real one, mounted here, elsewhere SQLite's limit of pages."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import migrating
from storage.database import Database


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


@contextmanager
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    database = Database(f"sqlite:///{folder / 'taf.db'}")
    migrating.upgrade(database)
    try:
        yield SmallDisk(database, folder if mounted else None)
    finally:
        database.close()
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)
