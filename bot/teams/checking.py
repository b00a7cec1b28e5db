"""`taf teams check`: whether Microsoft takes us as we are set up, a line each, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.checking import Checked, ill, well
from bot.clock import Clock
from bot.configuring import NotSetUp
from bot.platform import Undelivered
from bot.teams.calling import Calling, Refused
from bot.teams.connecting import connection
from bot.teams.graph_channels import GraphChannels
from bot.teams.graph_chats import FEWEST, FORBIDDEN, GONE, GraphChats
from bot.teams.manifest import INSTEAD, in_graph, looking
from bot.teams.tokens import NotSignedIn, roles

APART = 60
"""Seconds that our clock and Microsoft's may be apart before it is said (ours)."""

TOO_FAR = 300
"""Seconds apart at which everything that Teams signed is refused."""

NOT_GIVEN = (
    "none given: set TEAMS_CLIENT_ID, TEAMS_TENANT_ID and one of TEAMS_CLIENT_SECRET,"
    " TEAMS_CERTIFICATE and TEAMS_MANAGED_IDENTITY"
)
TRIAL = "TAF check"
"""The name of the chat that is made to try it, and emptied."""

DO = {
    "AADSTS7000215": "Copy the secret's value, not its id, into TEAMS_CLIENT_SECRET",
    "AADSTS7000222": "Make a new one under Certificates & secrets and set TEAMS_CLIENT_SECRET",
    "AADSTS700016": "Compare TEAMS_CLIENT_ID and TEAMS_TENANT_ID with the app's overview",
    "AADSTS700027": "Upload the certificate (without its key) under Certificates & secrets",
    "AADSTS700021": "Give the app a federated credential for the managed identity",
    "AADSTS90002": "Compare TEAMS_TENANT_ID with the app's overview, and look at TEAMS_CLOUD",
}
PROOF = "Compare TEAMS_CLIENT_ID, TEAMS_TENANT_ID and the secret with the app registration"

ANYBODY = "00000000-0000-0000-0000-000000000000"
"""Nobody's directory id: asking for it shows only whether the app may ask."""

NOT_IN_THE_TEAM = (
    "the app is not in the team, or its owner did not let it see who is in it. Add the app to the"
    " team of TEAMS_TEAM, in Teams"
)

MayMake = Callable[[str], bool]
"""Asks whether a chat of these people may be made and emptied at once."""


def check(
    environment: Mapping[str, str], clock: Clock, may_make: MayMake | None, people: Sequence[str]
) -> Iterator[Checked]:
    """Look at the settings, then ask Microsoft; without `may_make` no chat is tried.

    `people` are the work e-mails of two who are to be in that chat: Teams makes none of one.
    """
    try:
        to = connection(environment)
    except NotSetUp as error:
        yield ill("settings", str(error), status=2)
        return
    if to is None:
        yield ill("settings", NOT_GIVEN)
        return
    yield well("settings", f"joined {to.way}, rooms are {to.room}, cloud {to.cloud_name}")
    with closing(Calling(to, clock)) as calling:
        yield from _asked(calling, clock, may_make, people)


def _asked(
    calling: Calling, clock: Clock, may_make: MayMake | None, people: Sequence[str]
) -> Iterator[Checked]:
    to = calling.connection
    yield _signed_in(calling)
    yield from _addresses(calling, clock.now())
    if not to.makes_rooms:
        yield well("permissions", "none for Microsoft Graph are needed: people make the chats")
        return
    try:
        granted = roles(calling.tokens.token(to.cloud.graph_scope))
    except Undelivered as no:
        yield ill("permissions", _why(no))
        return
    yield from _permissions(granted, to.room)
    if to.in_channels:
        yield _catalogue(calling)
        yield from _team(calling, people)
        return
    may = may_make if {"AppCatalog.Read.All", "Chat.Create"} <= granted else None
    if "AppCatalog.Read.All" in granted:
        app = _catalogue(calling)
        yield app
        may = may if app.ok else None
    yield _chat(calling, may, people)


def _why(no: Undelivered) -> str:
    """What to do about something that came to nothing."""
    if isinstance(no, NotSignedIn):
        return f"{no.why} {DO.get(no.error, PROOF)}"
    if no.wait is not None:
        return "Microsoft asks us to wait: run this again in a minute"
    if no.permanent or no.locked_out:
        return no.why
    return (
        f"{no.why} This machine must be let out to it (HTTPS_PROXY names a proxy);"
        " if it is, look at Microsoft's status page and run this again"
    )


def _signed_in(calling: Calling) -> Checked:
    to = calling.connection
    try:
        calling.tokens.token(to.cloud.bot_scope)
    except Undelivered as no:
        return ill("sign-in", _why(no))
    return well("sign-in", f"Microsoft gives a token to {to.client_id} in {to.tenant_id}")


def _addresses(calling: Calling, now: datetime) -> Iterator[Checked]:
    """Whether Teams and its keys can be reached from here, and what time it is there."""
    to, told = calling.connection, None
    for what, url in (("keys", to.cloud.keys), ("service", to.service)):
        try:
            answer = calling.http.get(url)
        except httpx.HTTPError:
            yield ill(what, f"{url} gave no answer. This machine must be let out to it")
            continue
        told = told or answer.headers.get("date")
        if what == "keys" and not _has_keys(answer):
            yield ill(what, f"{url} shows no keys: look at TEAMS_CLOUD and TEAMS_OPENID_URL")
        else:
            yield well(what, f"{url} answers")
    if told is not None:
        yield _clock(told, now)


