"""Families at work on a strict Slack, whatever processes of the assistant stand beside it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select

from bot.app import assemble
from bot.boundary import Press
from bot.clock import StoppedClock, WallClock
from bot.slack import joining, manifest
from bot.slack.connecting import Connection
from storage import subjects
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from tests.platforms.on_slack.town import cast, email_of
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.workspace import Workspace
from tests.reliability.checks import wrong_in_the_record
from tests.world import CAST, START
from workflows.policy import load_policy

STATES = ("ready", "sending", "unknown")
SHOWN = ("action_card", "welcome")


class Partnership:
    """Families that Maya leads, each in its channel; what she agrees there is a card of its own.

    `pressed` counts the cards and welcomes that there have to be in the end.
    """

    def __init__(self, workspace: Workspace, database: Database, families: int) -> None:
        app = workspace.app
        app.scopes, app.events = set(manifest.SCOPES), set(manifest.EVENTS)
        self.workspace, self.database, self.pressed = workspace, database, 0
        self.connection = Connection(app.bot_token, app.signing_secret, api_url=workspace.api_url)
        self.policy = policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"), "app.yaml")
        slack = joining.platform(self.connection, database, policy)
        self.clock = StoppedClock(max(START, WallClock().now()))
        self.assistant = assemble(
            policy, database, self.clock, {slack.name: slack}, rooms_on=slack.name
        )
        numbers = cast(database, CAST)
        self.maya = self._joins("Maya", numbers["Maya"])
        self.tafs = [self._convenes(f"F-{2000 + number}") for number in range(families)]

    def _joins(self, name: str, number: int) -> Hand:
        hand = self.workspace.joins(name, email_of(name))
        with self.database.writing() as session:
            person = session.get_one(Person, number)
            person.platform, person.platform_id = "slack", hand.id
        self.person = number
        return hand

    @property
    def settings(self) -> dict[str, str]:
        """What a process of the assistant is told in its environment."""
        url = self.database.url.render_as_string(hide_password=False)
        return {
            "DATABASE_URL": url,
            "SLACK_BOT_TOKEN": self.connection.bot_token,
            "SLACK_SIGNING_SECRET": self.connection.signing_secret,
            "SLACK_API_URL": self.connection.api_url,
        }

    def _convenes(self, reference: str) -> str:
        answers = builders.convening(family=reference, lead_professional=f"person-{self.person}")
        return self._does("taf.convene", "", answers)

    def agrees(self, taf: str) -> str:
        """An action is agreed, through the record itself as another process would."""
        self.clock.set(WallClock().now())
        due = (self.clock.now() + timedelta(days=20)).date().isoformat()
        answers = builders.action(f"person-{self.person}", due, words=f"words {self.pressed}")
        return self._does("action.agree", taf, answers)

    def _does(self, command: str, about: str, answers: dict[str, Any]) -> str:
        self.pressed += 1
        press = Press("web", f"k{self.pressed}", self.person, command, about, answers)
        answer = self.assistant.boundary.press(press)
        assert answer.ok, answer
        return answer.about or ""

    def is_done(self, ref: str) -> bool:
        """Whether an action is done, by the record."""
        with self.database.reading() as session:
            found = subjects.find(session, ref)
            return found is not None and found.state == "done"

    @property
    def left(self) -> int:
        """How much of what is shown in channels, or due to anybody, is still on its way."""
        query = select(func.count()).select_from(Delivery).where(Delivery.state.in_(STATES))
        due = or_(
            Delivery.lane.has(person_id=None),
            Delivery.state != STATES[0],
            Delivery.available_at <= WallClock().now(),
        )
        with self.database.reading() as session:
            return session.scalar(query.where(due)) or 0

    def check(self) -> None:
        """Every card was shown once, none overtook another, and no delivery came twice.

        And the record is whole: what was said to Maya herself, each press, each lane, the audit.
        """
        with self.database.reading() as session:
            queued = session.query(Delivery).where(Delivery.notice.in_(SHOWN)).all()
            assert {one.state for one in queued} <= {"sent", "superseded"}
            card = {one.id: (one.lane_id, one.card_key or one.id) for one in queued}
        taken = [number for numbers in self.posts().values() for number in numbers]
        assert [number for number, count in Counter(taken).items() if count > 1] == []
        shown = Counter(card[number] for number in taken if number in card)
        assert len(shown) == self.pressed
        assert set(shown.values()) == {1}
        assert set(shown) == set(card.values())
        for numbers in self.posts().values():
            assert numbers == sorted(numbers), "one overtook another"
        assert wrong_in_the_record(self.database, WallClock().now(), self.policy) == []

    def posts(self) -> dict[str, list[int]]:
        """The deliveries that Slack took as new messages, in each channel in their order."""
        found: dict[str, list[int]] = defaultdict(list)
        for line in self.workspace.calls("chat.postMessage"):
            if line.error is None and "metadata" in line.arguments:
                payload = json.loads(line.arguments["metadata"])["event_payload"]
                found[line.arguments["channel"]].append(int(payload["delivery"]))
        return found


@contextmanager
def partnership(database: Database, families: int) -> Iterator[Partnership]:
    """Slack keeps its own limits, as in earnest."""
    with Workspace() as workspace:
        yield Partnership(workspace, database, families)
