"""Plays a story on a stopped clock and a throw-away database, and tells all that was said."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import Assistant, assemble
from bot.clock import StoppedClock
from bot.configuring import config_path
from bot.playing import Movable
from bot.scenario import Scenario, moment, read_scenario
from bot.story.expecting import PLATFORMS
from bot.story.judging import Judge
from bot.story.log import Log
from bot.story.names import Names
from bot.story.parts import ScenarioError
from bot.story.player import Player
from bot.story.record import Record
from bot.story.remembering import RememberingPlatform
from bot.story.telling import told
from bot.story.written import Problem, pointed
from bot.timeline import Entry, local, only_of, timeline
from storage import families, migrating, outbox, subjects
from storage.database import Database


@dataclass(frozen=True)
class Result:
    """A story that was played: as one document, in words, and what did not go as it says."""

    document: dict[str, Any]
    text: str
    failed: list[str]


@dataclass(frozen=True)
class Loaded:
    """What a story left in a database: references by handle, people's ids, what went wrong."""

    references: dict[str, str]
    people: dict[str, int]
    failed: list[str]


def _silent(_: str) -> None:
    """Tell nobody how far it is."""


def simulate(
    path: Path,
    config: Path | None,
    only: str | None,
    until: str | None,
    progress: Callable[[str], None] = _silent,
) -> Result:
    """Play the story of a file from start to end; `progress` hears each day that is reached.

    Raises ScenarioError or PolicyError before anything runs where something is not valid.
    """
    scenario = read_scenario(path, config_path(config))
    if only is not None and only not in scenario.people:
        sentence = f'--only: there is no person "{only}"{pointed(only, scenario.people)}'
        raise ScenarioError([Problem(0, sentence)], scenario.source)
    end = moment(scenario, until) if until else scenario.end
    return play(scenario, end, only, progress)


def play(
    scenario: Scenario,
    end: datetime,
    only: str | None = None,
    progress: Callable[[str], None] = _silent,
) -> Result:
    """Play a story up to a moment, in a database that is thrown away with its end."""
    with tempfile.TemporaryDirectory(prefix="taf-story-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'story.db'}")
        try:
            migrating.upgrade(database)
            player = _player(scenario, database, progress)
            player.play(end)
            return _result(player, end, only)
        finally:
            database.close()


def _player(scenario: Scenario, database: Database, progress: Callable[[str], None]) -> Player:
    clock, log = StoppedClock(scenario.start), Log()
    platforms = {name: RememberingPlatform(name, clock, log) for name in PLATFORMS}
    # Never secret: a story's made-up references only have to be the same every time.
    numbers = random.Random(scenario.name)  # noqa: S311
    assistant = assemble(
        scenario.policy,
        database,
        clock,
        platforms,
        lambda: f"F-{100000 + numbers.randrange(900000)}",
    )
    return Player(assistant, clock, scenario, log, progress=progress)


def _result(player: Player, end: datetime, only: str | None) -> Result:
    scenario, days = player.scenario, player.assistant.office.days
    with player.assistant.database.reading() as session:
        entries = timeline(session, player.log, player.names, days)
        final = _final(session, player)
        undelivered = _undelivered(session, player.names)

        def state_of(ref: str) -> str | None:
            return getattr(subjects.find(session, ref), "state", None)

        last = max((event.at for event in scenario.events), default=scenario.start)
        judge = Judge(entries, player.names, state_of, end if end < last else None)
        held, failed = judge.held(scenario.expect)
    failed = player.failed + undelivered + failed
    document = {
        "scenario": scenario.name,
        "start": local(scenario.start, days),
        "end": local(end, days),
        "timeline": only_of(entries, only) if only else entries,
        "final": final,
        "expect": {"held": held, "failed": failed},
    }
    return Result(document, told(scenario, document, only), failed)


def _final(session: Any, player: Player) -> dict[str, Entry]:
    office = player.assistant.office
    return {
        taf.room.name if taf.room else taf.reference: Record(
            taf, player.names, office.framework, office.days
        ).whole()
        for taf in families.every_taf(session)
    }


def _undelivered(session: Any, names: Names) -> list[str]:
    """A line for each thing that a platform did not take: in a story that is a fault of ours."""
    return [
        f"{one.notice or one.operation} about {names.of(one.about)} was not delivered: {one.why}"
        for one in outbox.dead(session)
    ]


def load(
    assistant: Assistant, clock: Movable, scenario: Scenario, until: datetime | None = None
) -> Loaded:
    """Play a story on a database that is kept, as the demo does, up to a moment."""
    player = Player(assistant, clock, scenario)
    player.play(min(until, scenario.end) if until else scenario.end)
    people = {
        handle: int(player.names.references[handle].rpartition("-")[2])
        for handle in scenario.people
    }
    return Loaded(dict(player.names.references), people, player.failed)
