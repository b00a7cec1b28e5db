"""A whole story with faults on the way: no log line holds a name, a typed word or a token."""

from __future__ import annotations

import itertools
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import assemble
from bot.clock import StoppedClock
from bot.logs import JsonLines
from bot.platform import Outgoing
from bot.scenario import read_scenario
from bot.story.expecting import PLATFORMS
from bot.story.log import Log
from bot.story.parts import Scenario
from bot.story.player import Player
from bot.story.remembering import RememberingPlatform
from messages import rendering
from messages.form import Field
from storage import audit
from storage.database import Database
from workflows.reminders import action_due_soon

ROOT = Path(__file__).parents[2]
HARDMAN = ROOT / "workflows" / "scenarios" / "hardman.yaml"
TOKENS = ("xoxb-made-up-bot-token-4711", "xapp-made-up-app-token", "a-database-password")
MARKS = re.compile(r"zqx[0-9]+", re.IGNORECASE)
"""No program has a word like this: whatever a person typed, or is called, carries one."""
CHECKED = {"family", "label"}
"""Texts that may only be a reference, or a role in the family: no mark fits in."""
WORDS = re.compile("[a-z]{4}", re.IGNORECASE)
"""What makes an answer more than an amount, or yes."""

pytestmark = pytest.mark.xdist_group("hardman")


class Naive(logging.Formatter):
    """What logging does when nobody stops it."""


@dataclass
class Ear(logging.Handler):
    """Hears every record of every logger, as our formatter writes it and as a naive one would."""

    ours: list[str] = field(default_factory=list)
    naive: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._json, self._plain = JsonLines(), Naive()

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.ours.append(self._json.format(record))
        self.naive.append(self._plain.format(record))


