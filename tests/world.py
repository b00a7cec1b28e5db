"""One world for a story: a real database, a stopped clock, a platform that remembers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.app import assemble
from bot.boundary import Answer, Press
from bot.clock import StoppedClock
from bot.platform import Limits, Outgoing, Place
from bot.playing import advance
from storage import subjects
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from workflows.policy import load_policy

START = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
"""Tuesday 4 March 2025 at 9am: the digest of the day has gone."""

CAST = {
    "Maya": ("childrens-centre", []),
    "Asha": ("housing", []),
    "Tom": ("secondary-school", []),
    "Ola": ("probation", []),
    "Priya": ("advice-and-coordination", ["co-ordinator"]),
    "Dr Clarke": ("think-family", ["supervisor"]),
    "Nosy": ("police", []),
}
"""Maya leads, Asha and Tom are on the team, Ola joins later; Nosy must see nothing."""


@dataclass(frozen=True)
class Said:
    """One message as somebody saw it."""

    to: str
    at: datetime
    title: str
    text: str
    notice: str


@dataclass
class RememberingPlatform:
    """Keeps what was posted where, and refuses a room that was never opened."""

    name: str = "web"
    limits: Limits = field(default_factory=Limits)
    said: list[Said] = field(default_factory=list)
    inside: dict[str, set[int]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)
    numbers: dict[int, str] = field(default_factory=dict)

    def open_room(self, room: Place, number: int) -> str:
        assert room.name not in self.opened, "a room is opened once"
        self.opened.append(room.name)
        self.inside[room.name] = set()
        return room.name

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        self.inside[room.name].add(person_id)

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        self.inside[room.name].discard(person_id)

    def name_room(self, room: Place) -> None:
        assert room.name in self.inside, "a room is open before it is named"
        self.named.append(room.name)

    def pin(self, room: Place, message: str) -> None:
        assert message in self.numbers.values(), "what is pinned was posted"
        self.pinned.append(message)

    def close_room(self, room: Place, at: datetime) -> None:
        del self.inside[room.name]

    def post(self, message: Outgoing) -> str:
        if message.to.room_id:
            assert message.to.name in self.inside, "a room is open before it is posted in"
        assert message.number not in self.numbers, "a delivery is sent once"
        self.numbers[message.number] = str(message.number)
        card = message.card
        self.said.append(Said(message.to.name, message.at, card.title, card.text, message.notice))
        return str(message.number)

    def find(self, message: Outgoing) -> tuple[str, ...]:
        found = self.numbers.get(message.number)
        return (found,) if found else ()


class Ears:
    """What one person, or one room, has been told."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name

    @property
    def messages(self) -> list[Said]:
        return [one for one in self.world.platform.said if one.to == self.name]

    def sees(self, words: str) -> None:
        heard = "\n".join(f"{one.title}\n{one.text}" for one in self.messages)
        assert words in heard, f"{self.name} was not told “{words}”. They were told:\n{heard}"

    def never_sees(self, words: str) -> None:
        heard = "\n".join(f"{one.title}\n{one.text}" for one in self.messages)
        assert words not in heard, f"{self.name} was told “{words}”"

    def hears_nothing(self) -> None:
        assert self.messages == []


