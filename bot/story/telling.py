"""Tells a played story in words: day by day, who did what and what was said to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.commands import COMMANDS
from bot.story.parts import Scenario
from bot.timeline import Entry
from messages.words import count, day

MARGIN = " " * 7
PLATFORMS = {"slack": "Slack", "teams": "Teams", "web": "the web"}


def told(scenario: Scenario, document: dict[str, Any], only: str | None) -> str:
    """The whole story in words, and at its end whether what was expected held."""
    start, end = (datetime.fromisoformat(document[name]) for name in ("start", "end"))
    whose = f", as {_person(scenario, only)} saw it" if only else ""
    lines = [
        f"{document['scenario']}{whose}",
        f"{day(start)} {start.year} to {day(end)} {end.year}",
        *_days(scenario, document["timeline"]),
        "",
        *_expected(document["expect"]),
    ]
    return "\n".join(lines)


def _days(scenario: Scenario, entries: list[Entry]) -> Iterator[str]:
    shown = None
    year: int | None = None
    for entry in entries:
        at = datetime.fromisoformat(entry["at"])
        if at.date() != shown:
            shown = at.date()
            heading = day(at) if at.year == year else f"{day(at)} {at.year}"
            year = at.year
            yield from ("", heading)
        first, *rest = _lines(scenario, entry)
        inside = "  - " if "in" in entry else ""
        yield f"{MARGIN}{inside}{first}" if inside else f"{at:%H:%M}  {first}"
        indent = MARGIN + (" " * len(inside) or "  ")
        yield from (f"{indent}{line}" for line in rest)


def _lines(scenario: Scenario, entry: Entry) -> Iterator[str]:
    match entry["kind"]:
        case "press":
            to = f", {entry['to']}" if entry["to"] else ""
            label = COMMANDS[entry["command"]].form.label
            refused = f" (refused: {entry['refused']})" if "refused" in entry else ""
            yield f"{_person(scenario, entry['who'])} presses “{label}”{to}{refused}"
        case "state":
            yield f"{entry['of']}: {entry['from']} → {entry['to']}"
        case "room":
            yield _room(scenario, entry)
        case _:
            yield from _said(scenario, entry)


def _room(scenario: Scenario, entry: Entry) -> str:
    did = next(one for one in ("opened", "admitted", "removed", "closed") if one in entry)
    who = _person(scenario, entry["who"]) if entry["who"] else ""
    return {
        "opened": f"Room {entry[did]} opens",
        "admitted": f"{who} is let into room {entry[did]}",
        "removed": f"{who} is taken out of room {entry[did]}",
        "closed": f"Room {entry[did]} closes for good",
    }[did]


def _said(scenario: Scenario, entry: Entry) -> Iterator[str]:
    rule = f"  [{entry['rule']}]" if "rule" in entry else ""
    if "in" in entry:
        yield f"{entry['title']}{rule}"
    else:
        to = entry["to"]
        where = f"room {to}" if to not in scenario.people else _person(scenario, to)
        again = ", changed in place" if "edited" in entry else ""
        platform = PLATFORMS.get(entry["platform"], entry["platform"])
        yield f"to {where} (on {platform}{again}): {entry['title']}{rule}"
    yield from entry["text"].splitlines()


def _person(scenario: Scenario, handle: str | None) -> str:
    actor = scenario.people.get(handle or "")
    return actor.name if actor else str(handle)


def _expected(expect: dict[str, Any]) -> Iterator[str]:
    held, failed = expect["held"], expect["failed"]
    if not failed:
        yield f"Everything was as the story expects ({count(held, 'expectation')} held)."
        return
    yield f"Not as the story expects ({count(held, 'expectation')} held):"
    yield from (f"- {line}" for line in failed)
