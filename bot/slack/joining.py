"""Puts Slack together: its platform for the outbox, its doors for the inbox, its ears."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import Assistant
from bot.boundary import default_labels
from bot.commands import COMMANDS
from bot.slack.arriving import Arriving
from bot.slack.calling import Calling
from bot.slack.connecting import Connection
from bot.slack.dialogs import Dialogs
from bot.slack.doors import Doors
from bot.slack.happening import Happening
from bot.slack.home import Homes
from bot.slack.in_step import InStep
from bot.slack.platform import SlackPlatform
from bot.slack.saying import Saying
from bot.slack.typing import Words
from bot.slack.who import Who
from messages.form import Form, relabelled
from storage.database import Database
from workflows.policy import Policy


def platform(connection: Connection, database: Database, policy: Policy) -> SlackPlatform:
    """Slack, for the outbox."""
    return SlackPlatform(Calling(connection), database, _forms(policy))


def _forms(policy: Policy) -> Callable[[str], Form | None]:
    named = default_labels(policy)

    def form_of(command: str) -> Form | None:
        found = COMMANDS.get(command)
        return relabelled(found.form, named) if found else None

    return form_of


def doors(on: SlackPlatform, assistant: Assistant) -> Doors:
    """What comes in from Slack, for the inbox: also where another process hears it."""
    calling = on.calling
    who = Who(assistant, calling)
    dialogs, saying = Dialogs(assistant), Saying(calling)
    in_step = InStep(assistant, calling)
    assistant.ticker.auditor.also.append(in_step.all)
    happening = Happening(assistant, calling, who, Homes(assistant), in_step)
    arriving = Arriving(assistant, who, dialogs, saying, happening)
    return Doors(who, dialogs, saying, arriving, happening, Words(assistant, who))
