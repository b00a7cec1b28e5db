"""One look at a page: who looks, when, and what they may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Request

from bot.app import Assistant
from bot.boundary import form_for, knows
from bot.commands import COMMANDS, Command
from bot.playing import Movable
from messages.form import Form
from storage import audit, families
from storage.people import Person
from workflows.access import may_look
from workflows.doing import Doing
from workflows.working_days import WorkingDays

WHO = "practise_as"
"""The cookie that remembers whom somebody practises as."""

FamilyName = Annotated[str, Path(pattern=r"^[A-Za-z]{1,2}-[0-9]{3,7}(-[1-9][0-9]{0,2})?$")]


class NothingHere(Exception):
    """For this person there is nothing at this address, whether or not something exists."""


class NobodyYet(Exception):
    """Nobody has been chosen to practise as."""


@dataclass(frozen=True)
class Desk:
    """What every page of one web application shares."""

    assistant: Assistant
    practice: Movable


def desk_of(request: Request) -> Desk:
    """The desk of the application that was asked."""
    desk: Desk = request.app.state.desk
    return desk


@dataclass
class Visit:
    """A person looking at a page, in a session that only reads."""

    desk: Desk
    request: Request
    doing: Doing

    @property
    def session(self) -> Any:
        """The session everything shown is read in."""
        return self.doing.session

    @property
    def person(self) -> Any:
        """Who looks."""
        return self.doing.person

    @property
    def now(self) -> datetime:
        """The moment of the look."""
        return self.doing.now

    @property
    def days(self) -> WorkingDays:
        """The partnership's calendar."""
        return self.doing.days

    def may(self, command: str, subject: Any) -> bool:
        """Whether this person's press of a command would be allowed now."""
        return COMMANDS[command].does.refusal(self.doing, subject) is None

    def knows(self, command: Command, subject: Any) -> bool:
        """Whether the subject exists for this person: on its team, or asked to do just this."""
        return knows(self.doing, command, subject)

    def sees(self, subject: Any) -> bool:
        """Whether this person may read about the subject, beyond its family's reference."""
        return subject.taf is not None and may_look(self.person, subject.taf)

    def form(self, command: str) -> Form:
        """A command's form as this person sees it."""
        return form_for(COMMANDS[command], self.doing)

    def family(self, name: str, page: str) -> Any:
        """A family this person may look at, the look written down; raises NothingHere."""
        taf = families.taf_of_name(self.session, name)
        if taf is None or not may_look(self.person, taf):
            raise NothingHere
        self.note_read(taf, page)
        return taf

    def note_read(self, taf: Any, page: str) -> None:
        """Write down that this person read about a family (R15)."""
        with self.desk.assistant.database.writing() as session:
            audit.record(
                session,
                self.now,
                "read",
                person_id=self.person.id,
                about=taf.ref,
                taf_id=taf.id,
                facts={"page": page},
            )


def person_id(request: Request) -> int | None:
    """Whom the browser says somebody practises as."""
    kept = request.cookies.get(WHO, "")
    return int(kept) if kept.isascii() and kept.isdigit() and len(kept) < 10 else None


@contextmanager
def visiting(request: Request) -> Iterator[Visit]:
    """Open a look for the person of this browser; raises NobodyYet."""
    desk, wanted = desk_of(request), person_id(request)
    assistant = desk.assistant
    now = assistant.clock.now()
    with assistant.database.reading() as session:
        person = session.get(Person, wanted) if wanted is not None else None
        if person is None or person.left_on is not None:
            raise NobodyYet
        yield Visit(desk, request, Doing(session, now, person, assistant.office))
