"""A story as it was played: everything pressed, moved and said, in one line of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.platform import Place
from bot.story.log import Carried, Happening, Log, Moved, Pressed, RoomChanged
from bot.story.names import Names
from messages.card import Card
from storage import outbox
from workflows.working_days import WorkingDays

Entry = dict[str, Any]

DIGEST = "digest"


def timeline(session: Any, log: Log, names: Names, days: WorkingDays) -> list[Entry]:
    """Every happening as an entry of the document, in its order; moments local, ISO 8601.

    What stands inside a digest follows it as entries of their own, marked `in: "digest"`.
    """
    return [
        {"at": local(happened.at, days), **entry}
        for happened in log
        for entry in _entries(session, happened, names)
    ]


def local(at: datetime, days: WorkingDays) -> str:
    """A moment on the partnership's clock, with its offset."""
    return days.local(at).isoformat(timespec="seconds")


def _entries(session: Any, happened: Happening, names: Names) -> Iterator[Entry]:
    match happened:
        case Pressed():
            yield _pressed(happened, names)
        case Moved(of=of, before=before, to=to):
            yield {"kind": "state", "of": names.of(of), "from": before, "to": to}
        case RoomChanged(did=did, room=room, person_id=person):
            who = names.of(f"person-{person}") if person else None
            yield {"kind": "room", did: room, "who": who}
        case Carried():
            yield from _said(session, happened, names)


def _pressed(happened: Pressed, names: Names) -> Entry:
    event = happened.event
    about = names.of(names.references.get(event.to, event.to)) if event.to else None
    entry = {"kind": "press", "who": event.who, "command": event.command.id, "to": about}
    return entry | ({"refused": happened.refused} if happened.refused else {})


def _said(session: Any, carried: Carried, names: Names) -> Iterator[Entry]:
    message, card = carried.message, carried.message.card
    to = _recipient(message.to, names)
    yield _notice(message.notice, to, carried.platform, card, message.rule, names) | (
        {"edited": True} if message.replaces else {}
    )
    if message.notice == DIGEST:
        for one, inside in zip(outbox.gathered(session, message.number), card.cards, strict=True):
            notice = _notice(one.notice or "", to, carried.platform, inside, one.rule, names)
            yield notice | {"in": DIGEST}


def _notice(
    stem: str, to: str | None, platform: str, card: Card, rule: str | None, names: Names
) -> Entry:
    own = Card(card.title, card.lines)
    entry = {
        "kind": "notice",
        "notice": stem,
        "to": to,
        "platform": platform,
        "about": names.of(card.about),
    }
    if rule:
        entry["rule"] = rule
    return entry | {"title": card.title, "text": own.text}


def _recipient(place: Place, names: Names) -> str | None:
    return names.of(f"person-{place.person_id}") if place.person_id else place.name


def only_of(entries: list[Entry], person: str) -> list[Entry]:
    """What one person did, what they were told themselves, and which rooms they came into."""
    return [one for one in entries if person in (one.get("who"), one.get("to"))]
