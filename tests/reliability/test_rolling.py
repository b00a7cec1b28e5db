"""Two releases side by side: the next one migrates, and the one before it works on, and starts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage import migrating
from storage.database import Database
from storage.settings import remember
from tests.conftest import another
from tests.ports import free_port
from tests.reliability.partnership import Partnership, partnership
from tests.reliability.test_processes import get, url_of, wait_until_ready

OURS = Path(__file__).parents[2]
FAMILIES = 6
TAF = [sys.executable, "-c", "from bot.cli import main; main()"]

COLUMN = "    lane: Mapped[Lane] = relationship()\n"
MIGRATION = '''"""What the next release adds: a column that may be empty, and an index."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{ours}"
branch_labels = None
depends_on = None
RUNS_WITH = "{ours}"


def upgrade():
    op.add_column("outbox", sa.Column("colour", sa.String(length=20), nullable=True))
    op.create_index("ix_outbox_colour", "outbox", ["colour"])


def downgrade():
    op.drop_index("ix_outbox_colour")
    op.drop_column("outbox", "colour")
'''


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this release that has one migration more, and uses what it adds."""
    place = tmp_path_factory.mktemp("next")
    for name in ("bot", "workflows", "storage", "messages"):
        left = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(OURS / name, place / name, ignore=left)
    shutil.copy(OURS / "app.yaml", place)
    versions = place / "storage" / "migrations" / "versions"
    (versions / "9001_next.py").write_text(MIGRATION.format(ours=migrating.newest()))
    model = place / "storage" / "outbox.py"
    colour = (
        "    colour: Mapped[str | None] = mapped_column(String(20), default='new', index=True)\n"
    )
    before = model.read_text()
    assert COLUMN in before
    model.write_text(before.replace(COLUMN, colour + COLUMN))
    return place


@dataclass
class Release:
    """Runs the commands of one of the two."""

    place: Path
    settings: Mapping[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        environment = os.environ | self.settings | {"PYTHONPATH": str(self.place)}
        return subprocess.Popen(
            [*TAF, *words],
            cwd=self.place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        said, _ = process.communicate(timeout=60)
        return process.returncode, said


@dataclass
class Worker:
    """One `taf work`, and where it can be asked how much it sent."""

    process: subprocess.Popen[str]
    port: int

    @property
    def sent(self) -> int:
        found = re.search(r'taf_sends_total\{outcome="sent"\} (\d+)', get(self.port, "/metrics")[1])
        return int(found[1]) if found else 0


@pytest.fixture
def database(postgres: Database, postgres_template: str) -> Iterator[Database]:
    made = another(postgres, postgres_template)
    yield made
    made.close()


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    begun: list[Worker] = []
    yield begun
    for one in begun:
        one.process.kill()
        one.process.communicate()


def working(release: Release, workers: list[Worker]) -> Worker:
    port = free_port()
    worker = Worker(release.start("work", "--port", str(port)), port)
    workers.append(worker)
    wait_until_ready(port, worker.process)
    return worker


@pytest.fixture
def on_slack(database: Database) -> Iterator[Partnership]:
    """Families on a Slack that keeps its limits, as in earnest."""
    with partnership(database, FAMILIES) as found:
        yield found


def agree(on_slack: Partnership, each: int) -> None:
    for _ in range(each):
        for taf in on_slack.tafs:
            on_slack.agrees(taf)


def test_both_work_side_by_side(
    on_slack: Partnership, database: Database, next_release: Path, workers: list[Worker]
) -> None:
    ours, theirs = Release(OURS, on_slack.settings), Release(next_release, on_slack.settings)
    old = working(ours, workers)
    assert "needs migrating first" in theirs.run("work")[1]
    agree(on_slack, 2)

    assert theirs.run("migrate") == (0, f"From {migrating.newest()} to 9001.\n")
    new, started_since = working(theirs, workers), working(ours, workers)
    until = time.monotonic() + 60
    while not (new.sent and old.sent and started_since.sent):
        assert time.monotonic() < until, [one.sent for one in workers]
        agree(on_slack, 1)
        on_slack.workspace.until(lambda: on_slack.left < FAMILIES, 60)
    on_slack.workspace.until(lambda: not on_slack.left, 120)

    assert [one.process.poll() for one in workers] == [None] * 3
    assert ours.run("check")[0] == 0
    status, said = ours.run("migrate")
    assert (status, "A newer release migrated it to 9001" in said) == (0, True)
    on_slack.check()
    with database.engine.connect() as connection:
        colours = connection.exec_driver_sql("SELECT DISTINCT colour FROM outbox").scalars().all()
    assert None in colours


def test_what_nothing_older_bears_stops_the_old_one(database: Database, next_release: Path) -> None:
    settings = {"DATABASE_URL": url_of(database)}
    ours, theirs = Release(OURS, settings), Release(next_release, settings)
    assert theirs.run("migrate")[0] == 0
    with database.writing() as session:
        remember(session, migrating.OLDEST, "9001")

    for command in ("work", "migrate"):
        status, said = ours.run(command)
        assert (status, said.count("\n")) == (2, 1), said
        assert "migrated by a newer release (to 9001)" in said
    assert "migrated by a newer release" in ours.run("check")[1]
    assert theirs.run("check")[0] == 0
