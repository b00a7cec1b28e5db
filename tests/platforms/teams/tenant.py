"""One tenant of the fake Teams: its state behind one lock, and what runs around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import WallClock
from tests.platforms.slack.asked import Line
from tests.platforms.slack.outgoing import Answer
from tests.platforms.teams import chores
from tests.platforms.teams.calling import Calling
from tests.platforms.teams.channels import Team
from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.faults import Faults
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.keys import Keys
from tests.platforms.teams.limits import Limits
from tests.platforms.teams.login import Login
from tests.platforms.teams.outgoing import Event, Outgoing
from tests.platforms.teams.people import App, Person
from tests.platforms.wire import Wire


@dataclass
class Clocks:
    """How patient Teams is, in seconds, which tests may shorten.

    `extension` is documented, with two repetitions; of the others only 10 to 15 s is remembered.
    """

    deliver: float = 15.0
    invoke: float = 10.0
    extension: float = 5.0
    repeats: int = 1
    extension_repeats: int = 2
    same_id: bool = True
    """Whether a repeated invoke has the same activity id: nobody documents it."""


@dataclass
class Rules:
    """What nobody documents and tests may want either way.

    `member_twice`: the status of adding whom the chat has (409 is remembered). `fewest`: members
    of a group chat at its beginning (remembered). `two_are_closed`: nobody can be added to a chat
    that began with two (seen once, microsoft-graph-docs issue 19197). `page`: the largest page.
    `lag`: seconds until Graph lists a message.
    """

    member_twice: int = 409
    fewest: int = 2
    two_are_closed: bool = False
    page: int = 50
    lag: float = 0.0


def _wall() -> float:
    return WallClock().now().timestamp()


@dataclass
class Tenant:
    """The tenant; `with Tenant() as tenant:` serves it at `tenant.url`.

    `request_url`: where our app hears of activities. `now`: the time on Microsoft's wall, in
    seconds since 1970.
    """

    id: str = "7af00000-0000-4000-8000-000000000001"
    domain: str = "borough.onmicrosoft.com"
    request_url: str | None = None
    app: App = field(default_factory=App)
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    clocks: Clocks = field(default_factory=Clocks)
    rules: Rules = field(default_factory=Rules)
    now: Callable[[], float] = _wall

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self.team: Team | None = None
        self.log: list[Line] = []
        self.keys: Keys = Keys(self)
        self.login: Login = Login(self)
        self.outgoing = Outgoing(self)
        self.serving = Wire(Calling(self).answer, lambda: self.now())  # noqa: PLW0108  it changes
        self._numbers = self._last_moment = 0

    def __enter__(self) -> Tenant:
        self.serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.outgoing.stop()
        self.serving.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self.serving.port}"

    @property
    def service_url(self) -> str:
        """The connector of this tenant's region, as activities name it: with a slash."""
        return f"{self.url}/uk/{self.id}/"

    @property
    def graph_url(self) -> str:
        """What stands in place of https://graph.microsoft.com/v1.0."""
        return f"{self.url}/graph/v1.0"

    def joins(
        self, real_name: str, email: str, *, guest: bool = False, outside: bool = False
    ) -> Hand:
        """Somebody gets an account, and a hand that types and presses for them.

        A guest was invited into the tenant; who is `outside` has an account in another one only.
        """
        with self.lock:
            new = self.new_id()
            upn = email
            if guest:
                upn = f"{email.replace('@', '_')}#EXT#@{self.domain}"
            person = Person(new, f"29:1{new.replace('-', '')}", real_name, email, upn)
            person.is_guest, person.is_outside = guest, outside
            self.people[person.id] = person
        return Hand(self, person)

    def person(self, handle: str) -> Person | None:
        """Somebody by directory id, MRI or user principal name."""
        for one in self.people.values():
            if handle in {one.id, one.mri} or handle.lower() == one.upn.lower():
                return one
        return None

    def chat(self, handle: str) -> Chat | None:
        """A chat, by the id that activities or Graph have for it."""
        return next((one for one in self.chats.values() if handle in {one.id, one.graph_id}), None)

    def chat_of(self, topic: str) -> Chat:
        """The group chat of this topic, or the channel of this name."""
        return next(one for one in self.chats.values() if one.topic == topic)

    def add_chat(self, topic: str | None, *people: Person, app: bool = False) -> Chat:
        """A group chat that somebody made by hand; with `app`, ours is installed in it."""
        with self.changed:
            found = Chat(f"19:{self.new_id().replace('-', '')}@thread.v2", "group", "", topic)
            found.graph_id, found.created = found.id, self.now()
            self.chats[found.id] = found
            for one in people:
                chores.join(self, found, one, None)
            found.began_with = len(people)
            if app:
                chores.install(self, found, people[0])
            self.changed.notify_all()
        return found

    def direct(self, person: Person) -> Chat:
        """The personal chat of the bot with somebody; whether the app is installed is apart."""
        with self.changed:
            for one in self.chats.values():
                if one.kind == "personal" and person.id in one.memberships:
                    return one
            number = self.new_id()
            graph_id = f"19:{person.id}_{self.app.client_id}@unq.gbl.spaces"
            found = Chat(f"a:1{number.replace('-', '')}", "personal", graph_id)
            found.created = self.now()
            found.adds(person, ["owner"])
            self.chats[found.id] = found
            self.changed.notify_all()
            return found

    def write(self, chat: Chat, sender: str, text: str, **more: Any) -> Message:
        """Put a message into a chat."""
        with self.changed:
            message = Message(self.new_moment(), chat.id, sender, text, at=self.now(), **more)
            chat.messages.append(message)
            self.changed.notify_all()
        return message

    def happened(self, chat: Chat, event: str) -> None:
        """Let Teams itself write into a chat what happened to it."""
        self.write(chat, "", "", event=event)

    def note(self, line: Line) -> None:
        """Write a call into the log."""
        with self.changed:
            self.log.append(line)
            self.changed.notify_all()

    def calls(self, method: str) -> list[Line]:
        """The calls of one method, as the log has them."""
        with self.lock:
            return [one for one in self.log if one.method == method]

    def until(self, holds: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Wait until this holds, looking again after every change; what it says then."""
        end = time.monotonic() + timeout
        with self.changed:
            while not (found := holds()):
                if time.monotonic() > end:
                    raise AssertionError(f"it never came to hold within {timeout} s")
                self.changed.wait(0.05)
        return found

    def settle(self, timeout: float = 30.0) -> None:
        """Wait until every activity has been sent."""
        self.until(lambda: not self.outgoing.waiting, timeout)

    def redeliver(self, event: Event) -> Answer:
        """Send an activity once more on purpose, under the same id."""
        answer = self.outgoing.send(event.body)
        event.attempts.append(answer)
        return answer

    def send_raw(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send anything at all to our app: junk, unsigned, wrongly signed."""
        return self.outgoing.send_raw(body, headers)

    def new_moment(self) -> str:
        """This moment as messages are numbered: in milliseconds, and never twice."""
        with self.lock:
            self._last_moment = max(self._last_moment + 1, int(self.now() * 1_000))
            return str(self._last_moment)

    def new_id(self) -> str:
        """An id of the directory's kind that nobody has yet."""
        with self.lock:
            self._numbers += 1
            return f"{self._numbers:08x}-0000-4000-8000-{self._numbers:012x}"