class World:
    """A partnership with a cast, to whom things happen."""

    def __init__(self, database: Database, overrides: dict[str, Any] | None = None) -> None:
        policy = load_policy(Path("app.yaml").read_text(), "app.yaml", overrides)
        self.clock = StoppedClock(START)
        self.platform = RememberingPlatform()
        self.database = database
        made = itertools.count(9001)
        self.assistant = assemble(
            policy, database, self.clock, {"web": self.platform}, lambda: f"F-{next(made)}"
        )
        self.keys = itertools.count(1)
        self.people: dict[str, int] = {}
        self.taf = ""
        with database.writing() as session:
            for name, (agency, roles) in CAST.items():
                person = Person(
                    name=name, agency=agency, roles=roles, identity_verified_on=date(2025, 1, 6)
                )
                session.add(person)
                session.flush()
                self.people[name] = person.id

    def ref(self, name: str) -> str:
        """A person's reference."""
        return f"person-{self.people[name]}"

    def tries(self, who: str, command: str, about: str = "", **answers: Any) -> Answer:
        """A press, whatever comes of it."""
        key = f"press {next(self.keys)}"
        return self.assistant.press(Press("web", key, self.people[who], command, about, answers))

    def does(self, who: str, command: str, about: str = "", **answers: Any) -> Answer:
        """A press that must be done."""
        answer = self.tries(who, command, about, **answers)
        assert answer.ok, f"{command} by {who}: {answer.sentence} {answer.errors}"
        return answer

    def refused(self, who: str, command: str, about: str = "", **answers: Any) -> str:
        """A press that must be refused; the reason's name."""
        answer = self.tries(who, command, about, **answers)
        assert answer.refused, f"{command} by {who} was done"
        return answer.refused

    def given_a_person(
        self, name: str, agency: str, roles: Sequence[str] = (), **changes: Any
    ) -> str:
        """Somebody who is not in the cast; their reference."""
        known = {"identity_verified_on": date(2025, 1, 6)} | changes
        with self.database.writing() as session:
            person = Person(name=name, agency=agency, roles=list(roles), **known)
            session.add(person)
            session.flush()
            self.people[name] = person.id
        return self.ref(name)

    def given_a_family(self, **changes: Any) -> str:
        """F-1042, led by Maya, with Asha and Tom on the team."""
        answers = builders.convening(
            lead_professional=self.ref("Maya"),
            practitioners=[{"person": self.ref("Asha")}, {"person": self.ref("Tom")}],
        )
        self.taf = self.does("Maya", "taf.convene", **(answers | changes)).about or ""
        return self.taf

    def given_an_agreed_action(self, owner: str = "Asha", due: str = "Tue 4 March") -> str:
        """An action of the family's plan, due on a day of 2025."""
        if not self.taf:
            self.given_a_family()
        on = datetime.strptime(f"{due} 2025", "%a %d %B %Y").date()  # noqa: DTZ007
        answers = builders.action(self.ref(owner), on.isoformat())
        return self.does("Maya", "action.agree", self.taf, **answers).about or ""

    def when(self, day: str, at: str = "09:00") -> None:
        """The time moves on to a moment of 2025, local time; everything on the way happens."""
        on = datetime.strptime(f"{day} 2025", "%a %d %B %Y").date()  # noqa: DTZ007
        advance(self.assistant, self.clock, self.assistant.office.days.instant(on, at))

    def when_working_days_pass(self, count: int) -> None:
        """Some working days go by; it is 9am."""
        days = self.assistant.office.days
        day = days.today(self.clock.now())
        for _ in range(count):
            day = days.next_working_day(day)
        advance(self.assistant, self.clock, days.instant(day, "09:00"))

    def then(self, name: str) -> Ears:
        """What somebody, or a room, has been told by now."""
        return Ears(self, {"Lead Professional": "Maya", "the room": "F-1042"}.get(name, name))

    def member(self, label: str) -> str:
        """The reference of somebody in the family of now, by role label."""
        with self.database.reading() as session:
            members = subjects.find(session, self.taf).members
            return next(str(one.ref) for one in members if one.label == label)

    def place(self, name: str) -> str:
        """The reference of somebody's newest place on the team of now."""
        with self.database.reading() as session:
            team = subjects.find(session, self.taf).team
            places = [one for one in team if one.person_id == self.people[name]]
            return str(places[-1].ref)

    def team(self) -> dict[str, str]:
        """Everybody who has a place on the team of now, and how it stands."""
        with self.database.reading() as session:
            team = subjects.find(session, self.taf).team
            return {one.person.name: one.state for one in team}

    def count(self, model: Any) -> int:
        """How many rows of a table there are."""
        with self.database.reading() as session:
            return int(session.query(model).count())

    def outbox(self) -> list[Delivery]:
        """Everything that was ever to be said or done, oldest first."""
        with self.database.reading() as session:
            found = session.query(Delivery).order_by(Delivery.id).all()
            session.expunge_all()
            return list(found)

    def look(self, ref: str, *names: str) -> Any:
        """Some facts of a subject as the record has them."""
        with self.database.reading() as session:
            subject = subjects.find(session, ref)
            found = tuple(getattr(subject, name) for name in names)
        return found[0] if len(found) == 1 else found
