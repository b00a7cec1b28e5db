"""The words typed to the assistant: a form to open, or something shown to whoever typed them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from typing import Any

from bot.app import Assistant
from bot.chat import looking_after
from bot.chat.showing import offering, saying
from bot.chat.who import STRANGER, Who
from messages import words
from messages.card import Card
from storage import audit, families, plan, subjects, supervision
from workflows.access import may_look
from workflows.doing import Doing
from workflows.refusals import Refusal

OPENS = {"new": "taf.convene"}
"""The words that open a form."""

REFERENCE = re.compile(r"[A-Za-z]{1,2}-\d{3,7}(-\d{1,3})?")

UNDELIVERED = "undelivered"
PEOPLE = re.compile(r"people\s+(\S.{0,100})", re.IGNORECASE)

HELP = (
    ("new", "convene a team around a family"),
    ("F-1042", "how things stand with a family, and what you can do"),
    ("actions", "what you have to do"),
    ("stuck", "the teams that have asked for help"),
    ("help", "this list"),
)
NOTHING = "There is no such family here, or you are not on its team."
MOST_SHOWN = 10
MOST_WORDS = 200
"""Of an action's words, in a list of many (ours)."""


@dataclass
class Words:
    """Answers what was typed, to whoever typed it and nobody else.

    `call` is how the assistant is called on this platform: "/taf", "@TAF".
    """

    assistant: Assistant
    who: Who
    call: str

    def opens(self, typed: str) -> str | None:
        """The command whose form is to be opened, if the words ask for one."""
        return OPENS.get(typed.strip().lower())

    def says_nothing_of_people(self, typed: str) -> bool:
        """Whether what was typed is a reference or a word of ours: it may stand in a button."""
        asked = typed.strip()
        return bool(REFERENCE.fullmatch(asked)) or asked.lower() in {*_SHOWN, UNDELIVERED}

    def answer(self, account: str, typed: str) -> Card:
        """What is shown for these words; under a card about a family's work, all it offers."""
        person = self.who.try_to_find(account)
        if person is None:
            return saying(STRANGER)
        asked = typed.strip()
        boundary, now = self.assistant.boundary, self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            try:
                doing = boundary.doing(session, person, now)
            except Refusal as no:
                return saying(boundary.said(no))
            if REFERENCE.fullmatch(asked):
                return self._family(doing, asked)
            if found := PEOPLE.fullmatch(asked):
                return looking_after.practitioners(doing, found[1])
            if asked.lower() == UNDELIVERED:
                return looking_after.not_delivered(doing, partial(self._note_read, doing))
            show = _SHOWN.get(asked.lower() or "help")
            return show(doing, self.call) if show else self._nearest(asked)

    def _family(self, doing: Doing, reference: str) -> Card:
        """How the work with a family stands; the look is written down (R15)."""
        taf = families.taf_of_name(doing.session, reference)
        if taf is None or not may_look(doing.person, taf):
            return saying(NOTHING)
        self._note_read(doing, taf)
        return _summary(doing, taf)

    def _note_read(self, doing: Doing, taf: Any) -> None:
        looked = {"about": taf.ref, "taf_id": taf.id, "facts": {"page": "typed"}}
        with self.assistant.database.writing() as session:
            audit.record(session, doing.now, "read", person_id=doing.person.id, **looked)

    def _nearest(self, typed: str) -> Card:
        near = get_close_matches(typed.lower(), [*OPENS, *_SHOWN, UNDELIVERED], n=1, cutoff=0.5)
        meant = f" Did you mean {self.call} {near[0]}?" if near else ""
        return saying(f"I do not know that word.{meant} {self.call} help lists what I know.")


def _summary(doing: Doing, taf: Any) -> Card:
    open_ones = [one for one in taf.actions if one.is_open]
    label = doing.policy.labels.lead_professional
    lead = f"{label}: {taf.lead.name}" if taf.lead else f"Nobody is the {label}"
    lines = [lead, words.sentence(words.count(len(open_ones), "open action"))]
    if taf.review_due_on:
        lines.append(f"Review due on {words.day(taf.review_due_on)}")
    shown = saying(*lines, title=taf.reference)
    return replace(shown, buttons=offering(doing, taf), about=taf.ref)


def _actions(doing: Doing, call: str) -> Card:
    every = plan.to_do(doing.session, doing.person.id)
    if not every:
        return saying("You have nothing to do for any family now.")
    rest = len(every) - MOST_SHOWN
    more = f"Here are the first {MOST_SHOWN}. {call} and a reference shows the others."
    shown = saying(
        f"You have {words.count(len(every), 'action')} to do.", *([more] if rest > 0 else [])
    )
    return replace(shown, cards=tuple(action_card(doing, one) for one in every[:MOST_SHOWN]))


def action_card(doing: Doing, one: Any) -> Card:
    """One of somebody's actions, with what they can do about it."""
    late = "Overdue: it was due on" if one.due_on < doing.today else "Due on"
    said = f"{one.reference}, action {one.number}: {words.cut(one.words, MOST_WORDS)}"
    shown = saying(said, f"{late} {words.day(one.due_on)}.")
    return replace(shown, buttons=offering(doing, subjects.find(doing.session, one.ref), 3))


def _stuck(doing: Doing, _: str) -> Card:
    waiting = supervision.waiting(doing.session)
    mine = [
        one
        for one in waiting
        if "supervisor" in doing.person.roles or may_look(doing.person, one.taf)
    ]
    if not mine:
        return saying("No team that you may see waits for Think Family supervision.")
    requests = [
        replace(saying(f"Request {one.reference}"), buttons=offering(doing, one, 3))
        for one in mine[:MOST_SHOWN]
    ]
    count = words.sentence(words.count(len(mine), "request"))
    return replace(saying(f"{count} for supervision."), cards=tuple(requests))


def _help(doing: Doing, call: str) -> Card:
    more = looking_after.HELP if "co-ordinator" in doing.person.roles else ()
    return saying(*(f"{call} {word}: {what}" for word, what in (*HELP, *more)))


_SHOWN: dict[str, Callable[[Doing, str], Card]] = {
    "actions": _actions,
    "stuck": _stuck,
    "help": _help,
}
