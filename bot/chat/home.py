"""What somebody finds of their own: their actions, meetings and families, and what is late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
"""Actions, and families, on one page: of a hundred blocks that Slack's home tab takes, an action is
three and a family three (ours)."""

MEETINGS = 5
"""Meetings on one page (ours)."""

MOST_OFFERED = 3
"""Offers of the lead that are listed at once; nobody has more in a day (ours)."""


@dataclass(frozen=True)
class Home:
    """What one person finds: cards under headings, of each list one page, and what begins.

    A family's card is about its work, so that everything to be done there can be reached from it.
    """

    sections: tuple[Card, ...]
    begin: tuple[Button, ...] = ()
    page: int = 0
    last: int = 0
    """The number of the last page of the longest list; the first is 0."""
    counts: tuple[str, ...] = ()
    """How many there are of everything: "12 actions", "3 meetings"."""

    @property
    def place(self) -> str:
        """Which page it is, and of what."""
        return f"Page {self.page + 1} of {self.last + 1}: {words.listed(self.counts)}"


@dataclass
class Homes:
    """Draws a person's home from the record as it stands now."""

    assistant: Assistant

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
            actions = _Listed(plan.to_do(session, person_id), HERE, partial(action_card, doing))
            invited = meetings.upcoming_for(session, doing.person, now)
            coming = _Listed(invited, MEETINGS, partial(_meeting, doing))
            families = _Listed(_families(doing), HERE, _family)
            last = max(one.last for one in (actions, coming, families))
            page = max(0, min(page, last))
            sections: tuple[Card, ...] = (
                actions.section("My actions", page, "You have nothing to do."),
                coming.section("My meetings", page, "You are invited to no meeting now."),
                families.section("My families", page, "You are on no family's team now."),
            )
            if offered := _offered(doing):
                sections = (sections[0], Card("Offered to me", cards=offered), *sections[1:])
            told = families.count("family", "families")
            counts = (actions.count("action"), coming.count("meeting"), told)
            return Home(sections, offering(doing, None), page, last, counts)


@dataclass(frozen=True)
class _Listed:
    """A list of which each page of home shows some."""

    every: Sequence[Any]
    here: int
    shown: Callable[[Any], Card]

    @property
    def last(self) -> int:
        return max(0, (len(self.every) - 1) // self.here)

    def count(self, noun: str, plural: str = "") -> str:
        return words.count(len(self.every), noun, plural)

    def section(self, heading: str, page: int, empty: str) -> Card:
        cards = [self.shown(one) for one in self.every[page * self.here :][: self.here]]
        if more := len(self.every) - (page + 1) * self.here:
            cards += [saying(f"{more} more on the pages after this.")] if more > 0 else []
        if not cards:
            cards = [saying("All of them are on the pages before this." if self.every else empty)]
        return Card(heading, cards=tuple(cards))


def _families(doing: Doing) -> list[tuple[str, str, list[str]]]:
    """Each family's work, who leads it and what is late: first what this person leads and is late.

    Each as its subject, what is said of it, and what is late.
    """
    label, found = doing.policy.labels.lead_professional, []
    for one in team.tafs_of(doing.session, doing.person):
        if one.state == "closed":
            continue
        leads = one.lead_id == doing.person.id
        role = f"You are the {label}" if leads else _led(one, label)
        late = _late(doing, one) if leads else []
        found.append((not late, not leads, (one.ref, f"{one.reference}. {role}.", late)))
    return [said for _, _, said in sorted(found, key=lambda one: one[:2])]


def _family(said: tuple[str, str, list[str]]) -> Card:
    ref, role, late = said
    return replace(saying(role, *late), about=ref)


def _meeting(doing: Doing, meeting: Any) -> Card:
    at = doing.days.local(meeting.starts_at) if meeting.starts_at else None
    when = words.moment(at) if at else words.day(meeting.on)
    shown = saying(f"{meeting.taf.reference}: {when}")
    return replace(shown, buttons=offering(doing, meeting, 1))


def _offered(doing: Doing) -> tuple[Card, ...]:
    """The lead of families, offered to whoever may be on no team of them yet."""
    label = doing.policy.labels.lead_professional
    return tuple(
        replace(
            saying(f"{one.taf.reference}. {one.offered_by.name} asks you to be the {label}."),
            buttons=offering(doing, one, 2),
        )
        for one in team.offers_to(doing.session, doing.person)[:MOST_OFFERED]
    )


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
