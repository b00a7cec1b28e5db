"""One workspace of the fake Slack: its state behind one lock, and what runs around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import WallClock
from tests.platforms.slack.asked import Line
from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.faults import Faults
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.limits import Limits
from tests.platforms.slack.outgoing import Answer, Event, Outgoing
from tests.platforms.slack.people import App, Person
from tests.platforms.slack.serving import Serving
from tests.platforms.slack.socket_mode import SocketMode
from tests.platforms.slack.tickets import Tickets
from tests.platforms.slack.views import View, with_ids


@dataclass
class Clocks:
    """How patient Slack is, in seconds: the real figures, which tests may shorten."""

    acknowledge: float = 3.0
    redeliveries: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger: float = 3.0
    response_url: float = 1800.0


def _wall() -> float:
    return WallClock().now().timestamp()


@dataclass
class Workspace:
    """The workspace; `with Workspace() as workspace:` serves it at `workspace.api_url`.

    `request_url`: where our app hears of events, interactions and commands; without it, through
    Socket Mode. `now` is the time on Slack's wall, in seconds since 1970.
    """

    team_id: str = "T0TEAM001"
    domain: str = "borough"
    name: str = "The Borough"
    request_url: str | None = None
    app: App = field(default_factory=App)
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    clocks: Clocks = field(default_factory=Clocks)
    now: Callable[[], float] = _wall

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.log: list[Line] = []
        self.tickets = Tickets(self)
        self.outgoing = Outgoing(self)
        self.sockets = SocketMode(self)
        self.serving = Serving(self)
        self._numbers = 0
        self._last_ts = 0
        bot = Person(self.app.bot_user, self.app.name, "TAF Assistant", is_bot=True)
        for one in (bot, Person("USLACKBOT", "slackbot", "Slackbot")):
            one.team_id = self.team_id
            self.people[one.id] = one

    def __enter__(self) -> Workspace:
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
    def api_url(self) -> str:
        """What stands in place of https://slack.com/api/."""
        return f"{self.url}/api/"

    def joins(self, real_name: str, email: str | None = None, **flags: Any) -> Hand:
        """Somebody gets an account, and a hand that types and presses for them.

        `flags` are those of a Person: is_restricted, is_ultra_restricted, is_admin, deleted …
        """
        name = real_name.lower().replace(" ", ".")
        with self.lock:
            person = Person(self.new_id("U"), name, real_name, email, **flags)
            person.team_id = self.team_id
            self.people[person.id] = person
        return Hand(self, person)

    def channel_of(self, name: str) -> Channel:
        """The channel of this name."""
        return next(one for one in self.channels.values() if one.name == name)

    def add_channel(
        self, name: str, creator: str, *members: str, is_private: bool = True
    ) -> Channel:
        """A channel that somebody made without the app; `members` besides the creator."""
        with self.changed:
            found = Channel(self.new_id("C"), name, creator, int(self.now()), is_private)
            found.members = [creator, *members]
            self.channels[found.id] = found
            self.changed.notify_all()
        return found

    def direct(self, person: str) -> tuple[Channel, bool]:
        """The direct messages between the bot and this person, and whether they are new."""
        with self.lock:
            for one in self.channels.values():
                if one.im_with == person:
                    return one, False
            found = Channel(self.new_id("D"), "", self.app.bot_user, int(self.now()), True)
            found.im_with, found.members = person, [self.app.bot_user, person]
            self.channels[found.id] = found
            return found, True

    def new_id(self, letter: str) -> str:
        """An id that nobody has yet."""
        with self.lock:
            self._numbers += 1
            return f"{letter}0{self._numbers:08d}"

    def new_ts(self) -> str:
        """This moment as messages carry it: to the microsecond, and never twice."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def write(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """Put a message into a channel; one with an `audience` is ephemeral."""
        with self.changed:
            message = Message(self.new_ts(), channel.id, user, text, **more)
            message.blocks = with_ids(message.blocks, len(self.log))
            (channel.ephemerals if message.audience else channel.messages).append(message)
            self.changed.notify_all()
        return message

    def written_by_app(self, channel: Channel, text: str, **more: Any) -> Message:
        """Put a message of our app into a channel."""
        app = self.app
        return self.write(channel, app.bot_user, text, app_id=app.app_id, bot_id=app.bot_id, **more)

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

    def tell(self, kind: str, **fields: Any) -> Event | None:
        """Send an event to our app, if it subscribes to such."""
        if kind not in self.app.events or self.app.refusal:
            return None
        ts = self.new_ts()
        return self.outgoing.tell({"type": kind, **fields, "event_ts": ts})

    def redeliver(self, event: Event) -> Answer:
        """Send an event once more on purpose, under the same event_id."""
        return self.outgoing.redeliver(event)

    def send_raw(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send anything at all to our app: junk, unsigned, wrongly signed."""
        return self.outgoing.send_raw(body, headers)

    def settle(self, timeout: float = 30.0) -> None:
        """Wait until every event has been sent once."""
        self.until(lambda: not self.outgoing.waiting, timeout)