@contextmanager
def listening() -> Iterator[Ear]:
    ear, root = Ear(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield ear
    finally:
        root.removeHandler(ear)
        root.setLevel(before)


def marked(scenario: Scenario) -> Scenario:
    """The story with a mark in everybody's name and in everything that anybody types."""
    numbers = itertools.count(1000)

    def mark(fields: tuple[Field, ...], answers: dict[str, Any]) -> dict[str, Any]:
        found = dict(answers)
        for one in fields:
            given = answers.get(one.id)
            if one.kind in {"list", "each"}:
                found[one.id] = [mark(one.fields, row) for row in given or []]
            elif (
                one.kind in {"text", "words"}
                and one.id not in CHECKED
                and WORDS.search(given or "")
            ):
                found[one.id] = f"{given} Zqx{next(numbers)}"
        return found

    return replace(
        scenario,
        people={
            handle: replace(actor, name=f"{actor.name} Zqx{next(numbers)}")
            for handle, actor in scenario.people.items()
        },
        events=tuple(
            replace(event, answers=mark(event.command.form.fields, event.answers))
            for event in scenario.events
        ),
    )


@dataclass
class Loose(RememberingPlatform):
    """A platform whose library puts the message and the token into its exceptions and logs."""

    failed: set[int] = field(default_factory=set)

    def post(self, message: Outgoing) -> str:
        said = f"{message.to.name}: {message.card.title} {message.card.text} {TOKENS[0]}"
        logging.getLogger("slack_sdk.web.base_client").debug(f"Sending {said}")  # noqa: G004
        if message.number % 9 == 0 and message.number not in self.failed:
            self.failed.add(message.number)
            try:
                raise ConnectionError(f"{TOKENS[1]} while sending {said}")
            except ConnectionError as error:
                raise RuntimeError(f"not sent: {said}") from error
        return super().post(message)


def rules_and_words_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then a rule fails, and a notice, each quoting what it was given."""
    steps, card = action_due_soon.steps, rendering.card
    asked, failed = itertools.count(1), itertools.count(1)

    def failing_steps(action: Any, *rest: Any) -> Any:
        if action.number == 2 and next(failed) < 12:
            raise ValueError(f"{action.words!r} of {action.taf.lead.name}")
        return steps(action, *rest)

    def failing_card(name: str, facts: Any, *rest: Any) -> Any:
        if next(asked) % 31 == 0:
            raise KeyError(f"no words for {facts} of {TOKENS[2]} Zqx999")
        return card(name, facts, *rest)

    monkeypatch.setattr(action_due_soon, "steps", failing_steps)
    monkeypatch.setattr(rendering, "card", failing_card)


def a_press_meets_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The press that asks for help ends in the database's refusal of a row that it typed."""
    record = audit.record

    def refused(session: Any, at: Any, entry: str, **values: Any) -> None:
        if values.get("command") == "help.ask":
            logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
            row = {"name": f"{values} {TOKENS[2]}"}
            session.execute(text("INSERT INTO setting (name, value) VALUES (:name, NULL)"), row)
        record(session, at, entry, **values)

    monkeypatch.setattr(audit, "record", refused)


@pytest.fixture(scope="module")
def heard(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ear, Scenario]:
    scenario = marked(read_scenario(HARDMAN, ROOT / "app.yaml"))
    path = tmp_path_factory.mktemp("logs") / "taf.db"
    path.write_bytes(template.read_bytes())
    with pytest.MonkeyPatch.context() as monkeypatch, listening() as ear:
        database = Database(f"sqlite:///{path}")
        clock, log = StoppedClock(scenario.start), Log()
        platforms = {name: Loose(name, clock, log) for name in PLATFORMS}
        assistant = assemble(
            scenario.policy, database, clock, platforms, iter(["F-1042", "F-1043"]).__next__
        )
        rules_and_words_fail(monkeypatch)
        a_press_meets_the_database(monkeypatch)
        try:
            Player(assistant, clock, scenario, log).play(scenario.end)
        finally:
            logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
            database.close()
    return ear, scenario


def typed_and_named(scenario: Scenario) -> set[str]:
    """Everything that a line must not hold, word for word."""
    return {actor.name for actor in scenario.people.values()} | set(TOKENS)


def test_the_faults_were_heard(heard: tuple[Ear, Scenario]) -> None:
    lines = [json.loads(line) for line in heard[0].ours]
    events = {line["event"] for line in lines if line["logger"].startswith("bot.")}
    assert len([line for line in lines if "fault" in line]) > 20
    assert len(events) >= 4, events
    assert {line["logger"].partition(".")[0] for line in lines} >= {"bot", "sqlalchemy"}


def test_no_line_holds_anything_personal(heard: tuple[Ear, Scenario]) -> None:
    ear, scenario = heard
    whole = "\n".join(ear.ours)
    assert MARKS.findall(whole) == []
    assert [words for words in typed_and_named(scenario) if words in whole] == []


def test_a_formatter_that_shows_messages_would_be_caught(heard: tuple[Ear, Scenario]) -> None:
    ear, scenario = heard
    whole = "\n".join(ear.naive)
    found = set(MARKS.findall(whole))
    assert len(found) > 20
    missing = {words for words in typed_and_named(scenario) if words not in whole}
    assert not missing & set(TOKENS)


def test_a_fault_says_where_it_came_from(heard: tuple[Ear, Scenario]) -> None:
    faults = [json.loads(line)["fault"] for line in heard[0].ours if '"fault"' in line]
    types = {one["type"] for chain in faults for one in chain}
    assert types >= {
        "builtins.ValueError",
        "builtins.KeyError",
        "builtins.ConnectionError",
        "sqlalchemy.exc.IntegrityError",
        "sqlite3.IntegrityError",
    }
    for chain in faults:
        for one in chain:
            assert set(one) <= {"type", "code", "stack"}
            assert one["stack"]
            assert all(re.fullmatch(r"[\w./<>-]+:[0-9]+ [\w<>]+", at) for at in one["stack"])
