"""What every command shares: who does it, when, under which policy; and its two checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from storage import audit, subjects
from workflows.frameworks import Framework, framework_for
from workflows.moves import Moves
from workflows.policy import Policy
from workflows.refusals import NotNow, Refusal, SharingStopped, TafClosed
from workflows.winding import wind
from workflows.working_days import WorkingDays


@dataclass(frozen=True)
class Office:
    """The partnership at work: its policy, its calendar, its supply of opaque references.

    `rooms_on` is the platform on which its private rooms are opened; `rooms_by_hand`: there
    people make them, and are told to. A room there takes `fewest_inside` people at least.
    """

    policy: Policy
    new_reference: Callable[[], str]
    rooms_on: str = "web"
    rooms_by_hand: bool = False
    fewest_inside: int = 1

    @cached_property
    def days(self) -> WorkingDays:
        """The partnership's working days."""
        return WorkingDays.of(self.policy)

    @cached_property
    def framework(self) -> Framework:
        """The outcomes framework in use."""
        return framework_for(self.policy)


@dataclass
class Doing:
    """One press: the transaction it happens in, its moment, and who presses.

    `made` collects what list items of a form created, by field and row, and `said` the reason's
    facts for the answer.
    """

    session: Any
    now: datetime
    person: Any
    office: Office
    made: dict[str, dict[int, Any]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The date on the partnership's wall."""
        return self.office.days.today(self.now)

    @property
    def policy(self) -> Policy:
        """What the service manager decided."""
        return self.office.policy

    @property
    def days(self) -> WorkingDays:
        """The partnership's working days."""
        return self.office.days

    def add(self, made: Any) -> Any:
        """Keep something new, with its id."""
        self.session.add(made)
        self.session.flush()
        return made

    def edit(self, subject: Any, **values: Any) -> None:
        """Change a subject without moving its state; counts as a new version."""
        for name, value in values.items():
            setattr(subject, name, value)
        subject.version += 1
        self.session.flush()

    def move(self, moves: Moves, name: str, subject: Any, **values: Any) -> None:
        """Make a legal move, unless somebody was first: then it is refused, kindly."""
        before, to = subject.state, moves.table[name].to
        changes = values | ({"state": to} if to else {})
        if not subjects.change_where(self.session, subject, moves.table[name].sources, changes):
            raise moves.refusal(name, subject) or TafClosed()
        if to and to != before:
            self.note_state(subject, before, to)

    def note_state(self, subject: Any, before: str, to: str) -> None:
        """Write a move of state down in the audit."""
        audit.record(
            self.session,
            self.now,
            "state",
            person_id=self.person.id if self.person else None,
            about=subject.ref,
            taf_id=subject.taf.id,
            facts={"from": before, "to": to},
        )


CLOSED_TO: dict[str, type[Refusal]] = {"sharing_stopped": SharingStopped, "closed": TafClosed}
"""The refusal of a command that may not be given in this state of the work with a family."""

Permission = Callable[[Doing, Any], Refusal | None]
"""May this person? None: yes."""


@dataclass(frozen=True)
class Workflow:
    """A command: what it does, who may give it, and from which states.

    Calling it checks and does; `refusal` answers the same check, so that a button is shown
    exactly when its press would be allowed.
    """

    does: Callable[..., Any]
    who: Permission
    moves: Moves | None
    name: str
    on: frozenset[str]
    also: Permission | None = None

    def __call__(self, doing: Doing, subject: Any = None, /, **values: Any) -> Any:
        """Do it, and set again when each subject of the family is to be looked at."""
        refused = self.refusal(doing, subject)
        if refused:
            raise refused
        made = (
            self.does(doing, **values) if subject is None else self.does(doing, subject, **values)
        )
        doing.session.flush()
        touched = made or subject
        if touched is not None and getattr(touched, "taf", None) is not None:
            wind(doing.session, touched.taf, doing.now, doing.policy, doing.days)
        return touched

    def refusal(self, doing: Doing, subject: Any) -> Refusal | None:
        """Why this person may not do this now, or None."""
        refused = self.who(doing, subject)
        if refused or subject is None:
            return refused
        return self.is_closed_to(subject) or (self.also(doing, subject) if self.also else None)

    def is_closed_to(self, subject: Any) -> Refusal | None:
        """Why nobody may do this now, as the subject and the work with its family stand."""
        if subject.taf is not None and subject.taf.state not in self.on:
            return CLOSED_TO.get(subject.taf.state, NotNow)()
        return self.moves.refusal(self.name, subject) if self.moves else None


def command(
    who: Permission, moves: Moves | None = None, on: str = "open", also: Permission | None = None
) -> Callable[[Callable[..., Any]], Workflow]:
    """Make a plain function a command: who may give it, and where its legal moves stand.

    `on` names the states of the team-around-the-family work in which it may be given; `also` is
    whatever else must hold before anybody is asked to fill the form in.
    """

    def make(does: Callable[..., Any]) -> Workflow:
        return Workflow(does, who, moves, does.__name__, frozenset(on.split()), also)

    return make
