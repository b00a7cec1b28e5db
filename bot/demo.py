"""The demo: a practice partnership with the Hardman family, on this machine alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import workflows
from bot.app import assemble
from bot.clock import PracticeClock, StoppedClock
from bot.scenario import read_scenario
from bot.simulate import load
from storage import migrating
from storage.database import Database
from workflows.policy import Policy

SHOWN_UNTIL = timedelta(days=84)
"""The demo opens twelve weeks into the story: half-way, with things to do (ours)."""


def prepare(path: Path, policy_path: Path, policy: Policy) -> None:
    """Make the demo's database, whole or not at all; one that is there is kept."""
    if path.exists():
        return
    part = path.with_suffix(".part")
    for old in path.parent.glob(f"{part.name}*"):
        old.unlink()
    database = Database(f"sqlite:///{part}")
    migrating.upgrade(database)
    story = read_scenario(story_path(), policy_path)
    clock = StoppedClock(story.start)
    load(assemble(policy, database, clock), clock, story, story.start + SHOWN_UNTIL)
    PracticeClock(database).set(clock.now())
    database.close()
    part.rename(path)
    for left in path.parent.glob(f"{part.name}*"):
        left.unlink()


def story_path() -> Path:
    """Where the Hardman family's story stands."""
    return Path(workflows.__file__).parent / "scenarios" / "hardman.yaml"


def welcome(port: int) -> str:
    """What somebody is told who starts to practise."""
    return f"""
TAF Assistant, practice mode:  http://localhost:{port}

  1. Choose who you are: the Family Worker leads the family F-1042.
  2. Open the family's room; mark an action done; record a meeting.
  3. Move the practice clock on and see the one message of the day.

Everybody here is made up. Stop with Ctrl-C; your practice data is kept.
"""
