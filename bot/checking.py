"""`taf check`: whether everything is in place, a line each, with what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.configuring import config_path, database_url, read_policy
from storage import migrating
from storage.database import Database, InUse
from workflows.policy import PolicyError
from workflows.working_days import WorkingDays


@dataclass(frozen=True)
class Checked:
    """One line of the check: what was looked at, and what to do if it is not well."""

    what: str
    ok: bool
    says: str


def well(what: str, says: str) -> Checked:
    """Something that is in order."""
    return Checked(what, ok=True, says=says)


def ill(what: str, says: str) -> Checked:
    """Something to mend, and how."""
    return Checked(what, ok=False, says=says)


def check(config: Path | None) -> Iterator[Checked]:
    """Look at the configuration, the database and the platforms."""
    yield from _configuration(config)
    yield _database()
    yield well("web", "closed: no pages but /health, until sign-in exists; `taf demo` to practise")


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
    url = database_url()
    try:
        database = Database(url)
    except InUse as error:
        return well("database", f"in use by another process: {error}")
    except Exception as error:  # noqa: BLE001  a check says what is wrong, whatever it is
        return ill("database", f"cannot be opened: {type(error).__name__}")
    try:
        at, wanted = migrating.current(database), migrating.newest(database)
    except Exception as error:  # noqa: BLE001  a check says what is wrong, whatever it is
        return ill("database", f"does not answer: {type(error).__name__}")
    finally:
        database.close()
    shown = database.url.render_as_string(hide_password=True)
    if at != wanted:
        return ill("database", f"{shown} needs migrating: run `taf migrate`")
    return well("database", f"{shown}, migration {at}")
