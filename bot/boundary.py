"""Where a press becomes one transaction: everything it asks for is done, or nothing is."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.clock import Clock
from bot.commands import COMMANDS, Command
from bot.metrics import PRESSES
from messages import rendering
from messages.form import Choice, Field, Form, Raw, relabelled
from messages.reading import NotTaken, read
from storage import audit, inbox, subjects
from storage.database import NOT_NOW, Database
from storage.people import Person
from workflows.access import may_look
from workflows.choices import LISTS
from workflows.doing import Doing, Office
from workflows.policy import Policy
from workflows.refusals import Changed, Gone, NotAMember, Refusal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Press:
    """Something a person did on a platform.

    `key` is the platform's own name for it: the same key never acts twice. `seen` is the version
    of the subject that their form was made from.
    """

    platform: str
    key: str
    person_id: int
    command: str
    about: str = ""
    answers: Raw = field(default_factory=dict)
    seen: int | None = None


@dataclass(frozen=True)
class Answer:
    """What came of a press: done, refused (which reason, which fields), or a fault.

    `not_now`: the fault is the database's, which is full, busy or away.
    """

    sentence: str
    about: str | None = None
    refused: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    fault: str | None = None
    made: dict[str, dict[int, str]] = field(default_factory=dict)
    not_now: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.refused is None and self.fault is None

    def as_json(self) -> dict[str, Any]:
        """What is kept of it, for the same press when it comes again."""
        kept = {"sentence": self.sentence, "about": self.about, "made": self.made}
        more = {"refused": self.refused, "errors": self.errors, "fault": self.fault}
        return kept | {name: value for name, value in more.items() if value}


@dataclass
class Boundary:
    """Lets presses in: finds the person and the subject, reads the form, does, commits."""

    database: Database
    clock: Clock
    office: Office

    def press(self, press: Press) -> Answer:
        """Do what was pressed, once; say what came of it."""
        answer = self._press(press)
        PRESSES.labels("done" if answer.ok else "fault" if answer.fault else "refused").inc()
        return answer

    def _press(self, press: Press) -> Answer:
        now = self.clock.now()
        try:
            return self.database.write(
                lambda session: self._within(session, press, now), same_twice=True
            )
        except NotTaken as wrong:
            return Answer("There is a problem.", refused="not_taken", errors=wrong.errors)
        except Refusal as refused:
            return self._done_by_its_twin(press) or self._no(refused)
        except Exception as fault:
            quoted = "".join(secrets.choice("346789ABCDEFGHJKLMNPQRTUVWXY") for _ in range(5))
            log.exception("a press failed", extra={"quoted": quoted, "command": press.command})
            return Answer(
                f"Something went wrong. Nothing was saved. Quote {quoted} if you ask for help.",
                fault=quoted,
                not_now=isinstance(fault, NOT_NOW),
            )

    def _no(self, refused: Refusal) -> Answer:
        sentence = self.said(refused)
        errors = {refused.field: sentence} if refused.field else {}
        return Answer(sentence, refused=refused.id, errors=errors)

    def _done_by_its_twin(self, press: Press) -> Answer | None:
        """What the same press came to that was done while this one waited for it, if one was."""
        with self.database.reading() as session:
            before = inbox.find(session, press.platform, press.key)
            return answered(before) if before is not None and _is_done(before, press) else None

    def _within(self, session: Any, press: Press, now: datetime) -> Answer:
        before = inbox.find(session, press.platform, press.key, to_work_on=True)
        if before is not None and before.state != "received":
            if not _is_done(before, press):
                raise Gone
            return answered(before)
        command = COMMANDS.get(press.command)
        if command is None:
            raise Gone
        doing = self.doing(session, press.person_id, now)
        subject = find_subject(session, command, press.about, to_change=True)
        form = form_for(command, doing)
        refused = command.does.refusal(doing, subject)
        if refused:
            raise refused
        if press.seen is not None and subject is not None and subject.version != press.seen:
            raise Changed
        values = read(form, press.answers, lists_for(doing, subject))
        touched = command.does(doing, subject, **values)
        made = {
            name: {row: one.ref for row, one in rows.items()} for name, rows in doing.made.items()
        }
        about = touched.ref if touched is not None else None
        by_hand = form.done_by_hand if self.office.rooms_by_hand else ""
        answer = Answer(by_hand or form.done, about=about, made=made)
        self._keep(session, press, doing, touched, values, answer, before)
        return answer

    def _keep(
        self,
        session: Any,
        press: Press,
        doing: Doing,
        touched: Any,
        values: dict[str, Any],
        answer: Answer,
        before: inbox.Received | None,
    ) -> None:
        taf = touched.taf if touched is not None else None
        audit.record(
            session,
            doing.now,
            "command",
            person_id=doing.person.id,
            command=press.command,
            about=answer.about or press.about or None,
            taf_id=taf.id if taf else None,
            facts=_plain(values),
        )
        received = before or inbox.Received(
            platform=press.platform, key=press.key, received_at=doing.now
        )
        received.person_id, received.command = press.person_id, press.command
        received.about = press.about or None
        inbox.settle(received, "done", answer.as_json())
        session.add(received)

    def doing(self, session: Any, person_id: int, now: datetime) -> Doing:
        """The frame of a press by this person."""
        person = session.get(Person, person_id)
        if person is None or person.left_on is not None:
            raise Gone
        return Doing(session, now, person, self.office)

    def said(self, refused: Refusal) -> str:
        """A refusal's friendly sentence."""
        return rendering.refusal(refused.id, {**refused.facts, "labels": self.labels})

    @property
    def labels(self) -> dict[str, str]:
        """What this partnership calls the roles."""
        return self.office.policy.labels.model_dump()


