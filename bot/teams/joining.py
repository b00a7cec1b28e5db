"""Puts Teams together: its platform for the outbox, its doors for the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.app import Assistant
from bot.chat.asking import Asking
from bot.chat.home import Homes
from bot.chat.in_step import InStep
from bot.chat.naming import Naming
from bot.chat.typing import Words
from bot.chat.who import Profile, Who
from bot.platform import Undelivered
from bot.teams.answering import Answering
from bot.teams.arriving import Arriving
from bot.teams.calling import Calling
from bot.teams.connecting import Connection
from bot.teams.dialogs import Dialogs
from bot.teams.doors import TeamsDoors
from bot.teams.linking import Linking
from bot.teams.platform import TeamsPlatform
from bot.teams.redrawing import CardsAgain
from storage.database import Database
from workflows.policy import Policy

CALL = "@TAF Assistant"
"""How the assistant is called in a chat; in somebody's own chat with it, by the word alone."""


def platform(connection: Connection, database: Database, policy: Policy) -> TeamsPlatform:
    """Teams, for the outbox."""
    return TeamsPlatform(Calling(connection), database, Naming(policy))


def doors(on: TeamsPlatform, assistant: Assistant) -> TeamsDoors:
    """What comes in from Teams, for the inbox: also where another process hears it."""
    knowing = on.knowing

    def look_up(account: str) -> Profile:
        address = knowing.met_in.get(account)
        if address is None:
            raise Undelivered("It is not known where they wrote from.")
        return knowing.profile(account, address, assistant.clock.now())

    who = Who(assistant, on.name, look_up)
    asking, homes = Asking(assistant), Homes(assistant)
    in_step = InStep(assistant, on)
    assistant.ticker.auditor.also.append(in_step.all)
    words, linking = Words(assistant, who, CALL), Linking(assistant, knowing)
    answering = Answering(assistant, on, words, homes, in_step, linking)

    def typed(body: Mapping[str, Any]) -> None:
        person = arriving.found(body["account"], body["where"])
        answering.typed({**body, "person": person})

    again = CardsAgain(answering)
    arriving = Arriving(assistant, who, asking, knowing, typed, answering.happened, again.picked_up)
    return TeamsDoors(arriving, answering, Dialogs(asking), homes, again)
