"""The connector: whom our bot may begin a conversation with, and who is in one."""

from __future__ import annotations

from typing import Any

from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.connector import V3, check_reachable, conversation
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import ConnectorRefuses


def _create(call: Call) -> Told:
    """Begin a personal chat; a bot cannot make a group chat by the connector (remembered)."""
    said = call.body if isinstance(call.body, dict) else {}
    members = said.get("members") or []
    if said.get("isGroup") or len(members) != 1:
        raise ConnectorRefuses(400, "BadArgument", "Bots begin conversations with one person")
    if said.get("activity") is not None:
        raise ConnectorRefuses(400, "BadArgument", "a first message is sent apart here")
    named = said.get("tenantId") or said.get("channelData", {}).get("tenant", {}).get("id")
    if named != call.tenant.id:
        raise ConnectorRefuses(403, "ForbiddenOperationException", "The tenant is not the bot's")
    person = call.tenant.person(members[0].get("id", ""))
    if person is None or not person.in_tenant:
        raise ConnectorRefuses(403, "ForbiddenOperationException", "The person is not known here")
    chat = call.tenant.direct(person)
    check_reachable(call, chat)
    return 201, {"id": chat.id}


def _shown(call: Call, person: Person) -> dict[str, Any]:
    """Somebody as the connector shows them (documented)."""
    first, _, last = person.real_name.partition(" ")
    about = {"id": person.mri, "objectId": person.id, "aadObjectId": person.id}
    named = {"name": person.real_name, "givenName": first, "surname": last}
    more = {"email": person.email, "userPrincipalName": person.upn, "tenantId": call.tenant.id}
    return about | named | more | {"userRole": "guest" if person.is_guest else "user"}


def _inside(call: Call, chat: Chat) -> list[str]:
    """Who is listed: of a channel, the whole of its team (documented of standard ones)."""
    team = call.tenant.team
    return team.general.members if chat.kind == "channel" and team else chat.members


def _members(call: Call) -> Told:
    chat = conversation(call, silent=True)
    return 200, [_shown(call, call.tenant.people[one]) for one in _inside(call, chat)]


def _paged(call: Call) -> Told:
    """One page of the members; the token of the next is there while there is one."""
    listed = _inside(call, conversation(call, silent=True))
    wanted = int(call.query.get("pageSize", 200))
    start = int(call.query.get("continuationToken", 0))
    end = start + min(wanted, call.tenant.rules.page)
    found: dict[str, Any] = {
        "members": [_shown(call, call.tenant.people[one]) for one in listed[start:end]]
    }
    return 200, found | ({"continuationToken": str(end)} if end < len(listed) else {})


def _member(call: Call) -> Told:
    chat = conversation(call, silent=True)
    person = call.tenant.person(call.at["member"])
    if person is None or person.id not in _inside(call, chat):
        raise ConnectorRefuses(404, "MemberNotFoundInConversation", "Not in the roster.")
    return 200, _shown(call, person)


ROUTES = [
    Route("POST", V3, "conversations.create", _create),
    Route("GET", f"{V3}/{{chat}}/members", "conversations.members", _members),
    Route("GET", f"{V3}/{{chat}}/pagedmembers", "conversations.members", _paged),
    Route("GET", f"{V3}/{{chat}}/members/{{member}}", "conversations.member", _member),
]
