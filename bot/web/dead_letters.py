"""Puts in words what could not be delivered: what it is, whom it was for, and why."""

from __future__ import annotations

from typing import Any

from bot.web.visit import Visit
from messages import rendering, words
from storage import subjects

OPERATIONS = {
    "open": "The room is not open",
    "admit": "{who} is not let in",
    "remove": "{who} is not taken out, and can still read the room",
    "put_out": "{who} is not taken out, and can still read the room",
    "close": "The room is not closed, and can still be read",
    "name": "The room’s name and topic are not set",
    "pin": "The welcome is not pinned in the room",
}
"""What it means that a room operation could not be done."""


def what(visit: Visit, delivery: Any) -> str:
    """A notice's plain name, or what a room operation leaves undone."""
    if delivery.operation in OPERATIONS:
        who = delivery.person.name if delivery.person else "Somebody"
        return OPERATIONS[delivery.operation].format(who=who)
    return rendering.called(delivery.notice, visit.doing.policy.labels.model_dump())


def whom(visit: Visit, delivery: Any) -> str:
    """For whom it was, or which room."""
    room, person = delivery.lane.room, delivery.lane.person
    if person is not None:
        return str(person.name)
    if room.taf_id is None:
        return f"The {visit.doing.policy.labels.supervisor}s’ room"
    return "The family’s room"


def _about(visit: Visit, delivery: Any) -> str:
    """Which action or indicator of the family's it is about, by its number alone."""
    subject = subjects.find(visit.session, delivery.about or "")
    if subject is None or subject.kind not in {"action", "indicator"}:
        return ""
    return f"{words.sentence(subject.kind)} {subject.number}"


def facts(visit: Visit, delivery: Any) -> list[tuple[str, str]]:
    """What whoever minds it needs to know."""
    tried = delivery.attempt_at or delivery.available_at
    return [
        ("About", _about(visit, delivery)),
        ("For", whom(visit, delivery)),
        ("Why", delivery.why or ""),
        ("Last tried", words.sentence(words.long_moment(visit.days.local(tried)))),
        ("Number", delivery.reference),
    ]
