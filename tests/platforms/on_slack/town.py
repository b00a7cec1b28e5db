"""A partnership that works on Slack: its people, their hands, and the assistant as it runs."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.clock import StoppedClock, WallClock
from bot.running import listen, served
from bot.slack import joining, knocking, manifest, platform
from bot.slack.by_socket import listening_by_socket
from bot.slack.connecting import Connection
from bot.slack.listening import Listening
from bot.web.app import web_app
from storage import rooms, subjects
from storage.database import Database
from storage.lanes import Lane
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from tests.platforms.slack.channels import Channel
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace
from tests.reliability.moments import ScenarioClock
from tests.world import CAST, START
from workflows.policy import load_policy

SETTLES = timedelta(seconds=1.5)
"""Shorter than in earnest, so that a test need not wait two minutes before it looks."""


@dataclass
class Town:
    """The people of tests/world.py, at work on Slack."""

    workspace: Workspace
    assistant: Assistant
    clock: Any
    hands: dict[str, Hand]
    numbers: dict[str, int]
    listening: Listening
    keys: Iterator[int] = field(default_factory=itertools.count)

    def __getitem__(self, name: str) -> Hand:
        return self.hands[name]

    def ref(self, name: str) -> str:
        """A person's reference."""
        return f"person-{self.numbers[name]}"

    def channel(self, name: str) -> Channel:
        """A family's channel, as soon as it is there."""
        return self.workspace.until(lambda: self._channel(name), 15)  # type: ignore[no-any-return]

    def _channel(self, name: str) -> Channel | None:
        with self.assistant.database.reading() as session:
            room = rooms.named(session, name)
            return self.workspace.channels.get(room.address) if room and room.address else None

    def inside(self, name: str, *members: str) -> None:
        """Wait until just these people are in a family's channel, beside the assistant."""
        wanted = {self.hands[one].id for one in members} | {self.workspace.app.bot_user}
        self.workspace.until(lambda: set(self.channel(name).members) == wanted, 20)

    def does(self, who: str, command: str, about: str = "", **answers: Any) -> Any:
        """A press that comes from elsewhere, done at once."""
        key = f"test {next(self.keys)}"
        press = Press("web", key, self.numbers[who], command, about, answers)
        answer = self.assistant.press(press)
        assert answer.ok, f"{command} by {who}: {answer.sentence} {answer.errors}"
        return answer

    def given_a_team(self) -> str:
        """Maya convenes a team with Asha and Tom."""
        answers = builders.convening(
            lead_professional=self.ref("Maya"),
            practitioners=[{"person": self.ref("Asha")}, {"person": self.ref("Tom")}],
        )
        taf: str = self.does("Maya", "taf.convene", **answers).about
        return taf

    def given_a_family(self) -> str:
        """Maya convenes a team with Asha and Tom; the room is open."""
        taf = self.given_a_team()
        self.inside("F-1042", "Maya", "Asha", "Tom")
        return taf

    def given_an_action(self, taf: str, owner: str = "Asha", due_on: str = "2025-03-18") -> str:
        """An action of the family's plan."""
        answers = builders.action(self.ref(owner), due_on)
        ref: str = self.does("Maya", "action.agree", taf, **answers).about
        return ref

    def leaves_team(self, taf: str, name: str) -> None:
        """Maya takes somebody off the family's team."""
        with self.assistant.database.reading() as session:
            team = subjects.find(session, taf).team
            about = next(one.ref for one in team if one.person_id == self.numbers[name])
        self.does("Maya", "member.remove", about, why="They have another post")

    def an_hour_later(self) -> None:
        """The next round of the auditor, which looks at every room."""
        self.assistant.delivery.lease = timedelta(
            seconds=4
        )  # so long the sender waits after a leap
        self.clock.move(timedelta(hours=1))
        self.assistant.ticker.auditor.round()

    def moves(self) -> list[tuple[str, str]]:
        """Who was to be let into a room or taken out of it, in order: what, and how it stands."""
        with self.assistant.database.reading() as session:
            rows = session.query(Delivery).order_by(Delivery.id)
            moves = rows.where(Delivery.operation.in_(("admit", "remove", "put_out")))
            return [(one.operation, one.state) for one in moves]

    def person(self, name: str) -> Any:
        """Somebody as the record has them."""
        return self.subject(self.ref(name))

    def subject(self, ref: str) -> Any:
        """A subject as it stands in the record."""
        with self.assistant.database.reading() as session:
            found = subjects.find(session, ref)
            session.expunge_all()
            return found

    def until(self, holds: Any, timeout: float = 10.0) -> Any:
        """Wait until something holds."""
        return self.workspace.until(holds, timeout)

    def rest(self) -> None:
        """Wait until everything that Slack told of is done."""
        self.workspace.settle()
        self.until(lambda: self.listening.is_idle)

    def quiet(self) -> None:
        """Wait until nothing is left to send just now."""
        self.workspace.settle()
        self.until(self._is_quiet, 30)

    def _is_quiet(self) -> bool:
        with self.assistant.database.reading() as session:
            now = self.clock.now() + timedelta(seconds=2)
            busy = select(Lane.id).where((Lane.next_at <= now) | Lane.lease_until.isnot(None))
            return session.scalars(busy).first() is None


