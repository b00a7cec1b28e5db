"""Puts Slack together: its platform for the outbox, its doors for the inbox, its ears."""

from __future__ import annotations

from bot.app import Assistant
from bot.chat.asking import Asking
from bot.chat.home import Homes
from bot.chat.in_step import InStep
from bot.chat.naming import Naming
from bot.chat.typing import Words
from bot.chat.who import Profile, Who
from bot.configuring import NotSetUp
from bot.platform import Undelivered
from bot.slack.arriving import Arriving
from bot.slack.calling import Calling, OfAnOrganisation
from bot.slack.connecting import Connection
from bot.slack.dialogs import Dialogs
from bot.slack.doors import Doors
from bot.slack.happening import Happening
from bot.slack.matching import verified_email
from bot.slack.platform import SlackPlatform
from bot.slack.saying import Saying
from storage.database import Database
from workflows.policy import Policy

CALL = "/taf"
"""How the assistant is called on Slack."""


def platform(connection: Connection, database: Database, policy: Policy) -> SlackPlatform:
    """Slack, for the outbox."""
    return SlackPlatform(Calling(connection), database, Naming(policy))


def doors(on: SlackPlatform, assistant: Assistant) -> Doors:
    """What comes in from Slack, for the inbox: also where another process hears it."""
    calling = on.calling
    who = Who(assistant, on.name, lambda user: profile(calling, user))
    asking, saying = Asking(assistant), Saying(calling, Doors.failed)
    in_step = InStep(assistant, on)
    assistant.ticker.auditor.also.append(in_step.all)
    homes = Homes(assistant)
    happening = Happening(assistant, calling, who, homes, on.naming, in_step)
    arriving = Arriving(assistant, who, asking, saying, happening)
    words = Words(assistant, who, CALL)
    return Doors(who, Dialogs(asking), saying, arriving, happening, words)


def look_at(on: SlackPlatform) -> None:
    """Refuse an app that belongs to a whole organisation (Enterprise Grid); raises NotSetUp.

    Where Slack does not answer now, it is served all the same: nothing is lost until it does, and
    nothing is done before it has said what we are.
    """
    try:
        _ = on.calling.ourselves
    except OfAnOrganisation as no:
        raise NotSetUp(no.why) from None
    except Undelivered:
        return


def profile(calling: Calling, user: str) -> Profile:
    """An account as Slack shows it; raises Undelivered."""
    found = calling.ask("users.info", user=user)["user"]
    email = verified_email(found, calling.ourselves["team_id"])
    return Profile(email, str(found.get("real_name") or found.get("name") or ""))
