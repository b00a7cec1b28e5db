"""`taf teams check`: whether Microsoft takes us as we are set up, a line each, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.checking import Checked, ill, well
from bot.clock import Clock
from bot.configuring import NotSetUp
from bot.platform import Undelivered
from bot.teams.calling import Calling, Refused
from bot.teams.connecting import connection
from bot.teams.manifest import GRAPH, INSTEAD, LOOKING
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
"""The name of the chat that is made to try it, and removed."""

DO = {
    "AADSTS7000215": "Copy the secret's value, not its id, into TEAMS_CLIENT_SECRET",
    "AADSTS7000222": "Make a new one under Certificates & secrets and set TEAMS_CLIENT_SECRET",
    "AADSTS700016": "Compare TEAMS_CLIENT_ID and TEAMS_TENANT_ID with the app's overview",
    "AADSTS700027": "Upload the certificate (without its key) under Certificates & secrets",
    "AADSTS700021": "Give the app a federated credential for the managed identity",
    "AADSTS90002": "Compare TEAMS_TENANT_ID with the app's overview, and look at TEAMS_CLOUD",
}
PROOF = "Compare TEAMS_CLIENT_ID, TEAMS_TENANT_ID and the secret with the app registration"

MayMake = Callable[[str], bool]
"""Asks whether a chat of this name may be made and removed at once."""


def check(
    environment: Mapping[str, str], clock: Clock, may_make: MayMake | None, person: str | None
) -> Iterator[Checked]:
    """Look at the settings, then ask Microsoft; without `may_make` no chat is tried.

    `person` is the work e-mail of whoever is to be in that chat: one needs a member.
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
        yield from _asked(calling, clock, may_make, person)


def _asked(
    calling: Calling, clock: Clock, may_make: MayMake | None, person: str | None
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
    yield from _permissions(granted)
    found = _catalogue(calling) if "AppCatalog.Read.All" in granted else None
    if found is not None:
        yield found
    yield _chat(calling, may_make if "Chat.Create" in granted else None, person)


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


def _permissions(granted: frozenset[str]) -> Iterator[Checked]:
    missing = [one for one in GRAPH if not _has(granted, one)]
    for one in missing:
        yield ill(
            "permission",
            f"{one} is missing, which is needed to {GRAPH[one]}. Add it under API permissions"
            " as an application permission, and let an administrator grant consent",
        )
    if missing:
        return
    looks = all(_has(granted, one) for one in LOOKING)
    more = ", ".join(sorted(granted - GRAPH.keys() - LOOKING.keys()))
    also = f"; not needed, so take away: {more}" if more else ""
    how = "what may have arrived is looked up" if looks else "what may have arrived comes again"
    yield well("permissions", f"all {len(GRAPH)} are granted, {how}{also}")


def _has(granted: frozenset[str], one: str) -> bool:
    return one in granted or bool(INSTEAD.get(one, set()) & granted)


def _catalogue(calling: Calling) -> Checked:
    try:
        found = in_catalogue(calling)
    except Undelivered as no:
        return ill("app", _why(no))
    if found is None:
        return ill(
            "app",
            f"no app of the id {calling.connection.app_id} is in the organisation's catalogue."
            " Upload the package of `taf teams manifest` in the Teams admin centre; if it has"
            " another id, set TEAMS_APP_ID",
        )
    return well("app", "in the organisation's catalogue")


def in_catalogue(calling: Calling) -> str | None:
    """The number that the organisation's catalogue gave our app; raises Undelivered."""
    wanted = f"externalId eq '{calling.connection.app_id}'"
    found = calling.graph("GET", "appCatalogs/teamsApps", **{"$filter": wanted}).get("value")
    return str(found[0]["id"]) if found else None


def _chat(calling: Calling, may_make: MayMake | None, person: str | None) -> Checked:
    """Whether a room could be made: one is, with one person in it, who is then taken out."""
    if may_make is None or person is None or not may_make(person):
        return well("chat", "not tried")
    try:
        whom = _found(calling, person)
        if whom is None:
            return ill("chat", f"nobody in the tenant has the e-mail {person}: give another")
        made = calling.graph("POST", "chats", _wanted(calling, whom))
    except Undelivered as no:
        if no.unknown:
            return ill("chat", f"Microsoft did not say whether {TRIAL} was made: look in Teams")
        return ill("chat", _not_made(no))
    return _put_away(calling, str(made.get("id")))


def _found(calling: Calling, email: str) -> str | None:
    wanted = f"mail eq '{email.replace(chr(39), chr(39) * 2)}'"
    found = calling.graph("GET", "users", **{"$filter": wanted}).get("value")
    return str(found[0]["id"]) if found else None


def _wanted(calling: Calling, person: str) -> dict[str, Any]:
    return {"chatType": "group", "topic": TRIAL, "members": [member(calling, person, "owner")]}


def member(calling: Calling, person: str, role: str) -> dict[str, Any]:
    """Somebody as Graph wants them named for a chat: by directory id, as owner or guest."""
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "roles": [role],
        "user@odata.bind": f"{calling.connection.cloud.graph_url}/users('{person}')",
    }


def _not_made(no: Undelivered) -> str:
    if isinstance(no, Refused) and no.status == 403:
        return f"{no.why} An administrator must grant Chat.Create, and let chats be made"
    return _why(no)


def _put_away(calling: Calling, chat: str) -> Checked:
    """Remove it, where the app may; it needs no permission for that to do its work."""
    by_hand = f"{TRIAL} was made; whoever is in it can leave it"
    try:
        calling.graph("DELETE", f"chats/{chat}")
    except Undelivered:
        return well("chat", f"{by_hand} (removing it would need Chat.ManageDeletion.All)")
    return well("chat", f"{TRIAL} was made, and removed")
