"""Everything that can be done about a family, in one list to search: nothing is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.boundary import form_for
from bot.commands import COMMANDS
from messages import words
from messages.form import Choice
from storage import subjects
from workflows.access import may_look
from workflows.doing import Doing


def read_reach(value: str) -> tuple[str, str] | None:
    """The command and what it is given on, from the choice that was made."""
    command, _, about = value.partition(" ")
    return (command, about) if command in COMMANDS else None


def within_reach(doing: Doing, ref: str, typed: str = "") -> list[Choice]:
    """What this person may do now about the family of this work, of what holds every word typed."""
    taf = subjects.find(doing.session, ref)
    if taf is None or taf.kind != "taf" or not may_look(doing.person, taf):
        return []
    wanted = typed.casefold().split()
    return [
        one for one in _allowed(doing, taf) if all(word in one.label.casefold() for word in wanted)
    ]


def allowed(doing: Doing, subject: Any) -> list[str]:
    """The commands on a subject that this person may give now; on nothing, those that begin."""
    on = subject.kind if subject is not None else ""
    return [
        name
        for name, command in COMMANDS.items()
        if command.on == on and command.does.refusal(doing, subject) is None
    ]


def _allowed(doing: Doing, taf: Any) -> Iterator[Choice]:
    for subject in _subjects(taf):
        for name in allowed(doing, subject):
            label = f"{called(doing, subject)}: {form_for(COMMANDS[name], doing).label}"
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
