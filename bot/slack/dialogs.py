"""A command's form as a modal: opened, drawn again, kept as a draft, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.app import Assistant
from bot.boundary import find_subject, form_for, knows, lists_for
from bot.commands import COMMANDS, Command
from bot.slack import modals
from bot.slack.answers import answers
from bot.slack.asked import paths
from bot.slack.choosing import options, plain
from bot.slack.steps import steps
from bot.starting import beginning
from messages import words
from messages.form import ChoiceLists, Form
from messages.reading import NotTaken, read
from messages.rows import laid_out, merged, rearranged
from storage import audit, drafts
from workflows.access import may_look
from workflows.doing import Doing
from workflows.refusals import Gone, Refusal

GIVEN = "given"
"""The callback of a view that asks nothing: it says how something ended."""


@dataclass(frozen=True)
class Asked:
    """Which form is before whom: all that a view carries, and no answer of it."""

    person_id: int
    command: str
    about: str = ""
    step: int = 0
    seen: int | None = None

    @property
    def meta(self) -> dict[str, Any]:
        """What the view carries unseen: opaque references and numbers (R1)."""
        return {"c": self.command, "a": self.about, "s": self.step, "v": self.seen}


def asked_by(person_id: int, view: Mapping[str, Any]) -> Asked | None:
    """The form that a view of ours shows, None if it shows none."""
    if view.get("callback_id") != modals.CALLBACK:
        return None
    try:
        meta = json.loads(str(view.get("private_metadata") or ""))
        seen = meta["v"] if isinstance(meta["v"], int) else None
        return Asked(person_id, str(meta["c"]), str(meta["a"]), int(meta["s"]), seen)
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Filled:
    """A form with everything filled in so far, over all its steps."""

    asked: Asked
    form: Form
    raw: dict[str, Any]
    shown: frozenset[str]
    count: int
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_last(self) -> bool:
        """Whether this is the form's last step."""
        return self.asked.step >= self.count - 1


