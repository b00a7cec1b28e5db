"""Tells a scenario through the pages: each event pressed by hand by whoever does it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from playwright.sync_api import Locator, expect

from bot.story.parts import Event, Handle, Scenario
from messages import words
from messages.form import Field
from tests.browser.screen import NotOffered, Said, Screen
from tests.browser.serving import Site

FAMILY = "F-1042"
ON_THE_PHONE = frozenset({"housing", "secondary", "probation", "health", "primary"})
"""Who has a telephone in their hand; the others sit at a desk."""

LEFT_OUT = ("not_yet_held", "not_a_member")
"""Here it is always three in the afternoon; what a stranger sees has its own part of the test."""

TAB_OF_COMMAND = {
    "lead.hand_over": "Family and team",
    "taf.add_member": "Family and team",
    "taf.record_criteria": "Family and team",
    "assessment.initiate": "Family and team",
    "taf.close": "Family and team",
    "review.record": "Plan",
    "outcome.agree": "Plan",
    "action.agree": "Plan",
    "meeting.schedule": "Meetings",
    "indicator.choose": "Indicators",
    "help.ask": "Room",
}
"""Where people look for what they do for the whole family."""

TAB_OF_SUBJECT = {
    "action": "Plan",
    "plan": "Plan",
    "meeting": "Meetings",
    "indicator": "Indicators",
    "family_member": "Family and team",
    "team_member": "Family and team",
    "assessment": "Family and team",
    "help": "Family and team",
}


@dataclass
class Telling:
    """A scenario on its way: two screens, one clock, and what people call things."""

    scenario: Scenario
    site: Site
    desk: Screen
    phone: Screen
    spoken: dict[str, str] = field(default_factory=dict)
    """Each handle as people say it: a name, a role label, an action's words, a day."""
    messages: list[str] = field(default_factory=list)
    """What the clock's presses said was sent, one string a press."""
    told: int = 0
    refused: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for handle, actor in self.scenario.people.items():
            self.spoken[handle] = self.spoken[f"hardman.{handle}"] = actor.name
        self.coming: Iterator[Event] = iter(self.scenario.events)
        self._next: Event | None = next(self.coming)

    def screen(self, who: str) -> Screen:
        """The screen of somebody, who practises there from now on."""
        found = self.phone if who in ON_THE_PHONE else self.desk
        found.practises_as(self.scenario.people[who].name)
        return found

    def until(self, day: str) -> None:
        """Everything in the story up to and with a day; then it is that day."""
        last = date.fromisoformat(day)
        while self._next is not None and self._day(self._next.at) <= last:
            self._time_passes(self._day(self._next.at))
            self._happens(self._next)
            self._next = next(self.coming, None)
        self._time_passes(last)

    def _day(self, at: datetime) -> date:
        return self.site.assistant.office.days.today(at)

    def today(self) -> date:
        """The day that the practice clock shows."""
        return self._day(self.site.clock.now())

    def _time_passes(self, day: date) -> None:
        """Press the clock's own buttons until it is a day."""
        while (left := (day - self.today()).days) > 0:
            button = "A week on" if left >= 7 else "A day on"
            self.messages.append(self.desk.moves_the_clock(button))

    def _happens(self, event: Event) -> None:
        if event.refused in LEFT_OUT:
            return
        screen = self.screen(event.who)
        inside, about = self._place(screen, event)
        if event.refused:
            self._is_refused(screen, event, inside, about)
            return
        screen.presses(event.command.id, inside, about)
        if event.command.form.fields:
            screen.fills(event.command.id, self._answers(event), self._own_fields(event))
            screen.sends(event.command.id)
        screen.is_told(event.command.id)
        self.told += 1
        self._remember(event)

    def _is_refused(self, screen: Screen, event: Event, inside: Locator, about: str) -> None:
        """Either the button is not there, or its press is refused in words."""
        refusal = str(event.refused)
        if not screen.button(event.command.id, inside, about).count():
            self.refused.append(refusal)
            return
        screen.presses(event.command.id, inside, about)
        cancel = screen.page.get_by_role("link", name="Cancel", exact=True)
        try:
            screen.fills(event.command.id, self._answers(event), self._own_fields(event))
        except NotOffered:
            self.refused.append(refusal)
            screen.follows(cancel)
            return
        screen.sends(event.command.id)
        problem = screen.page.get_by_role("alert").filter(
            has_text=re.compile("There is a problem|Nothing was saved")
        )
        expect(problem).to_be_visible()
        self.refused.append(f"{refusal}: {' '.join(problem.inner_text().split())}")
        screen.follows(cancel)

    def _place(self, screen: Screen, event: Event) -> tuple[Locator, str]:
        """Go to where the button is; the part of the page it is in, and what it is about."""
        command, to = event.command, event.to or ""
        said = self.spoken.get(to, "")
        if command.on in {"", "handover"}:
            own = command.on == "handover" or command.id.startswith("my.")
            screen.clicks("My work" if own else "My families")
        elif command.on == "help" and not event.refused:
            screen.clicks("Supervision")
            return screen.main.get_by_role("region", name=re.compile(said)), ""
        else:
            tab = TAB_OF_COMMAND.get(command.id) or TAB_OF_SUBJECT[command.on]
            screen.opens_family(FAMILY, tab)
        match command.on:
            case "family_member" | "team_member":
                return screen.main, said
            case "action":
                return screen.main.get_by_role("listitem").filter(has_text=said), ""
            case "meeting" | "indicator":
                return screen.main.get_by_role("region", name=re.compile(re.escape(said))), ""
        return screen.main, ""

    def _own_fields(self, event: Event) -> Sequence[Field]:
        """What this person's agency asks beside the form's own questions."""
        if not event.command.asks_agency:
            return ()
        agency = self.scenario.policy.agencies[self.scenario.people[event.who].agency]
        return [Field(one.id, one.label, one.kind) for one in agency.fields]

    def _answers(self, event: Event) -> Mapping[str, Any]:
        return {name: self._said(answer) for name, answer in event.answers.items()}

    def _said(self, answer: Any) -> Any:
        if isinstance(answer, Handle):
            return Said(self.spoken[answer])
        if isinstance(answer, Mapping):
            return {name: self._said(one) for name, one in answer.items()}
        return [self._said(one) for one in answer] if isinstance(answer, list) else answer

    def _remember(self, event: Event) -> None:
        """How people call from now on what this event made."""
        answers = event.answers
        for handle, (name, row) in event.rows.items():
            made = answers[name][row]
            self.spoken[handle] = made.get("label") or made["words"]
        on = {"meeting.schedule": "on", "meeting.record": "next_on"}.get(event.command.id, "")
        if answers.get(on):
            self.days.append(words.long_day(answers[on]))
            self.spoken[f"hardman.meeting-{len(self.days)}"] = self.days[-1]
        if event.made:
            self.spoken[event.made] = self._called(event)

    def _called(self, event: Event) -> str:
        answers = event.answers
        match event.command.id:
            case "meeting.schedule":
                return self.days[-1]
            case "indicator.choose":
                return str(answers.get("words") or self._framework(answers["measure"]))
            case "taf.add_member":
                return self.spoken[answers["person"]]
            case "help.ask":
                return FAMILY
        return str(answers.get("words", ""))

    def _framework(self, measure: str) -> str:
        kept = self.site.assistant.office.framework
        return next(one.text for one in kept.indicators if one.id == measure)