def find_subject(session: Any, command: Command, ref: str, *, to_change: bool = False) -> Any:
    """The subject a command is given on, None where it needs none; raises Gone."""
    if not command.on:
        return None
    found = subjects.find(session, ref, to_change=to_change)
    if found is None or found.kind != command.on:
        raise Gone
    return found


def knows(doing: Doing, command: Command, subject: Any) -> bool:
    """Whether the subject exists for this person: on its team, or asked to do just this."""
    refused = None if subject is None else command.does.who(doing, subject)
    if refused is None:
        return True
    return not isinstance(refused, NotAMember) and may_look(doing.person, subject.taf)


def form_for(command: Command, doing: Doing) -> Form:
    """A command's form as this person sees it: their agency's questions, this place's labels."""
    form = asked_of(command, doing.policy, doing.person.agency)
    return relabelled(form, default_labels(doing.policy))


def asked_of(command: Command, policy: Policy, agency_id: str) -> Form:
    """A command's form with the questions of an agency's own, where it asks those."""
    agency = policy.agencies.get(agency_id)
    if not command.asks_agency or agency is None:
        return command.form
    own = tuple(
        Field(
            one.id,
            one.label,
            one.kind,
            required=one.required,
            choices=tuple(Choice(name, name) for name in one.choices),
        )
        for one in agency.fields
    )
    return replace(command.form, fields=command.form.fields + own)


def default_labels(policy: Policy) -> dict[str, str]:
    """The words our forms are written in, and what this partnership calls the same."""
    return {
        "Lead Professional": policy.labels.lead_professional,
        "team around the family": policy.labels.team_around_the_family,
    }


def lists_for(doing: Doing, subject: Any) -> Any:
    """Gives the choices of a named list for this press."""
    found: dict[str, Sequence[Choice]] = {}

    def lists(name: str) -> Sequence[Choice]:
        if name not in found:
            found[name] = [Choice(*pair) for pair in LISTS[name](doing, subject)]
        return found[name]

    return lists


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _is_done(received: inbox.Received, press: Press) -> bool:
    """Whether this press was done before, by the same person."""
    return received.state == "done" and received.person_id == press.person_id


def answered(received: inbox.Received) -> Answer:
    """What was said to something that came in before."""
    kept: dict[str, Any] = received.answer or {}
    made = {
        name: {int(row): ref for row, ref in rows.items()}
        for name, rows in kept.get("made", {}).items()
    }
    return Answer(
        kept.get("sentence", ""),
        about=kept.get("about"),
        refused=kept.get("refused"),
        errors=kept.get("errors", {}),
        fault=kept.get("fault"),
        made=made,
    )
