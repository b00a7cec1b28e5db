"""Which chat platforms this process is joined to: what it sends on, and what it hears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field

from fastapi import APIRouter

from bot.app import Assistant
from bot.clock import WallClock
from bot.configuring import NotSetUp
from bot.platform import Platform
from bot.slack import connecting as slack_settings
from bot.slack import joining as slack
from bot.slack import knocking as slack_knocking
from bot.slack.by_socket import listening_by_socket
from bot.slack.listening import Listening
from bot.slack.platform import SlackPlatform
from bot.teams import connecting as teams_settings
from bot.teams import joining as teams
from bot.teams.listening import Listening as TeamsListening
from bot.teams.platform import TeamsPlatform
from bot.web.platform import WebPlatform
from storage.database import Database
from workflows.policy import Policy


@dataclass(frozen=True)
class Joined:
    """The connections that the settings describe; raises NotSetUp where they cannot be used."""

    slack: slack_settings.Connection | None
    teams: teams_settings.Connection | None
    rooms_on: str

    def platforms(self, database: Database, policy: Policy) -> dict[str, Platform]:
        """The platforms, for the outbox; the web is always one of them. Raises NotSetUp."""
        found: dict[str, Platform] = {"web": WebPlatform(database)}
        if self.slack is not None:
            chat = slack.platform(self.slack, database, policy)
            slack.look_at(chat)
            found[chat.name] = chat
        if self.teams is not None:
            on = teams.platform(self.teams, database, policy)
            found[on.name] = on
        return found


def joined(environment: Mapping[str, str]) -> Joined:
    """Where this partnership is joined, and where the rooms of new families are opened."""
    to_slack = slack_settings.connection(environment)
    to_teams = teams_settings.connection(environment)
    names = [name for name, to in (("slack", to_slack), ("teams", to_teams)) if to is not None]
    wanted = environment.get("TAF_ROOMS_ON", "").strip().lower()
    if wanted and wanted not in {*names, "web"}:
        raise NotSetUp("TAF_ROOMS_ON must name a platform that is joined, or web.")
    if len(names) > 1 and not wanted:
        raise NotSetUp("Slack and Teams are both joined: TAF_ROOMS_ON must say where rooms open.")
    return Joined(to_slack, to_teams, wanted or (names[0] if names else "web"))


@dataclass
class Ears:
    """What hears the chat platforms: addresses to serve, and connections of our own to hold."""

    routes: list[APIRouter] = field(default_factory=list)
    _beside: list[AbstractContextManager[None]] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold the connections until the end of this."""
        with ExitStack() as ending:
            for one in self._beside:
                ending.enter_context(one)
            yield

    def beside(self, one: AbstractContextManager[None]) -> None:
        """Hold this one too."""
        self._beside.append(one)


def hear(assistant: Assistant, *, served: bool) -> Ears:
    """Hear every platform that is joined; what another process heard can be done here too.

    `served`: this process has addresses at which it can be reached.
    """
    ears, on = Ears(), assistant.delivery.platforms
    if isinstance(chat := on.get("slack"), SlackPlatform):
        _hear_slack(assistant, chat, ears, served=served)
    if "teams" in on:
        _hear_teams(assistant, ears, served=served)
    return ears


def _hear_slack(assistant: Assistant, chat: SlackPlatform, ears: Ears, *, served: bool) -> None:
    listening = Listening(chat.calling, slack.doors(chat, assistant))
    to = chat.calling.connection
    if not served:
        return
    if to.by_socket:
        ears.beside(listening_by_socket(listening))
    else:
        ears.routes.append(slack_knocking.routes(listening, to.signing_secret, WallClock()))


def _hear_teams(assistant: Assistant, ears: Ears, *, served: bool) -> None:
    on = assistant.delivery.platforms["teams"]
    if not isinstance(on, TeamsPlatform):
        return
    doors = teams.doors(on, assistant)
    if served:
        # Only here: Microsoft's SDK takes over a second to load.
        from bot.teams import knocking  # noqa: PLC0415

        ears.routes.append(knocking.routes(TeamsListening(doors), on.calling.connection))
