"""Plays a story's events in their order, through the same boundary as every platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.app import Assistant
from bot.boundary import Answer, Press
from bot.playing import Movable, advance
from bot.story.answers import filled
from bot.story.log import Log, Moved, Pressed
from bot.story.names import Names
from bot.story.parts import Event, Scenario
from storage import audit, subjects
from storage.people import Person


def _silent(_: str) -> None:
    """Tell nobody how far it is."""


@dataclass
class Player:
    """Plays one story once; `failed` collects what came otherwise than the story says."""

    assistant: Assistant
    clock: Movable
    scenario: Scenario
    log: Log = field(default_factory=list)
    names: Names = field(default_factory=Names)
    failed: list[str] = field(default_factory=list)
    progress: Callable[[str], None] = _silent

    def __post_init__(self) -> None:
        self._last_move = 0

    def play(self, until: datetime) -> None:
        """Live through the story from its start up to a moment, every sweep on the way."""
        self._people()
        for event in self.scenario.events:
            if event.at > until:
                break
            self.progress(f"{self.assistant.office.days.local(event.at):%d %B %Y}")
            advance(self.assistant, self.clock, event.at)
            self._press(event)
        advance(self.assistant, self.clock, until)

    def _people(self) -> None:
        """Put everybody in post, their identity known on the first day unless it is said not."""
        today = self.assistant.office.days.today(self.scenario.start)
        with self.assistant.database.writing() as session:
            for handle, actor in self.scenario.people.items():
                person = Person(
                    name=actor.name,
                    agency=actor.agency,
                    roles=list(actor.roles),
                    platform=actor.platform,
                    works_on=actor.works_on,
                    identity_verified_on=today if actor.verified else None,
                )
                session.add(person)
                session.flush()
                self.names.give(handle, person.ref)

    def _press(self, event: Event) -> None:
        pressed = Pressed(self.clock.now(), event)
        try:
            answers = filled(event.answers, self.names.references)
            about = self.names.references[event.to] if event.to else ""
        except KeyError as missing:
            self.failed.append(f'{event.called}: "{missing.args[0]}" was never made')
            return
        self.log.append(pressed)
        place = len(self.log)
        person_id = int(self.names.references[event.who].rpartition("-")[2])
        platform = self.scenario.people[event.who].platform
        key = f"story:{event.number}"
        answer = self.assistant.press(
            Press(platform, key, person_id, event.command.id, about, answers)
        )
        pressed.refused = answer.refused
        self._judge(event, answer)
        if answer.ok:
            self._name(event, answer)
            self.log[place:place] = self._moves()

    def _judge(self, event: Event, answer: Answer) -> None:
        """Say so where the press did not go as the story has it."""
        did = f"{event.called}: {event.who}'s {event.command.id}"
        said = "; ".join(answer.errors.values()) or answer.sentence
        if answer.fault:
            self.failed.append(f"{did} met a fault, and nothing was saved")
        elif answer.refused == event.refused:
            return
        elif event.refused is None:
            self.failed.append(f"{did} was refused: {answer.refused}: {said}")
        else:
            came = f"was refused ({answer.refused}): {said}" if answer.refused else "was done"
            self.failed.append(f"{did} should be refused ({event.refused}), but it {came}")

    def _name(self, event: Event, answer: Answer) -> None:
        """Let the event's handles stand for what it made, and name the rest of the family's."""
        if event.made and answer.about:
            self.names.give(event.made, answer.about)
        for handle, (name, row) in event.rows.items():
            if row in answer.made.get(name, {}):
                self.names.give(handle, answer.made[name][row])
        with self.assistant.database.reading() as session:
            subject = subjects.find(session, answer.about or "")
            taf = getattr(subject, "taf", None)
            if taf is not None:
                self.names.give_parts(taf)

    def _moves(self) -> Log:
        """The moves of state since the last press, oldest first."""
        with self.assistant.database.reading() as session:
            found = audit.moves(session, after=self._last_move)
            self._last_move = max((one.id for one in found), default=self._last_move)
            return [
                Moved(one.at, one.about or "", one.facts["from"], one.facts["to"]) for one in found
            ]
