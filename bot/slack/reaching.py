"""Everything that can be done about a family, in one list to search: nothing is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.boundary import form_for
from bot.commands import COMMANDS
from bot.slack.choosing import LISTED, cut, plain
from messages import words
from messages.form import Choice
from storage import subjects
from workflows.access import may_look
from workflows.doing import Doing

REACH = "reach:"
"""The action_id is "reach:" and the reference of the work: what it lists is asked for each time."""

Block = dict[str, Any]


def menu(taf: Any) -> Block:
    """The list, under a family's summary."""
    return {
        "type": "section",
        "block_id": f"{REACH}{taf.ref}",
        "text": plain("Something else about this family"),
        "accessory": {
            "type": "external_select",
            "action_id": f"{REACH}{taf.ref}",
            "min_query_length": 0,
            "placeholder": plain("Search: meeting, action 3…", 150),
        },
    }


def read_reach(value: str) -> tuple[str, str] | None:
    """The command and what it is given on, from the choice that was made."""
    command, _, about = value.partition(" ")
    return (command, about) if command in COMMANDS else None


def within_reach(doing: Doing, taf: Any, typed: str) -> dict[str, Any]:
    """What this person may do now about the family, of what holds every word typed."""
    if not may_look(doing.person, taf):
        return {"options": []}
    wanted = typed.casefold().split()
    found = [
        one for one in _allowed(doing, taf) if all(word in one.label.casefold() for word in wanted)
    ]
    return {
        "options": [
            {"text": plain(cut(one.label, 75), 75), "value": one.value} for one in found[:LISTED]
        ]
    }


def _allowed(doing: Doing, taf: Any) -> Iterator[Choice]:
    for subject in _subjects(taf):
        for name, command in COMMANDS.items():
            if command.on == subject.kind and command.does.refusal(doing, subject) is None:
                label = f"{called(doing, subject)}: {form_for(command, doing).label}"
                yield Choice(f"{name} {subject.ref}", label)


def _subjects(taf: Any) -> Iterator[Any]:
    yield taf
    plans = [taf.plan] if taf.plan else []
    yield from (*plans, *taf.meetings, *taf.actions, *taf.indicators, *taf.assessments)
    yield from (*taf.family.members, *taf.team, *taf.handovers, *taf.help_requests)


def called(doing: Doing, subject: Any) -> str:
    """A subject in two or three words, without anything that was typed about the family."""
    match subject.kind:
        case "taf":
            return str(subject.reference)
        case "family_member":
            return words.sentence(str(subject.label))
        case "team_member":
            return str(subject.person.name)
        case "meeting":
            return f"Meeting on {words.day(subject.on)}"
        case "plan":
            return words.sentence(doing.policy.labels.family_support_plan)
        case "help":
            return f"Request {subject.reference}"
        case "handover":
            return f"Lead offered to {subject.taker.name}"
        case _:
            return f"{words.sentence(subject.kind)} {getattr(subject, 'number', subject.id)}"


def found(doing: Doing, ref: str, typed: str) -> dict[str, Any]:
    """The same for a reference that a message carried."""
    taf = subjects.find(doing.session, ref)
    is_work = taf is not None and taf.kind == "taf"
    return within_reach(doing, taf, typed) if is_work else {"options": []}
