"""What co-ordinators and Lead Professionals look after by typing: people, what did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.chat.showing import offering, saying
from messages import words
from messages.card import Card
from storage import people, undelivered
from workflows.doing import Doing

MOST_SHOWN = 5
HELP = (
    ("people Asha", "a practitioner in the record, and what you can change"),
    ("undelivered", "what could not be delivered, to try again or set aside"),
)
"""The words that are for those who look after the others."""

NOT_YOURS = "Only co-ordinators look after who is in the record."
NOBODY = "Nobody in the record is called that. The first words of a name are enough."


def practitioners(doing: Doing, named: str) -> Card:
    """The practitioners of a name, with what a co-ordinator may do about each."""
    if "co-ordinator" not in doing.person.roles:
        return saying(NOT_YOURS)
    found = people.found(doing.session, named, left=False, limit=MOST_SHOWN + 1)
    found += people.found(doing.session, named, left=True, limit=MOST_SHOWN + 1 - len(found))
    if not found:
        return replace(saying(NOBODY), buttons=offering(doing, None))
    more = ["There are more of that name: type more of it."] if len(found) > MOST_SHOWN else []
    shown = [_practitioner(doing, one) for one in found[:MOST_SHOWN]]
    return replace(saying(*more), cards=tuple(shown))


def _practitioner(doing: Doing, one: Any) -> Card:
    agency = doing.policy.agencies.get(one.agency)
    left = f"Left on {words.long_day(one.left_on)}." if one.left_on else ""
    said = saying(f"{one.name}, {agency.name if agency else one.agency}. {left}".strip())
    return replace(said, buttons=offering(doing, one))


def not_delivered(doing: Doing, note_read: Callable[[Any], None]) -> Card:
    """What could not be delivered, of what this person minds, newest first.

    That they read about a family is written down (R15).
    """
    everything = "co-ordinator" in doing.person.roles
    whose = None if everything else doing.person
    count = undelivered.count(doing.session, whose)
    if not count:
        return saying("Everything was delivered.")
    found = undelivered.listed(doing.session, whose, before=None, limit=MOST_SHOWN)
    for taf in {one.taf_id: one.taf for one in found if one.taf}.values():
        note_read(taf)
    shown = [
        replace(
            saying(f"{one.reference}: {one.why or 'It is not known why.'}"),
            buttons=offering(doing, one),
        )
        for one in found
    ]
    more = "" if count <= MOST_SHOWN else f" Here are the newest {MOST_SHOWN}."
    said = f"{words.sentence(words.count(count, 'thing'))} could not be delivered.{more}"
    return replace(saying(said), cards=tuple(shown))
