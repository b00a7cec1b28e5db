"""The list of reminders: whole, uniform, and added to in three places and no more."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from messages import rendering
from storage.subjects import KINDS, Watched
from tests.world import World
from workflows import reminders, sweep, upcoming
from workflows.notice import Notice
from workflows.reminders import RULES
from workflows.rule import Step, name_of

FOUND = [one.name for one in pkgutil.iter_modules(reminders.__path__)]

rules = pytest.mark.parametrize("rule", RULES, ids=name_of)


def test_every_module_is_in_the_list_once() -> None:
    assert sorted(name_of(one) for one in RULES) == sorted(FOUND)


def test_every_reminder_has_its_own_tests() -> None:
    here = {one.stem for one in Path(__file__).parent.glob("test_*.py")}

    assert {f"test_{name}" for name in FOUND} <= here


@rules
def test_it_is_a_plain_module_with_one_notice_of_its_name(rule: Any) -> None:
    module = importlib.import_module(rule.__name__)
    notices = [
        one
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, Notice) and one.__module__ == module.__name__
    ]

    assert [one.stem() for one in notices] == [name_of(rule)]
    assert is_dataclass(notices[0])
    assert module.__doc__
    assert rule.steps.__doc__
    assert notices[0].__doc__
    assert name_of(rule) in rendering.stems()


@rules
def test_its_subject_is_one_that_the_sweep_finds(rule: Any) -> None:
    assert issubclass(KINDS[rule.SUBJECT], Watched)
    assert rule.MATTER
    assert list(inspect.signature(rule.steps).parameters)[1:] == ["policy", "days"]


@rules
def test_it_neither_reads_the_clock_nor_asks_the_database(rule: Any) -> None:
    source = inspect.getsource(importlib.import_module(rule.__name__))

    for word in ("session", "sqlalchemy", ".now(", ".today(", "select("):
        assert word not in source


@pytest.fixture
def a_new_reminder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """What house.md section 3 asks for: a module, a template and a line in RULES."""

    @dataclass(frozen=True, kw_only=True)
    class BirthdayOfThePlan(Notice):
        """A week has gone by since the action was agreed."""

        number: int

    def steps(action: Any, policy: Any, days: Any) -> Iterator[Step]:
        says = BirthdayOfThePlan(
            about=action.ref, reference=action.taf.reference, number=action.number
        )
        yield Step(
            days.on_or_after(days.today(action.agreed_at).replace(day=11)), action.owner, says
        )

    module = ModuleType("workflows.reminders.birthday_of_the_plan")
    module.SUBJECT, module.MATTER, module.steps = "action", "birthday", steps  # type: ignore[attr-defined]
    for one in rendering.NOTICES.glob("*.j2"):
        (tmp_path / one.name).write_text(one.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "birthday_of_the_plan.j2").write_text(
        "name: An action has its birthday\n"
        "title: {{ reference }}: Action {{ number }} is a week old\n"
        "buttons: action.mark_done\n---\nMany happy returns.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(rendering, "NOTICES", tmp_path)
    for reader in (sweep, upcoming):
        monkeypatch.setattr(reader, "RULES", (*RULES, module))
    yield module
    rendering.source.cache_clear()


@pytest.mark.usefixtures("a_new_reminder")
def test_a_new_reminder_is_said_from_one_end_to_the_other(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 25 March")
    world.when("Mon 10 March", "23:00")
    world.then("Asha").never_sees("week old")
    world.when("Tue 11 March", "08:30")

    world.then("Asha").sees("F-1042: Action 1 is a week old")
    world.then("Asha").sees("Many happy returns.")
    (said,) = [one for one in world.outbox() if one.notice == "birthday_of_the_plan"]
    assert (said.rule, said.state) == ("birthday_of_the_plan", "superseded")
    world.then("Maya").never_sees("week old")
    world.then("Nosy").hears_nothing()
