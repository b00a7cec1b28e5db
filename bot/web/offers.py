"""The buttons of a page: each is offered exactly when its press would be allowed now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bot.commands import COMMANDS
from bot.web.describe import short
from bot.web.visit import Visit
from storage import subjects


@dataclass(frozen=True)
class Offer:
    """One button. A single press acts at once, with its own key; the others open a form.

    `about` tells it apart for those who cannot see what it stands beside.
    """

    label: str
    address: str
    single: bool
    about: str
    key: str
    seen: int | None
    back: str
    command: str


def offer(visit: Visit, name: str, subject: Any, back: str) -> Offer | None:
    """The button of a command on a subject, or None where its press would be refused."""
    if name not in COMMANDS or not visit.may(name, subject):
        return None
    form = visit.form(name)
    address = f"/do/{name}" + (f"/{subject.ref}" if subject is not None else "")
    return Offer(
        label=form.label,
        address=address,
        single=not form.asks,
        about=short(visit, subject) if subject is not None else "",
        key=uuid4().hex,
        seen=subject.version if subject is not None else None,
        back=back,
        command=name,
    )


def offers(visit: Visit, names: Iterable[str], subject: Any, back: str) -> list[Offer]:
    """The buttons of these commands that this person may press now."""
    made = (offer(visit, name, subject, back) for name in names)
    return [one for one in made if one is not None]


def all_offers(visit: Visit, subject: Any, back: str) -> list[Offer]:
    """Every command on a subject that this person may give now, in the table's order."""
    names = [name for name, command in COMMANDS.items() if command.on == subject.kind]
    return offers(visit, names, subject, back)


def offers_of(visit: Visit, pairs: Iterable[tuple[str, str]], back: str) -> list[Offer]:
    """The buttons of a card: pairs of a command and the reference it is given on."""
    made = []
    for name, ref in pairs:
        command = COMMANDS.get(name)
        if command is None:
            continue
        subject = subjects.find(visit.session, ref) if command.on else None
        if command.on and (subject is None or subject.kind != command.on):
            continue
        found = offer(visit, name, subject, back)
        if found:
            made.append(found)
    return made
