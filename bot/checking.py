"""`taf check`: whether everything is in place, a line each, with what to do where it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.configuring import NotSetUp, config_path, database_url, read_policy
from bot.joined import joined
from bot.slack import connecting as slack
from bot.teams import connecting as teams
from storage import migrating
from storage.database import Database
from storage.opening import CannotOpen, InUse
from workflows.policy import PolicyError
from workflows.working_days import WorkingDays


@dataclass(frozen=True)
class Checked:
    """One line of the check: what was looked at, and what to do if it is not well.

    `status` is how `taf check` ends: 1 for what is to be mended, 2 where nothing can start.
    """

    what: str
    ok: bool
    says: str
    status: int = 0

    @property
    def shown(self) -> str:
        """The line as it is printed."""
        return f"{'ok  ' if self.ok else 'MEND'}  {self.what}: {self.says}"


def well(what: str, says: str) -> Checked:
    """Something that is in order."""
    return Checked(what, ok=True, says=says)


def ill(what: str, says: str, status: int = 1) -> Checked:
    """Something to mend, and how."""
    return Checked(what, ok=False, says=says, status=status)


def check(config: Path | None) -> Iterator[Checked]:
    """Look at the configuration, the database and the platforms."""
    yield from _configuration(config)
    yield _database()
    yield well("web", "closed: no pages but /health, /ready and /metrics; `taf demo` to practise")
    yield _slack()
    yield _teams()
    yield _rooms()


def _configuration(config: Path | None) -> Iterator[Checked]:
    path = config_path(config)
    try:
        policy = read_policy(config)
    except FileNotFoundError:
        yield ill("configuration", f"there is no {path}; give one with --config")
        return
    except PolicyError as error:
        for line in str(error).splitlines():
            yield ill("configuration", line)
        return
    yield well("configuration", f"{path} ({policy.partnership.name})")
    WorkingDays.of(policy)
    yield well("calendar", f"bank holidays of {policy.partnership.nation}")


def _database() -> Checked:
    try:
        database = Database(database_url())
    except InUse as error:
        return well("database", f"in use by another process: {error}")
    except (CannotOpen, ValueError) as error:
        return ill("database", str(error), status=2)
    try:
        database.look_over()
        unfit, at = migrating.fit(database), migrating.current(database)
    except CannotOpen as error:
        return ill("database", str(error), status=2)
    except Exception as error:  # noqa: BLE001  a check says what is wrong, whatever it is
        return ill("database", f"does not answer: {type(error).__name__}")
    finally:
        database.close()
    shown = database.url.render_as_string(hide_password=True)
    return ill("database", unfit) if unfit else well("database", f"{shown}, migration {at}")


def _rooms() -> Checked:
    """Where the rooms of new families open."""
    try:
        return well("rooms", f"those of new families open on {joined(os.environ).rooms_on}")
    except NotSetUp as error:
        return ill("rooms", str(error), status=2)


def _slack() -> Checked:
    """How Slack is joined, by the settings alone; Slack is not asked."""
    try:
        to = slack.connection(os.environ)
    except NotSetUp as error:
        return ill("slack", str(error), status=2)
    if to is None:
        return well("slack", "not joined")
    return well("slack", f"joined {to.way}; `taf slack check` asks Slack")


def _teams() -> Checked:
    """How Teams is joined, by the settings alone; Microsoft is not asked."""
    try:
        to = teams.connection(os.environ)
    except NotSetUp as error:
        return ill("teams", str(error), status=2)
    if to is None:
        return well("teams", "not joined")
    return well("teams", f"joined {to.way}; `taf teams check` asks Microsoft")
