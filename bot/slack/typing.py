"""The words after /taf: a form to open, or something to be shown to whoever typed them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.app import Assistant
from bot.slack.choosing import cut, plain
from bot.slack.home import buttons_for
from bot.slack.reaching import menu
from bot.slack.saying import escaped
from bot.slack.who import STRANGER, Who, try_to_find
from messages import words
from storage import audit, families, plan, subjects, supervision
from workflows.access import may_look
from workflows.doing import Doing
from workflows.refusals import Refusal

OPENS = {"new": "taf.convene"}
"""The words that open a form."""

REFERENCE = re.compile(r"[A-Za-z]{1,2}-\d{3,7}(-\d{1,3})?")

HELP = (
    "/taf new: convene a team around a family",
    "/taf F-1042: how things stand with a family, and what you can do",
    "/taf actions: what you have to do",
    "/taf stuck: the teams that have asked for help",
    "/taf help: this list",
)
NOTHING = "There is no such family here, or you are not on its team."
MOST_SHOWN = 10

Block = dict[str, Any]
Shown = tuple[str, list[Block]]


@dataclass
class Words:
    """Answers what was typed, to whoever typed it and nobody else."""

    assistant: Assistant
    who: Who

    def opens(self, typed: str) -> str | None:
        """The command whose form is to be opened, if the words ask for one."""
        return OPENS.get(typed.strip().lower())

    def answer(self, user: str, typed: str) -> dict[str, Any]:
        """What is shown for these words."""
        person = try_to_find(self.who, user)
        if person is None:
            return _answer(STRANGER, [])
        asked = typed.strip()
        boundary, now = self.assistant.boundary, self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            try:
                doing = boundary.doing(session, person, now)
            except Refusal as no:
                return _answer(boundary.said(no), [])
            if REFERENCE.fullmatch(asked):
                return _answer(*self._family(doing, asked))
            show = _SHOWN.get(asked.lower() or "help")
            return _answer(*(show(doing) if show else _nearest(asked)))

    def _family(self, doing: Doing, reference: str) -> Shown:
        """How the work with a family stands; the look is written down (R15)."""
        taf = families.taf_of_name(doing.session, reference)
        if taf is None or not may_look(doing.person, taf):
            return NOTHING, []
        looked = {"about": taf.ref, "taf_id": taf.id, "facts": {"page": "/taf"}}
        with self.assistant.database.writing() as session:
            audit.record(session, doing.now, "read", person_id=doing.person.id, **looked)
        return _summary(doing, taf)


def _summary(doing: Doing, taf: Any) -> Shown:
    open_ones = [one for one in taf.actions if one.is_open]
    label = doing.policy.labels.lead_professional
    lead = f"{label}: {taf.lead.name}" if taf.lead else f"Nobody is the {label}"
    lines = [lead, words.sentence(words.count(len(open_ones), "open action"))]
    if taf.review_due_on:
        lines.append(f"Review due on {words.day(taf.review_due_on)}")
    elements = buttons_for(doing, taf)
    buttons = [{"type": "actions", "block_id": taf.ref, "elements": elements}] if elements else []
    return f"{taf.reference}\n" + "\n".join(lines), [*buttons, menu(taf)]


def _actions(doing: Doing) -> Shown:
    every = plan.to_do(doing.session, doing.person.id)
    if not every:
        return "You have nothing to do for any family now.", []
    blocks: list[Block] = []
    for one in every[:MOST_SHOWN]:
        said = f"{one.reference}, action {one.number}: {cut(one.words, 300)}"
        text = plain(f"{said}\nDue on {words.day(one.due_on)}.")
        blocks.append({"type": "section", "text": text})
        action = subjects.find(doing.session, one.ref)
        if elements := buttons_for(doing, action, 3):
            blocks.append({"type": "actions", "block_id": one.ref, "elements": elements})
    rest = len(every) - MOST_SHOWN
    more = f" Here are the first {MOST_SHOWN}; the Home tab has them all." if rest > 0 else ""
    return f"You have {words.count(len(every), 'action')} to do.{more}", blocks


def _stuck(doing: Doing) -> Shown:
    waiting = supervision.waiting(doing.session)
    mine = [
        one
        for one in waiting
        if "supervisor" in doing.person.roles or may_look(doing.person, one.taf)
    ]
    if not mine:
        return "No team that you may see waits for Think Family supervision.", []
    blocks: list[Block] = []
    for one in mine[:MOST_SHOWN]:
        blocks.append({"type": "section", "text": plain(f"Request {one.reference}")})
        if elements := buttons_for(doing, one, 3):
            blocks.append({"type": "actions", "block_id": one.ref, "elements": elements})
    return f"{words.sentence(words.count(len(mine), 'request'))} for supervision.", blocks


def _help(_: Doing) -> Shown:
    return "\n".join(HELP), []


def _nearest(typed: str) -> Shown:
    near = get_close_matches(typed.lower(), [*OPENS, *_SHOWN], n=1, cutoff=0.5)
    meant = f" Did you mean /taf {near[0]}?" if near else ""
    return f"I do not know that word.{meant} /taf help lists what I know.", []


_SHOWN: dict[str, Callable[[Doing], Shown]] = {
    "actions": _actions,
    "stuck": _stuck,
    "help": _help,
}


def _answer(sentence: str, blocks: list[Block]) -> dict[str, Any]:
    above = {"type": "section", "text": plain(sentence)}
    return {
        "response_type": "ephemeral",
        "text": escaped(sentence),
        "blocks": [above, *blocks],
    }
