"""One family, and in its team a person on Slack, one on Teams and one on the web."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.clock import WallClock
from bot.joined import Joined
from bot.running import listen, served
from bot.slack import joining as slack_joining
from bot.slack import knocking as slack_knocking
from bot.slack import manifest
from bot.slack.connecting import Connection
from bot.slack.listening import Listening as SlackListening
from bot.teams import joining as teams_joining
from bot.teams import knocking as teams_knocking
from bot.teams.connecting import ADDRESS
from bot.teams.listening import Listening as TeamsListening
from bot.web.app import web_app
from storage import accounts, rooms, subjects
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from tests.platforms.on_slack.town import SETTLES, cast, email_of
from tests.platforms.on_teams.porch import joined
from tests.platforms.slack.workspace import Workspace
from tests.platforms.teams.tenant import Tenant
from tests.reliability.moments import ScenarioClock
from tests.world import CAST, START
from workflows.policy import load_policy


@dataclass
class Borough:
    """Maya is on Slack, where the rooms are; Asha is on Teams; Tom is on the web."""

    assistant: Assistant
    workspace: Workspace
    tenant: Tenant
    clock: ScenarioClock
    maya: Any
    asha: Any
    numbers: dict[str, int]
    keys: Iterator[int] = field(default_factory=itertools.count)

    def does(self, who: str, command: str, about: str = "", **answers: Any) -> str:
        key = f"test {next(self.keys)}"
        press = Press("web", key, self.numbers[who], command, about, answers)
        answer = self.assistant.press(press)
        assert answer.ok, f"{command}: {answer.sentence} {answer.errors}"
        return str(answer.about)

    def posts(self, who: str) -> str:
        """What the web shows somebody."""
        with self.assistant.database.reading() as session:
            found = rooms.posts(session, person_id=self.numbers[who])
            return str([one.card for one in found])

    def state(self, ref: str) -> str:
        with self.assistant.database.reading() as session:
            return str(subjects.find(session, ref).state)

    def waits_for(self, who: str, notice: str) -> bool:
        with self.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.notice == notice).all()
            return any(one.lane.person_id == self.numbers[who] for one in rows)


@contextmanager
def borough(database: Database, folder: Path) -> Iterator[Borough]:
    with ExitStack() as ending:
        workspace = ending.enter_context(Workspace())
        tenant = ending.enter_context(Tenant())
        workspace.limits.on = tenant.limits.on = False
        app = workspace.app
        app.scopes, app.events = set(manifest.SCOPES), set(manifest.EVENTS)
        policy = load_policy(Path("app.yaml").read_text(), "app.yaml")
        to_slack = Connection(app.bot_token, app.signing_secret, "", workspace.api_url)
        to = Joined(to_slack, joined(tenant), "slack")
        on: dict[str, Any] = to.platforms(database, policy)
        slack, teams = on["slack"], on["teams"]
        slack.calling.tiers = {}
        for one in (slack, teams):
            quick = {"settles": SETTLES, "pace": timedelta(seconds=0.02), "per_second": None}
            one.limits = replace(one.limits, **quick)
        ending.callback(teams.calling.http.close)
        clock = ScenarioClock.made(folder / "clock", START)
        references = (f"F-{number}" for number in itertools.count(9001))
        assistant = assemble(policy, database, clock, on, references.__next__, rooms_on=to.rooms_on)
        numbers = cast(database, CAST)
        maya = workspace.joins("Maya", email_of("Maya"))
        asha = tenant.joins("Asha", email_of("Asha"))
        with database.writing() as session:
            about = session.get_one(Person, numbers["Maya"])
            about.platform, about.platform_id = "slack", maya.id
            about = session.get_one(Person, numbers["Asha"])
            about.platform, about.platform_id = "teams", asha.person.mri
            accounts.remember(session, "teams", asha.person.mri, START, directory_id=asha.id)
        ears = SlackListening(slack.calling, slack_joining.doors(slack, assistant))
        others = TeamsListening(teams_joining.doors(teams, assistant))
        routes = [
            slack_knocking.routes(ears, app.signing_secret, WallClock()),
            teams_knocking.routes(others, teams.calling.connection),
        ]
        port = listen("127.0.0.1", 0)
        here = f"http://127.0.0.1:{port.getsockname()[1]}"
        pages = web_app(assistant, practice=None, more=routes)
        ending.enter_context(served(pages, port, threading.Event()))
        workspace.request_url, tenant.request_url = (
            f"{here}{slack_knocking.ADDRESS}",
            f"{here}{ADDRESS}",
        )
        ending.callback(lambda: tenant.until(lambda: others.is_idle and ears.is_idle, 10))
        ending.callback(tenant.settle)
        ending.callback(workspace.settle)
        ending.callback(assistant.start().stop)
        yield Borough(assistant, workspace, tenant, clock, maya, asha, numbers)


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[Borough]:
    with borough(database, tmp_path) as found:
        yield found


def test_each_works_where_they_are_and_the_story_holds(place: Borough) -> None:
    asha, tom = (f"person-{place.numbers[name]}" for name in ("Asha", "Tom"))
    answers = builders.convening(
        lead_professional=f"person-{place.numbers['Maya']}",
        practitioners=[{"person": asha}, {"person": tom}],
    )
    place.asha.types("help")  # she has the app, and has written to it once
    place.asha.reads("convene", 15)
    taf = place.does("Maya", "taf.convene", **answers)
    place.maya.reads("Welcome", 15)
    assert not [one for one in place.asha.sees if "Welcome" in str(one.blocks)]

    # Who cannot be in the channel is said to the Lead Professional, with the reason.
    place.tenant.until(lambda: place.waits_for("Maya", "not_let_in"), 15)

    # An action of Asha's: its card stands in the channel, and she finds it in her own chat.
    action = place.does("Maya", "action.agree", taf, **builders.action(asha, "2025-03-18"))
    card = place.maya.reads("Action 1", 15)
    place.asha.types("actions")
    mine = place.asha.reads("action 1", 15)
    place.asha.presses(mine, "Mark done")
    place.tenant.until(lambda: place.state(action) == "done", 15)
    place.workspace.until(lambda: card.edits == 1, 15)  # pressed on Teams, shown on Slack

    # What the room is told reaches those who cannot be in it, with their digest.
    place.does("Maya", "taf.add_member", taf, person=f"person-{place.numbers['Ola']}")
    place.assistant.delivery.lease = timedelta(seconds=4)  # so long it waits after a leap
    place.clock.set(START.replace(hour=8, minute=31) + timedelta(days=1))
    place.asha.reads("Ola", 60)
    place.tenant.until(lambda: "Ola" in place.posts("Tom"), 60)
    assert place.asha.errors == []
    assert place.maya.errors == []
