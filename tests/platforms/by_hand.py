"""Gives any command of a story by hand, on whichever platform a town works on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

from bot.boundary import Answer, Press, form_for
from bot.commands import COMMANDS
from bot.story.player import Player
from messages.form import Field, Form
from storage import inbox, subjects
from storage.people import Person
from tests.platforms.slack.refusing import ClientRefuses

MOST_STEPS = 12


class Question(NamedTuple):
    """A question before somebody: its path, and of which row, by the row's handle."""

    path: str
    handle: str = ""


class ByHand:
    """The assistant of a town, to whom nothing is said but through the town's platform.

    `kinds` are what the inbox calls presses and forms there.
    """

    kinds: ClassVar[tuple[str, ...]]

    def __init__(self, town: Any, hands: Mapping[int, Any]) -> None:
        self.town, self.hands = town, hands
        self.given = self.before = 0
        self.not_offered: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.town.assistant, name)

    def begins(self, hand: Any, press: Press) -> bool:
        """Open the form of a command, or press its button; False where nothing offers it."""
        raise NotImplementedError

    def is_form(self, view: Any) -> bool:
        """Whether a window shows a form, and not why there is none."""
        raise NotImplementedError

    def is_wrong(self, view: Any) -> bool:
        """Whether a window says that something in it cannot be taken."""
        raise NotImplementedError

    def questions(self, view: Any) -> list[Question]:
        """What a window asks, in its order."""
        raise NotImplementedError

    def fill(self, hand: Any, question: Question, value: Any) -> None:
        """Answer one question."""
        raise NotImplementedError

    def may_add(self, view: Any, name: str) -> bool:
        """Whether another row can be added to a list."""
        raise NotImplementedError

    def adds(self, hand: Any, name: str) -> None:
        """Add another row to a list."""
        raise NotImplementedError

    def send(self, hand: Any) -> None:
        """Send off what is in front of somebody."""
        hand.submits(hand.view)

    def press(self, press: Press) -> Answer:
        """Do by hand what a story's person did; what is not offered to them, they cannot do."""
        hand = self.hands[press.person_id]
        self.before = self._last()
        if not self.begins(hand, press):
            return self._refused_at_once(press)
        try:
            taken = hand.view is None or self._fills(hand, press)
        except ClientRefuses:
            hand.closes(hand.view)
            return self._refused_at_once(press)
        if not taken:
            if hand.view is not None:
                hand.closes(hand.view)
            return self.kept(self.before) or self._refused_at_once(press)
        self.town.rest()
        done = self.kept(self.before)
        self.given += bool(done and done.ok)
        assert done is not None, f"{press.command} by {hand.person.real_name} was not kept"
        assert not hand.errors, hand.errors
        return done

    def _refused_at_once(self, press: Press) -> Answer:
        """The platform let them send nothing: why, says the same press from elsewhere."""
        answer: Answer = self.town.assistant.press(press)
        assert not answer.ok, f"{press.command} is not offered here, and is allowed"
        self.not_offered.append(press.command)
        return answer

    def _fills(self, hand: Any, press: Press) -> bool:
        """Fill in one step after the other; whether it was taken."""
        form = self._form(press)
        done: set[Question] = set()
        for _ in range(MOST_STEPS):
            if hand.view is None:
                return True
            if not self.is_form(hand.view):
                return False
            self._one_step(hand, form, press.answers, done)
            shown = json.dumps(hand.view.blocks)
            self.send(hand)
            if hand.view is not None and self.is_wrong(hand.view):
                return False
            if hand.view is not None and json.dumps(hand.view.blocks) == shown:
                raise AssertionError(f"{press.command}: nothing happened: {shown[:500]}")
        raise AssertionError(f"{press.command} never came to its end")

    def _one_step(self, hand: Any, form: Form, raw: Mapping[str, Any], done: set[Question]) -> None:
        while True:
            asked = self.questions(hand.view)
            todo = next((one for one in asked if one not in done), None)
            if todo is not None:
                done.add(todo)
                value = _answer(form, raw, todo)
                if value is not None:
                    self.fill(hand, todo, value)
                continue
            wanted = next((one for one in form.fields if _too_few(one, raw, asked)), None)
            if wanted is None or not self.may_add(hand.view, wanted.id):
                return
            self.adds(hand, wanted.id)

    def _form(self, press: Press) -> Form:
        assistant = self.town.assistant
        with assistant.database.reading() as session:
            doing = assistant.boundary.doing(session, press.person_id, assistant.clock.now())
            return form_for(COMMANDS[press.command], doing)

    def name_of_the_work(self, about: str) -> str:
        """The reference of the work that something is part of, "" where there is none."""
        with self.town.assistant.database.reading() as session:
            taf = getattr(subjects.find(session, about), "taf", None)
            return taf.name if taf is not None else ""

    def _last(self) -> int:
        with self.town.assistant.database.reading() as session:
            last = session.query(inbox.Received).order_by(inbox.Received.id.desc()).first()
            return last.id if last else 0

    def kept(self, after: int) -> Answer | None:
        """What came of the last thing that was kept since then."""
        with self.town.assistant.database.reading() as session:
            found = (
                session.query(inbox.Received)
                .where(inbox.Received.id > after, inbox.Received.kind.in_(self.kinds))
                .order_by(inbox.Received.id.desc())
                .first()
            )
            if found is None or found.answer is None:
                return None
            kept = found.answer
            made = {
                name: {int(row): ref for row, ref in rows.items()}
                for name, rows in kept.get("made", {}).items()
            }
            return Answer(
                kept["sentence"],
                about=kept["about"],
                refused=kept.get("refused"),
                errors=kept.get("errors", {}),
                made=made,
            )


