"""Every no has one friendly sentence, made of the facts that every raise of it gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from messages import rendering
from tests.words.samples import LABELS
from workflows import refusals
from workflows.indicators import RANGES

ROOT = Path(__file__).parents[2]
EVERY = sorted(refusals.every(), key=lambda one: one.__name__)
BY_NAME = {one.__name__: one for one in EVERY}

FACTS: dict[str, Any] = {
    "labels": LABELS,
    "who": "Asha Patel",
    "agency": "Willow Mentoring (voluntary, fictional)",
    "reference": "F-1042",
    "label": "child 12",
    "today": date(2026, 3, 4),
    "due_on": date(2026, 3, 6),
    "first_day": date(2026, 3, 4),
    "latest": date(2026, 3, 18),
    "starts_on": date(2026, 3, 2),
    "starts_at": "2026-03-05T14:00:00+00:00",
    "unit": "count",
    "references": ["F-1042", "F-2000"],
    "platform": "Slack",
    "least": 0,
    "most": 10_000,
}


def facts_used(name: str) -> set[str]:
    written = rendering._refusals()[name]
    return meta.find_undeclared_variables(rendering.ENVIRONMENT.parse(written)) - {"labels"}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Each place where a refusal is made: its class, where, and the facts it is given."""
    for path in sorted([*ROOT.glob("workflows/**/*.py"), *ROOT.glob("bot/**/*.py")]):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
                if node.exc.id in BY_NAME:
                    yield node.exc.id, f"{path.name}:{node.lineno}", set()
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in BY_NAME:
                    given = {word.arg for word in node.keywords if word.arg} - {"field"}
                    yield name, f"{path.name}:{node.lineno}", given


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    assert sorted(one().id for one in EVERY) == rendering.refusal_names()


def test_every_sentence_is_written_once() -> None:
    lines = rendering.REFUSALS.read_text(encoding="utf-8").splitlines()
    names = [line.split(":")[0] for line in lines if line and not line.startswith("#")]

    assert len(names) == len(set(names)) == len(EVERY)


@pytest.mark.parametrize("refusal", EVERY, ids=lambda one: one.__name__)
def test_a_sentence_uses_only_the_facts_that_every_raise_gives(
    refusal: type[refusals.Refusal],
) -> None:
    used = facts_used(refusal().id)

    for name, where, given in raised():
        if name == refusal.__name__:
            assert used <= given, where


def test_the_places_that_refuse_are_found() -> None:
    found = list(raised())

    assert len(found) > 40
    assert ("OfferWaiting", set()) in [(name, given) for name, _, given in found]
    assert ("NotLater", {"due_on"}) in [(name, given) for name, _, given in found]


@pytest.mark.parametrize("refusal", [*refusals.ALREADY.values(), refusals.NotNow])
def test_a_refusal_that_the_table_of_moves_makes_has_no_facts(
    refusal: type[refusals.Refusal],
) -> None:
    assert facts_used(refusal().id) == set()


@pytest.mark.parametrize("refusal", EVERY, ids=lambda one: one.__name__)
def test_a_sentence_is_short_and_friendly(refusal: type[refusals.Refusal]) -> None:
    text = rendering.refusal(refusal().id, FACTS)

    assert re.fullmatch(r"[A-Z].*[^.,:;]\.", text), text
    assert not re.search(r"[{}_*]|\bNone\b|  |please please|\berror\b|invalid|illegal", text), text
    assert len(text) <= 160
    assert all(len(one.split()) <= 25 for one in re.split(r"[.?!] ", text)), text


def test_nobody_learns_that_a_family_exists() -> None:
    """A stranger hears the same of a family that exists and of one that does not."""
    stranger = rendering.refusal("not_a_member", FACTS)

    assert stranger == rendering.refusal("gone", FACTS)
    assert stranger.startswith("There is nothing here under that reference for you.")
    assert facts_used("not_a_member") == set()
    for word in ("family", "team", "member", "closed"):
        assert word not in stranger


def test_a_reference_in_use_is_not_said_to_be_in_use() -> None:
    text = rendering.refusal("family_known", FACTS)

    assert text.startswith("Work cannot be opened under F-1042.")
    assert not re.search(r"exist|already|known|open work", text)


@pytest.mark.parametrize(
    ("name", "facts", "sentence"),
    [
        (
            "not_the_lead",
            {},
            "Only the Lead Professional can do this. Please ask them.",
        ),
        (
            "date_in_the_past",
            {},
            (
                "That has gone by already. Choose a date or time from now on: "
                "today is Wednesday 4 March."
            ),
        ),
        (
            "not_later",
            {},
            "That is too early. Choose a date later than Friday 6 March.",
        ),
        (
            "not_yet_held",
            {},
            "The meeting has not started: it is on Thursday 5 March at 2pm. Record it after that.",
        ),
        ("reading_out_of_range", {}, "The number must be from 0 to 10,000."),
        ("reading_out_of_range", {"unit": "yes_no"}, "Answer yes or no."),
        ("bad_reading", {"unit": "yes_no"}, "Answer yes or no."),
        ("bad_reading", {"unit": "money"}, "Enter pounds and pence, like 120.50."),
        ("bad_reading", {"unit": "weeks"}, "Enter a whole number, like 3."),
    ],
)
def test_the_sentence_that_is_read(name: str, facts: dict[str, Any], sentence: str) -> None:
    assert rendering.refusal(name, FACTS | facts) == sentence


def test_it_calls_the_roles_what_the_partnership_calls_them() -> None:
    theirs = FACTS | {"labels": LABELS | {"lead_professional": "lead practitioner"}}

    assert rendering.refusal("not_the_lead", theirs).startswith("Only the lead practitioner can")
    assert not re.search(
        r"lead professional|co-ordinator|supervisor",
        re.sub(r"{{.*?}}|^.*?:", "", rendering.REFUSALS.read_text(), flags=re.M),
        re.I,
    )


@pytest.mark.parametrize("unit", RANGES)
def test_every_unit_has_its_own_advice(unit: str) -> None:
    for name in ("bad_reading", "reading_out_of_range"):
        assert unit not in rendering.refusal(name, FACTS | {"unit": unit})
