"""A command's form before one person: what it begins with, what of it is kept, who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.app import Assistant
from bot.boundary import find_subject, form_for, knows, lists_for
from bot.commands import COMMANDS, Command
from bot.starting import beginning
from messages import words
from messages.drafting import over, touched
from messages.form import ChoiceLists, Form, Raw
from messages.reading import NotTaken, read
from messages.rows import laid_out, merged
from storage import audit, drafts
from workflows.access import may_look
from workflows.doing import Doing
from workflows.refusals import Gone

MOST_WORDS = next(one.limit for one in COMMANDS["action.agree"].form.fields if one.id == "words")


@dataclass(frozen=True)
class Asked:
    """Which form is before whom: all that a window carries, and no answer of it.

    `seen` is the version of the subject that the form was opened on; `key` tells this opening of
    the form from every other, where the platform has no name of its own for it. `card` is the
    message that it was opened from and which drawing of it that was, where either is carried along.
    """

    person_id: int
    command: str
    about: str = ""
    step: int = 0
    seen: int | None = None
    key: str = ""
    card: tuple[str, str] = ("", "")

    @property
    def meta(self) -> dict[str, Any]:
        """What the window carries unseen: opaque references and numbers (R1)."""
        found = {"c": self.command, "a": self.about, "s": self.step, "v": self.seen}
        found |= {"k": self.key} if self.key else {}
        return found | ({"m": self.card[0], "n": self.card[1]} if any(self.card) else {})


def asked_again(person_id: int, meta: Mapping[str, Any]) -> Asked | None:
    """The form that a window says it shows, None where it says nothing that can be read."""
    try:
        seen = meta["v"] if isinstance(meta["v"], int) else None
        return Asked(person_id, str(meta["c"]), str(meta["a"]), int(meta["s"]), seen)
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Ready:
    """A form ready to be drawn: its lists at hand, its answers so far, and what it is about.

    `begins` is what it is filled in with where nobody has answered yet.
    """

    asked: Asked
    form: Form
    lists: ChoiceLists
    raw: dict[str, Any]
    context: Sequence[str] = ()
    begins: Mapping[str, Any] = field(default_factory=dict)

    def over(self, given: Raw) -> dict[str, Any]:
        """The answers given now over the earlier ones, and those over what the form begins with."""
        raw = merged(self.raw, given)
        return laid_out(self.form, {**self.begins, **raw}, self.lists)

    def known(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The answers to questions that the form asks now: a question may have gone meanwhile."""
        asked = {one.id for one in self.form.fields}
        return {name: value for name, value in raw.items() if name in asked}

    def wrong(self, raw: Mapping[str, Any]) -> dict[str, str]:
        """What of these answers cannot be taken, by path, a sentence each."""
        try:
            read(self.form, self.known(raw), self.lists)
        except NotTaken as no:
            return dict(no.errors)
        return {}


@dataclass
class Asking:
    """Makes forms ready for a person and keeps what they fill in, each in its own session."""

    assistant: Assistant

    def ready(self, asked: Asked, raw: dict[str, Any] | None = None) -> Ready:
        """A form that this person may give now; raises Refusal.

        Without answers it begins with what is known, or with what was filled in last time. Drawn
        again, it stays the form of the version that it was opened on.
        """
        now = self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            doing, command, subject = self._about(session, asked, now)
            if refused := command.does.refusal(doing, subject):
                raise refused
            form, lists = form_for(command, doing), _at_hand(command, doing, subject)
            context = _caption(doing, subject)
            if asked.seen is None and subject is not None:  # it is opened, and not drawn again
                asked = replace(asked, seen=subject.version)
                if subject.taf is not None:
                    self._note_read(asked, subject.taf, now)
            if raw is not None:
                return Ready(asked, form, lists, raw, context)
            begins, filled_in, at = beginning(doing, command, form, subject), {}, now
            if kept := self._kept(session, asked, now):
                filled_in, at = touched(form, kept.answers, kept.begins or {}, lists), kept.kept_at
            if filled_in:
                on = words.moment(doing.days.local(at))
                context.append(f"Filled in on {on}, and not given yet")
        self._keep(asked, filled_in, at, begins=begins)
        return Ready(asked, form, lists, over(form, begins, filled_in), context)

    def begun(self, asked: Asked) -> Ready:
        """A form with what is kept of it, whether or not it may be given now; raises Refusal."""
        now = self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            doing, command, subject = self._about(session, asked, now)
            kept = self._kept(session, asked, now)
            form = form_for(command, doing)
            lists = _at_hand(command, doing, subject)
            begins = kept.begins if kept is not None else None
            if begins is None:
                begins = beginning(doing, command, form, subject)
            return Ready(asked, form, lists, dict(kept.answers) if kept else {}, begins=begins)

    def keep(self, asked: Asked, raw: dict[str, Any]) -> None:
        """Keep what is filled in, so that nothing is lost when the window is closed."""
        self._keep(asked, raw, self.assistant.clock.now())

    def _keep(self, asked: Asked, raw: dict[str, Any], at: datetime, **opened: Any) -> None:
        who = (asked.person_id, asked.command, asked.about)
        self.assistant.database.write(lambda session: drafts.keep(session, *who, raw, at, **opened))

    def _kept(self, session: Any, asked: Asked, now: datetime) -> drafts.Draft | None:
        return drafts.find(session, asked.person_id, asked.command, asked.about, now)

    def forget(self, person_id: int, command: str, about: str) -> None:
        """The form was given."""
        self.assistant.database.write(
            lambda session: drafts.drop(session, person_id, command, about)
        )

    def _about(self, session: Any, asked: Asked, now: datetime) -> tuple[Doing, Command, Any]:
        """Who asks, which command, and what it is given on; raises Refusal."""
        doing = self.assistant.boundary.doing(session, asked.person_id, now)
        command = COMMANDS.get(asked.command)
        if command is None:
            raise Gone
        subject = find_subject(session, command, asked.about)
        if not knows(doing, command, subject):
            raise Gone
        return doing, command, subject

    def _note_read(self, asked: Asked, taf: Any, now: datetime) -> None:
        """Write down that this person read about a family (R15)."""
        about = {"about": taf.ref, "taf_id": taf.id, "facts": {"page": f"form {asked.command}"}}
        with self.assistant.database.writing() as session:
            audit.record(session, now, "read", person_id=asked.person_id, **about)


def from_words(written: str) -> dict[str, Any]:
    """The form of an action as it begins with the words of a message; … where they do not fit."""
    return {"words": words.cut(written, MOST_WORDS)}


def _at_hand(command: Command, doing: Doing, subject: Any) -> ChoiceLists:
    """The lists of a form, read now: it is drawn when the session is over."""
    lists, form = lists_for(doing, subject), form_for(command, doing)
    every = [*form.fields, *(inner for one in form.fields for inner in one.fields)]
    names = {one.choices for one in every if isinstance(one.choices, str)}
    return {name: lists(name) for name in names}.__getitem__


def _caption(doing: Any, subject: Any) -> list[str]:
    """Which family it is about, and which of its actions, for those who may know.

    Somebody in the record, or an account, only a co-ordinator gets so far as to see.
    """
    if subject is not None and subject.kind == "account":
        return [one for one in (subject.called, subject.email) if one]
    if subject is not None and subject.kind == "person":
        return [subject.name]
    if subject is None or subject.taf is None:
        return []
    found = [subject.taf.reference]
    if subject.kind in {"action", "indicator"} and may_look(doing.person, subject.taf):
        found.append(f"{words.sentence(subject.kind)} {subject.number}: {subject.words}")
    return found