@dataclass
class Dialogs:
    """Draws forms for a person and reads them back, each in a session of its own."""

    assistant: Assistant

    def drawn(
        self,
        asked: Asked,
        raw: dict[str, Any] | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The view of a form; one that may not be given now says why instead.

        Without answers it begins with what is known, or with what was filled in last time. Drawn
        again, it stays the form of the version that it was opened on.
        """
        boundary, now = self.assistant.boundary, self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            try:
                doing, command, subject = self._about(session, asked, now)
                if refused := command.does.refusal(doing, subject):
                    raise refused
            except Refusal as no:
                return said("Not now", boundary.said(no))
            form, lists = form_for(command, doing), lists_for(doing, subject)
            context = _caption(doing, subject)
            if asked.seen is None and subject is not None:  # it is opened, and not drawn again
                asked = replace(asked, seen=subject.version)
                if subject.taf is not None:
                    self._note_read(asked, subject.taf, now)
            if raw is None:
                kept = drafts.find(session, asked.person_id, asked.command, asked.about, now)
                raw = beginning(doing, command, form, subject)
                if kept is not None:
                    raw = {**raw, **kept.answers}
                    at = doing.days.local(kept.kept_at)
                    context.append(f"Filled in on {words.moment(at)}, and not given yet")
            return modals.view(
                form, asked.step, raw, lists, errors or {}, asked.meta, context=context
            )

    def filled(self, asked: Asked, view: Mapping[str, Any]) -> Filled:
        """What a view holds, over what was filled in on earlier steps; raises Refusal."""
        now = self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            form, lists = self._form(session, asked, now)
            kept = drafts.find(session, asked.person_id, asked.command, asked.about, now)
            shown = paths(view)
            given = answers(form, (view.get("state") or {}).get("values") or {}, shown)
            raw = laid_out(form, merged(kept.answers if kept else {}, given), lists)
            errors = _wrong_here(form, raw, lists, shown)
            count = len(steps(form, lists, raw))
            return Filled(asked, form, _known(form, raw), shown, count, errors)

    def changed(self, filled: Filled, action_id: str) -> Filled:
        """The form after one of its own buttons: a row more, a row fewer, a step back."""
        back = modals.read_back(action_id)
        raw = filled.raw if back is not None else rearranged(filled.form, filled.raw, action_id)
        asked = filled.asked
        step = asked.step if back is None else back
        return Filled(replace(asked, step=step), filled.form, raw, filled.shown, filled.count)

    def keep(self, filled: Filled) -> None:
        """Keep what is filled in, so that nothing is lost when the window is closed."""
        self.keep_raw(filled.asked, filled.raw)

    def keep_raw(self, asked: Asked, raw: dict[str, Any]) -> None:
        """Keep these answers."""
        now = self.assistant.clock.now()
        self.assistant.database.write(
            lambda session: drafts.keep(
                session, asked.person_id, asked.command, asked.about, raw, now
            )
        )

    def form_of(self, asked: Asked) -> tuple[Form, ChoiceLists]:
        """A form and its lists; of the lists only what was asked for before."""
        now = self.assistant.clock.now()
        with self.assistant.database.reading() as session:
            form, lists = self._form(session, asked, now)
            known = {name: lists(name) for name in _lists_of(form)}
        return form, known.__getitem__

    def forget_of(self, person_id: int, command: str, about: str) -> None:
        """The form was given."""
        self.assistant.database.write(
            lambda session: drafts.drop(session, person_id, command, about)
        )

    def offered(self, asked: Asked, path: str, query: str) -> dict[str, Any]:
        """The choices of a long list that hold what was typed; raises Refusal."""
        now = self.assistant.clock.now()
        name = path.rpartition("-")[2]
        with self.assistant.database.reading() as session:
            form, lists = self._form(session, asked, now)
            every = [*form.fields, *(inner for one in form.fields for inner in one.fields)]
            found = next((one for one in every if one.id == name), None)
            return options(found, query, lists) if found else {"options": []}

    def _form(self, session: Any, asked: Asked, now: datetime) -> tuple[Form, ChoiceLists]:
        doing, command, subject = self._about(session, asked, now)
        return form_for(command, doing), lists_for(doing, subject)

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


def _wrong_here(
    form: Form, raw: dict[str, Any], lists: ChoiceLists, shown: frozenset[str]
) -> dict[str, str]:
    """What cannot be taken of the questions that are on this step."""
    try:
        read(form, _known(form, raw), lists)
    except NotTaken as wrong:
        return {name: said for name, said in wrong.errors.items() if _is_here(name, shown)}
    return {}


def _lists_of(form: Form) -> set[str]:
    every = [*form.fields, *(inner for one in form.fields for inner in one.fields)]
    return {one.choices for one in every if isinstance(one.choices, str)}


def _is_here(name: str, shown: frozenset[str]) -> bool:
    return name in shown or any(one.startswith(f"{name}-") for one in shown)


def _known(form: Form, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions that the form asks now: a question may have gone meanwhile."""
    asked = {one.id for one in form.fields}
    return {name: value for name, value in raw.items() if name in asked}


def _caption(doing: Any, subject: Any) -> list[str]:
    """Which family it is about, and which of its actions, for those who may know."""
    if subject is None or subject.taf is None:
        return []
    found = [subject.taf.reference]
    if subject.kind in {"action", "indicator"} and may_look(doing.person, subject.taf):
        found.append(f"{words.sentence(subject.kind)} {subject.number}: {subject.words}")
    return found


def said(title: str, *sentences: str) -> dict[str, Any]:
    """A view that asks nothing."""
    return {
        "type": "modal",
        "callback_id": GIVEN,
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": [{"type": "section", "text": plain(one)} for one in _blank(sentences)],
    }


def _blank(sentences: Sequence[str]) -> Sequence[str]:
    return [one for one in sentences if one] or ["…"]
