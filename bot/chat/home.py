"""What somebody finds of their own: their actions, meetings and families, and what is late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.app import Assistant
from bot.chat.showing import offering, saying
from bot.chat.typing import action_card
from bot.chat.who import STRANGER
from messages import words
from messages.card import Button, Card
from storage import meetings, plan, team
from workflows.doing import Doing
from workflows.refusals import Refusal

HERE = 10
"""Actions on one page: each is three blocks on Slack, whose home tab takes a hundred (ours)."""

MOST_OFFERED = 3
"""Offers of the lead that are listed at once; nobody has more in a day (ours)."""

MOST_FAMILIES = 10
"""Families that are listed; of all others the reference is typed (ours)."""


@dataclass(frozen=True)
class Home:
    """What one person finds: cards under headings, of their actions one page, and what begins.

    A family's card is about its work, so that everything to be done there can be reached from it.
    """

    sections: tuple[Card, ...]
    begin: tuple[Button, ...] = ()
    page: int = 0
    last: int = 0
    """The number of the last page of actions; the first is 0."""
    count: int = 0


@dataclass
class Homes:
    """Draws a person's home from the record as it stands now."""

    assistant: Assistant
    call: str

    def of(self, person_id: int | None, page: int = 0) -> Home:
        """A practitioner's home; of somebody we do not know it holds nothing of any family."""
        boundary, now = self.assistant.boundary, self.assistant.clock.now()
        if person_id is None:
            return Home((saying(STRANGER),))
        with self.assistant.database.reading() as session:
            try:
                doing = boundary.doing(session, person_id, now)
            except Refusal:
                return Home((saying(STRANGER),))
            every = plan.to_do(session, person_id)
            last = max(0, (len(every) - 1) // HERE)
            page = max(0, min(page, last))
            actions = [action_card(doing, one) for one in every[page * HERE : (page + 1) * HERE]]
            sections: tuple[Card, ...] = (
                _section("My actions", actions, "You have nothing to do."),
                _section("My meetings", _meetings(doing), "You are invited to no meeting now."),
                _section("My families", self._families(doing), "You are on no family's team now."),
            )
            if offered := _offered(doing):
                sections = (sections[0], _section("Offered to me", offered, ""), *sections[1:])
            return Home(sections, offering(doing, None), page, last, len(every))

    def _families(self, doing: Doing) -> list[Card]:
        found = [one for one in team.tafs_of(doing.session, doing.person) if one.state != "closed"]
        label = doing.policy.labels.lead_professional
        made = []
        for one in found[:MOST_FAMILIES]:
            leads = one.lead_id == doing.person.id
            role = f"You are the {label}" if leads else _led(one, label)
            late = _late(doing, one) if leads else []
            made.append(replace(saying(f"{one.reference}. {role}.", *late), about=one.ref))
        if more := len(found) - MOST_FAMILIES:
            rest = f"And {more} more: {self.call} and a reference."
            made += [saying(rest)] if more > 0 else []
        return made


def _section(heading: str, cards: list[Card], empty: str) -> Card:
    return Card(heading, cards=tuple(cards) or (saying(empty),))


def _meetings(doing: Doing) -> list[Card]:
    made = []
    for one in meetings.upcoming_for(doing.session, doing.person, doing.now)[:5]:
        at = doing.days.local(one.starts_at) if one.starts_at else None
        when = words.moment(at) if at else words.day(one.on)
        shown = saying(f"{one.taf.reference}: {when}")
        made.append(replace(shown, buttons=offering(doing, one, 1)))
    return made


def _offered(doing: Doing) -> list[Card]:
    """The lead of families, offered to whoever may be on no team of them yet."""
    label = doing.policy.labels.lead_professional
    return [
        replace(
            saying(f"{one.taf.reference}. {one.offered_by.name} asks you to be the {label}."),
            buttons=offering(doing, one, 2),
        )
        for one in team.offers_to(doing.session, doing.person)[:MOST_OFFERED]
    ]


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
