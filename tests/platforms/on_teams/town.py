"""A partnership that works on Teams: its people, their hands, and the assistant as it runs."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import assemble
from bot.clock import StoppedClock
from bot.running import listen, served
from bot.teams import joining, knocking, manifest, opening, platform
from bot.teams.connecting import ADDRESS
from bot.teams.listening import Listening
from bot.web.app import web_app
from storage import accounts, rooms
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests.platforms.on_slack.town import SETTLES, Town, cast, email_of
from tests.platforms.on_teams.porch import joined
from tests.platforms.teams import chores
from tests.platforms.teams.channels import makes_team, owners
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.people import Person as People
from tests.platforms.teams.tenant import Tenant
from tests.reliability.moments import ScenarioClock
from tests.world import CAST, START
from workflows.policy import load_policy


class TeamsTown(Town):
    """The people of tests/world.py, at work on Teams."""

    def _channel(self, name: str) -> Chat | None:
        with self.assistant.database.reading() as session:
            room = rooms.named(session, name)
            there = room and room.address and room.state == "open"
            return self.workspace.chat(room.address) if there else None

    def given_a_team(self) -> str:
        """The same; whoever is told to add the app to a channel does so."""
        taf = super().given_a_team()
        if self.workspace.team is not None:  # type: ignore[attr-defined]
            self.adds_app("F-1042")
        return taf

    def adds_app(self, name: str) -> None:
        """Wait until it is said that the app is to be added to a channel; its owner does it."""
        self.until(lambda: self.waits_for_app(name), 20)
        chat = self.workspace.chat_of(platform.topic_of(name))  # type: ignore[attr-defined]
        owner = next(one for one in self.hands.values() if one.id in owners(chat))
        owner.admin.brings_bot(chat)  # type: ignore[arg-type]

    def waits_for_app(self, name: str) -> bool:
        """Whether the opening of a channel was given up because nobody added the app."""
        words = opening.ADD_THE_APP.format(name=platform.topic_of(name))
        with self.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.operation == "open").all()
            return any((one.state, one.why) == ("dead", words) for one in rows)

    def room_state(self, name: str) -> str:
        """How a family's room stands in the record."""
        with self.assistant.database.reading() as session:
            return str(rooms.named(session, name).state)

    def inside(self, name: str, *members: str) -> None:
        """Wait until just these people are in a family's chat."""
        wanted = {self.hands[one].id for one in members}
        self.workspace.until(lambda: set(self.channel(name).members) == wanted, 20)


def a_team(tenant: Tenant, *people: People) -> str:
    """The id of a team with these people and the app in it, as its package says."""
    package = manifest.manifest("x", "x", "private_channel", "")
    tenant.app.in_channels = package["supportsChannelFeatures"] == "tier1"
    team = makes_team(tenant, *people)
    chores.install(tenant, team.general, None)
    return team.id


@contextmanager
def town(
    database: Database,
    folder: Path,
    *,
    room: str = "group_chat",
    known: bool = True,
    standing: StoppedClock | None = None,
    cast_of: Mapping[str, Any] = CAST,
    guests: frozenset[str] = frozenset(),
    outside: frozenset[str] = frozenset(),
    **more: str,
) -> Iterator[TeamsTown]:
    """The assistant running in a tenant in which everybody has an account and the app.

    Where rooms are channels, everybody but those `outside` is in the team that holds them.
    """
    with ExitStack() as ending:
        tenant = ending.enter_context(Tenant())
        tenant.limits.on = False
        tenant.app.roles = set(manifest.in_graph(room)) | set(manifest.looking(room))
        tenant.app.rsc = set(manifest.permissions(room))
        clock = standing or ScenarioClock.made(folder / "clock", START)
        policy = load_policy(Path("app.yaml").read_text(), "app.yaml")
        hands = {name: tenant.joins(name, email_of(name), guest=name in guests) for name in cast_of}
        if room == "private_channel":
            there = (one.person for name, one in hands.items() if name not in outside)
            more["TEAMS_TEAM"] = a_team(tenant, *there)
        connection = joined(tenant, TEAMS_ROOM=room, **more)
        teams = joining.platform(connection, database, policy)
        ending.callback(teams.calling.http.close)
        quick = {"settles": SETTLES, "pace": timedelta(seconds=0.02), "per_second": None}
        teams.limits = replace(teams.limits, **quick)
        references = (f"F-{number}" for number in itertools.count(9001))
        assistant = assemble(
            policy,
            database,
            clock,
            {teams.name: teams},
            references.__next__,
            rooms_on=teams.name,
        )
        numbers = cast(database, cast_of)
        if known:
            with database.writing() as session:
                for name, number in numbers.items():
                    person, hand = session.get_one(Person, number), hands[name]
                    person.platform, person.platform_id = teams.name, hand.person.mri
                    accounts.remember(
                        session, teams.name, hand.person.mri, START, directory_id=hand.id
                    )
        listening = Listening(joining.doors(teams, assistant))
        routes = knocking.routes(listening, connection)
        port = listen("127.0.0.1", 0)
        pages = web_app(assistant, practice=None, more=[routes])
        ending.enter_context(served(pages, port, threading.Event()))
        tenant.request_url = f"http://127.0.0.1:{port.getsockname()[1]}{ADDRESS}"
        ending.callback(lambda: tenant.until(lambda: listening.is_idle, 10))
        ending.callback(tenant.settle)
        if standing is None:
            ending.callback(assistant.start().stop)
        yield TeamsTown(tenant, assistant, clock, hands, numbers, listening)  # type: ignore[arg-type]