class HandPlayer(Player):
    """Plays a story whose people all have an account on the platform."""

    def _people(self) -> None:
        by_hand: Any = self.assistant
        for handle, number in zip(self.scenario.people, by_hand.hands, strict=True):
            self.names.give(handle, f"person-{number}")


def everybody(
    town: Any, people: Mapping[str, Any], known: date, platform: str, account: Callable[[Any], str]
) -> dict[int, Any]:
    """A hand for everybody of a story, by their number in the record, which knows their account."""
    hands = {}
    with town.assistant.database.writing() as session:
        for handle, actor in people.items():
            hand = town.workspace.joins(actor.name, f"{handle.replace('_', '.')}@example.org")
            person = Person(
                name=actor.name,
                agency=actor.agency,
                roles=list(actor.roles),
                platform=platform,
                platform_id=account(hand),
                works_on=actor.works_on,
                identity_verified_on=known if actor.verified else None,
            )
            session.add(person)
            session.flush()
            hands[person.id] = hand
    return hands


def _answer(form: Form, raw: Mapping[str, Any], asked: Question) -> Any:
    """The story's answer to a question, as a hand would give it; None leaves it as it is."""
    fields = {one.id: one for one in form.fields}
    if asked.path in fields and not fields[asked.path].fields:
        return _given(fields[asked.path], raw.get(asked.path))
    name, _, rest = asked.path.partition("-")
    row, _, inner = rest.partition("-")
    of = fields[name]
    rows = [one for one in raw.get(name) or [] if isinstance(one, dict)]
    if of.kind == "each":
        given = next((one for one in rows if one.get("who") == asked.handle), {})
    else:
        given = rows[int(row)] if int(row) < len(rows) else {}
    field = next(one for one in of.fields if one.id == inner)
    return _given(field, given.get(inner))


def _given(field: Field, value: Any) -> Any:
    if value in (None, "", []):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind == "time":
        return str(value).zfill(5)
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def _too_few(field: Field, raw: Mapping[str, Any], asked: Iterable[Question]) -> bool:
    """Whether a list that is being filled in has fewer rows than are to be given."""
    if field.kind != "list":
        return False
    of = [one.path.split("-")[1] for one in asked if one.path.startswith(f"{field.id}-")]
    return max((int(one) + 1 for one in of), default=0) < len(raw.get(field.id) or [])
