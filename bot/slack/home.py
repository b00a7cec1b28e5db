"""The home tab: what somebody has to do, their families and meetings, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.app import Assistant
from bot.boundary import form_for
from bot.commands import COMMANDS
from bot.slack.blocks import PRESS
from bot.slack.choosing import cut, plain
from bot.slack.who import STRANGER
from messages import words
from storage import meetings, plan, subjects, team
from workflows.doing import Doing
from workflows.refusals import Refusal

HERE = 10
"""Actions on one page: each is three blocks, and a home tab takes a hundred."""

MOST_FAMILIES = 15
PAGE = "home:page:"

Block = dict[str, Any]


@dataclass
class Homes:
    """Draws a person's home tab from the record as it stands now."""

    assistant: Assistant

    def of(self, person_id: int, page: int = 0) -> dict[str, Any]:
        """A practitioner's home tab; `page` is of their actions, the first being 0."""
        boundary, now = self.assistant.boundary, self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            try:
                doing = boundary.doing(session, person_id, now)
            except Refusal:
                return self.of_a_stranger()
            blocks = [
                _heading("My actions"),
                *self._actions(doing, page),
                _heading("My meetings"),
                *self._meetings(doing),
                _heading("My families"),
                *self._families(doing),
                {"type": "divider"},
                {"type": "actions", "block_id": "begin", "elements": buttons_for(doing, None)},
            ]
            return _home([one for one in blocks if one.get("elements", True)])

    def of_a_stranger(self) -> dict[str, Any]:
        """What somebody sees whom we do not know: nothing of any family."""
        return _home([_section(STRANGER)])

    def _actions(self, doing: Doing, page: int) -> list[Block]:
        every = plan.to_do(doing.session, doing.person.id)
        page = max(0, min(page, (len(every) - 1) // HERE)) if every else 0
        made: list[Block] = []
        for one in every[page * HERE : (page + 1) * HERE]:
            late = "Overdue: it was due on" if one.due_on < doing.today else "Due on"
            said = f"{one.reference}, action {one.number}: {cut(one.words, 300)}"
            made.append(_section(f"{said}\n{late} {words.day(one.due_on)}."))
            action = subjects.find(doing.session, one.ref)
            if buttons := buttons_for(doing, action, 3):
                made.append({"type": "actions", "block_id": one.ref, "elements": buttons})
        return made + _turning(page, len(every)) if every else [_section("You have nothing to do.")]

    def _meetings(self, doing: Doing) -> list[Block]:
        made: list[Block] = []
        for one in meetings.upcoming_for(doing.session, doing.person, doing.now)[:5]:
            at = doing.days.local(one.starts_at) if one.starts_at else None
            when = words.moment(at) if at else words.day(one.on)
            made.append(_section(f"{one.taf.reference}: {when}"))
            if buttons := buttons_for(doing, one, 1):
                made.append({"type": "actions", "block_id": one.ref, "elements": buttons})
        return made or [_section("You are invited to no meeting now.")]

    def _families(self, doing: Doing) -> list[Block]:
        found = [one for one in team.tafs_of(doing.session, doing.person) if one.state != "closed"]
        label = doing.policy.labels.lead_professional
        made = []
        for one in found[:MOST_FAMILIES]:
            leads = one.lead_id == doing.person.id
            role = f"You are the {label}" if leads else _led(one, label)
            late = _late(doing, one) if leads else []
            made.append(_section("\n".join([f"{one.reference}. {role}.", *late])))
        if len(found) > MOST_FAMILIES:
            made.append(_section(f"And {len(found) - MOST_FAMILIES} more: /taf and a reference."))
        return made or [_section("You are on no family's team now.")]


def _led(taf: Any, label: str) -> str:
    return f"{taf.lead.name} is the {label}" if taf.lead else f"Nobody is the {label}"


def _late(doing: Doing, taf: Any) -> list[str]:
    """What is late in the work with a family, for whoever leads it."""
    found = []
    if taf.review_due_on and taf.review_due_on < doing.today:
        found.append(f"The review was due on {words.day(taf.review_due_on)}.")
    overdue = [one for one in taf.actions if one.state == "open" and one.due_on < doing.today]
    if overdue:
        found.append(f"{words.sentence(words.count(len(overdue), 'action'))} overdue.")
    unrecorded = [one for one in taf.meetings if one.state == "scheduled" and one.on < doing.today]
    if unrecorded:
        found.append(f"{words.sentence(words.count(len(unrecorded), 'meeting'))} not recorded yet.")
    return found


def buttons_for(doing: Doing, subject: Any, most: int = 25) -> list[Block]:
    """The commands on a subject that this person may give now, each as a button."""
    on = subject.kind if subject is not None else ""
    names = [name for name, command in COMMANDS.items() if command.on == on]
    allowed = [one for one in names if COMMANDS[one].does.refusal(doing, subject) is None]
    about = subject.ref if subject is not None else ""
    return [
        {
            "type": "button",
            "action_id": f"{PRESS}:{name}:{number}",
            "text": plain(form_for(COMMANDS[name], doing).label, 75),
            **({"value": about} if about else {}),
        }
        for number, name in enumerate(allowed[:most])
    ]


def _turning(page: int, count: int) -> list[Block]:
    last = (count - 1) // HERE
    made = []
    if page > 0:
        made.append(_turn("Sooner", page - 1))
    if page < last:
        made.append(_turn("Later", page + 1))
    said = f"Page {page + 1} of {last + 1}: {count} actions"
    small = {"type": "context", "elements": [plain(said)]}
    return [small, {"type": "actions", "block_id": "pages", "elements": made}] if last else []


def _turn(label: str, page: int) -> Block:
    return {"type": "button", "text": plain(label, 75), "action_id": f"{PAGE}{page}"}


def _heading(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def _section(text: str) -> Block:
    return {"type": "section", "text": plain(text)}


def _home(blocks: Sequence[Block]) -> dict[str, Any]:
    return {"type": "home", "callback_id": "home", "blocks": list(blocks)}