def _has_keys(answer: httpx.Response) -> bool:
    try:
        return bool(answer.json()["keys"])
    except (ValueError, KeyError, TypeError):
        return False


def _clock(told: str, now: datetime) -> Checked:
    try:
        apart = (now - parsedate_to_datetime(told)).total_seconds()
    except (TypeError, ValueError):
        return well("clock", "not compared: the answer carries no date")
    if abs(apart) <= APART:
        return well("clock", "within a minute of Microsoft's")
    way = "ahead of" if apart > 0 else "behind"
    then = f"beyond {TOO_FAR} everything that Teams sends is refused"
    return ill("clock", f"{abs(apart):.0f} seconds {way} Microsoft's; {then}. Keep it right")


def _permissions(granted: frozenset[str], room: str) -> Iterator[Checked]:
    wanted, also_good = in_graph(room), looking(room)
    missing = [one for one in wanted if not _has(granted, one)]
    for one in missing:
        yield ill(
            "permission",
            f"{one} is missing, which is needed to {wanted[one]}. Add it under API permissions"
            " as an application permission, and let an administrator grant consent",
        )
    if missing:
        return
    looks = bool(also_good) and all(_has(granted, one) for one in also_good)
    more = ", ".join(sorted(granted - wanted.keys() - also_good.keys()))
    also = f"; not needed, so take away: {more}" if more else ""
    how = "what may have arrived is looked up" if looks else "what may have arrived comes again"
    yield well("permissions", f"all {len(wanted)} are granted, {how}{also}")


def _has(granted: frozenset[str], one: str) -> bool:
    return one in granted or bool(INSTEAD.get(one, set()) & granted)


def _catalogue(calling: Calling) -> Checked:
    ours = f"externalId eq '{calling.connection.app_id}'"
    try:
        found = list(calling.graph_pages("appCatalogs/teamsApps", **{"$filter": ours}))
    except Undelivered as no:
        return ill("app", _why(no))
    if not found:
        return ill(
            "app",
            f"no app of the id {calling.connection.app_id} is in the organisation's catalogue."
            " Upload the package of `taf teams manifest` in the Teams admin centre; if it has"
            " another id, set TEAMS_APP_ID",
        )
    return well("app", "in the organisation's catalogue")


def _team(calling: Calling, people: Sequence[str]) -> Iterator[Checked]:
    """Whether the team is there with the app in it, and these people; no channel is tried.

    A channel cannot be taken back without a permission that would delete any.
    """
    channels, chats = GraphChannels(calling), GraphChats(calling)
    try:
        private = channels.count()
    except Undelivered as no:
        unknown = isinstance(no, Refused) and no.status == GONE
        yield ill("team", "there is no team of the id in TEAMS_TEAM" if unknown else _why(no))
        return
    yield well("team", f"there, with {private} private channels; Teams takes 1,000 of them")
    for one in people or ("",):
        yield _in_team(channels, chats, one)
    yield well("channel", "not tried: one that was made cannot be taken back")


def _in_team(channels: GraphChannels, chats: GraphChats, email: str) -> Checked:
    """Whether somebody is in the team; of nobody, whether we could see it."""
    try:
        found = chats.directory_id(email) if email else ANYBODY
        inside = found is not None and channels.in_team(found)
    except Undelivered as no:
        if isinstance(no, Refused) and no.status == FORBIDDEN:
            return ill("app in the team", NOT_IN_THE_TEAM)
        return ill("app in the team", _why(no))
    if email and not inside:
        return ill(email, "is not in the team: add them there, as a guest if from elsewhere")
    return well(email or "app in the team", "in the team" if email else "there")


def _chat(calling: Calling, may_make: MayMake | None, people: Sequence[str]) -> Checked:
    """Whether a room could be made: one is, with the app and these people in it, and emptied."""
    if may_make is None or len(people) < FEWEST or not may_make(" and ".join(people)):
        return well("chat", "not tried")
    chats = GraphChats(calling)
    try:
        known = {one: chats.directory_id(one) for one in people}
        for one, found in known.items():
            if found is None:
                return ill("chat", f"nobody in the tenant has the e-mail {one}: give another")
        made = chats.make(TRIAL, [found for found in known.values() if found])
    except Undelivered as no:
        if no.unknown:
            return ill("chat", f"Microsoft did not say whether {TRIAL} was made: look in Teams")
        return ill("chat", _not_made(no))
    return _put_away(chats, made)


def _not_made(no: Undelivered) -> str:
    if isinstance(no, Refused) and no.status == FORBIDDEN:
        return f"{no.why} An administrator must grant Chat.Create, and let chats be made"
    return _why(no)


def _put_away(chats: GraphChats, made: str) -> Checked:
    """Let the app in, which alone may then take everybody out."""
    try:
        chats.install(made)
        chats.empty(made)
    except Undelivered as no:
        return ill("chat", f"{TRIAL} was made; leave it by hand. What came next: {_why(no)}")
    return well("chat", f"{TRIAL} was made, the app was in it, and it was emptied")
