"""`taf slack check`: whether Slack takes us as we are set up, a line each, with what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from random import Random

from slack_sdk.web import SlackResponse

from bot.checking import Checked, ill, well
from bot.clock import Clock
from bot.configuring import NotSetUp
from bot.platform import Undelivered
from bot.slack.calling import Calling, Refused
from bot.slack.connecting import Connection, connection
from bot.slack.knocking import WINDOW
from bot.slack.manifest import SCOPES

APART = 60
"""Seconds that our clock and Slack's may be apart before it is said (ours)."""

MOST_NAMES = 3
"""How many names are tried for the channel, each of them taken by nobody as far as we know."""

NOT_GIVEN = "none given: set SLACK_BOT_TOKEN, and SLACK_SIGNING_SECRET or SLACK_APP_TOKEN"
UNKNOWN_BOT = (
    "Slack does not know it: it was revoked, or the app was removed."
    " Install the app in the workspace again and give its new token as SLACK_BOT_TOKEN"
)
UNKNOWN_APP = (
    "Slack does not know it: it was revoked, or is another kind of token. Make one under"
    " Basic Information, App-Level Tokens, with connections:write, and give it as SLACK_APP_TOKEN"
)
RIGHT_FORM = (
    "has the right form. Only Slack can prove it: its first request is answered,"
    " or refused with 401 and a line in the log"
)
WRONG_FORM = (
    "is not the signing secret, which has 32 digits and letters from a to f."
    " It stands under Basic Information, App Credentials; the client secret is another one"
)

MayOpen = Callable[[str], bool]
"""Asks whether an empty private channel of this name may be made and archived at once."""


def check(
    environment: Mapping[str, str], clock: Clock, luck: Random, may_open: MayOpen | None
) -> Iterator[Checked]:
    """Look at the settings, then ask Slack; without `may_open` no channel is tried."""
    try:
        to = connection(environment)
    except NotSetUp as error:
        yield ill("settings", str(error), status=2)
        return
    if to is None:
        yield ill("settings", NOT_GIVEN)
        return
    yield well("settings", f"joined {to.way}")
    calling, granted = Calling(to), None
    try:
        answer = calling.answer("auth.test")
    except Undelivered as no:
        yield ill("token", _why(no, to, UNKNOWN_BOT))
    else:
        granted = _granted(answer)
        yield _token(answer)
        yield from _permissions(granted)
        yield _clock(answer, clock.now())
    yield _app_token(to) if to.by_socket else _secret(to)
    if granted is not None:
        yield _channel(calling, luck, may_open if "groups:write" in granted else None)


def _why(no: Undelivered, to: Connection, unknown: str) -> str:
    """What to do about a call that came to nothing."""
    if no.locked_out:
        return unknown
    if no.permanent:
        return no.why
    if no.wait is not None:
        return "Slack asks us to wait: run this again in a minute"
    return (
        f"{to.api_url} gave no answer. This machine must be let out to it"
        " (HTTPS_PROXY names a proxy); if it is, look at Slack's status page and run this again"
    )


def _token(answer: SlackResponse) -> Checked:
    if answer.get("is_enterprise_install"):
        return ill(
            "token", "the app is installed for a whole organisation: install it in one workspace"
        )
    return well("token", f"{answer.get('user')} in {answer.get('team')}")


def _headers(answer: SlackResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _granted(answer: SlackResponse) -> frozenset[str]:
    """The permissions that Slack says the token has; a server that says nothing grants all."""
    told = _headers(answer).get("x-oauth-scopes")
    if told is None:
        return frozenset(SCOPES)
    return frozenset(one.strip() for one in told.split(",") if one.strip())


def _permissions(granted: frozenset[str]) -> Iterator[Checked]:
    missing = [one for one in SCOPES if one not in granted]
    for one in missing:
        yield ill(
            "permission",
            f"{one} is missing, which is needed to {SCOPES[one]}."
            " Give the app the manifest of `taf slack manifest`, and install it again",
        )
    if not missing:
        more = ", ".join(sorted(granted - SCOPES.keys()))
        also = f"; not needed, so take away: {more}" if more else ""
        yield well("permissions", f"all {len(SCOPES)} are granted{also}")


def _clock(answer: SlackResponse, now: datetime) -> Checked:
    """Slack signs its requests with its time; ours must be near it."""
    told = _headers(answer).get("date")
    if told is None:
        return well("clock", "not compared: the answer carries no date")
    apart = (now - parsedate_to_datetime(told)).total_seconds()
    if abs(apart) <= APART:
        return well("clock", "within a minute of Slack's")
    way = "ahead of" if apart > 0 else "behind"
    every = "every request of Slack's is refused"
    then = every if abs(apart) > WINDOW else f"beyond {WINDOW} {every}"
    return ill(
        "clock", f"{abs(apart):.0f} seconds {way} Slack's; {then}. Keep it right, with chrony say"
    )


def _secret(to: Connection) -> Checked:
    fits = re.fullmatch(r"[0-9a-f]{32}", to.signing_secret)
    return well("signing secret", RIGHT_FORM) if fits else ill("signing secret", WRONG_FORM)


def _app_token(to: Connection) -> Checked:
    try:
        Calling(replace(to, bot_token=to.app_token)).ask("apps.connections.open")
    except Undelivered as no:
        return ill("app-level token", _why(no, to, UNKNOWN_APP))
    return well("app-level token", "Slack gives us a connection")


def _channel(calling: Calling, luck: Random, may_open: MayOpen | None) -> Checked:
    """Whether a room could be opened: an empty one is, and archived."""
    names = [f"taf-check-{luck.getrandbits(24):06x}" for _ in range(MOST_NAMES)]
    if may_open is None or not may_open(names[0]):
        return well("private channel", "not tried")
    for name in names:
        try:
            made = calling.ask("conversations.create", name=name, is_private=True)["channel"]
        except Undelivered as no:
            if isinstance(no, Refused) and no.error == "name_taken":
                continue
            return ill("private channel", _not_made(no, name, calling.connection))
        return _put_away(calling, name, made)
    return ill("private channel", f"Slack says of {names[0]} and others that the name is taken")


def _not_made(no: Undelivered, name: str, to: Connection) -> str:
    if isinstance(no, Refused) and no.error == "restricted_action":
        return f"{no.why} A workspace owner can let members make private channels"
    if no.unknown:
        return f"Slack did not say whether {name} was made. If it was, an owner can archive it"
    return _why(no, to, UNKNOWN_BOT)


def _put_away(calling: Calling, name: str, made: Mapping[str, object]) -> Checked:
    try:
        calling.ask("conversations.archive", channel=made["id"])
    except Undelivered as no:
        by_hand = "An owner of the workspace can archive it"
        return ill("private channel", f"{name} was made and not archived: {no.why} {by_hand}")
    if not made.get("is_private"):
        return ill("private channel", f"Slack made {name}, but not private. It is archived")
    return well("private channel", f"{name} was made, and archived")