def cast(database: Database, of: Mapping[str, Any]) -> dict[str, int]:
    """The people of the record, each with a work e-mail."""
    numbers = {}
    with database.writing() as session:
        for name, (agency, roles) in of.items():
            about = {"email": email_of(name), "identity_verified_on": START.date()}
            person = Person(name=name, agency=agency, roles=roles, **about)
            session.add(person)
            session.flush()
            numbers[name] = person.id
    return numbers


def email_of(name: str) -> str:
    """Somebody's work e-mail."""
    return f"{name.lower().replace(' ', '.')}@example.org"


@contextmanager
def town(
    database: Database,
    folder: Path,
    *,
    by_socket: bool = False,
    known: bool = True,
    standing: StoppedClock | None = None,
    cast_of: Mapping[str, Any] = CAST,
) -> Iterator[Town]:
    """The assistant running on a workspace in which everybody has an account.

    With a clock that stands still nothing goes on by itself: whoever moves it lets it.
    """
    with ExitStack() as ending:
        workspace = ending.enter_context(Workspace())
        workspace.limits.on = False
        clock = standing or ScenarioClock.made(folder / "clock", START)
        policy = load_policy(Path("app.yaml").read_text(), "app.yaml")
        app = workspace.app
        app.scopes, app.events = set(manifest.SCOPES), set(manifest.EVENTS)
        joined = Connection(
            app.bot_token,
            "" if by_socket else app.signing_secret,
            app.app_token if by_socket else "",
            workspace.api_url,
        )
        slack = joining.platform(joined, database, policy)
        slack.calling.tiers = {}
        slack.limits = replace(platform.LIMITS, settles=SETTLES, pace=timedelta(seconds=0.02))
        references = (f"F-{number}" for number in itertools.count(9001))
        assistant = assemble(
            policy,
            database,
            clock,
            {slack.name: slack},
            references.__next__,
            rooms_on=slack.name,
        )
        numbers = cast(database, cast_of)
        hands = {name: workspace.joins(name, email_of(name)) for name in cast_of}
        if known:
            with database.writing() as session:
                for name, number in numbers.items():
                    person = session.get_one(Person, number)
                    person.platform, person.platform_id = slack.name, hands[name].id
        listening = Listening(slack.calling, joining.doors(slack, assistant))
        if by_socket:
            ending.enter_context(listening_by_socket(listening))
            workspace.until(lambda: workspace.sockets.connected, 15)
        else:
            routes = knocking.routes(listening, app.signing_secret, WallClock())
            port = listen("127.0.0.1", 0)
            pages = web_app(assistant, practice=None, more=[routes])
            ending.enter_context(served(pages, port, threading.Event()))
            workspace.request_url = f"http://127.0.0.1:{port.getsockname()[1]}{knocking.ADDRESS}"
        if standing is None:
            ending.callback(assistant.start().stop)
        yield Town(workspace, assistant, clock, hands, numbers, listening)
