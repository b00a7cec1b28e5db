"""What Graph's calls have in common: whom they name, what they may, how long lists are cut."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from tests.platforms.teams.asked import Call, Route
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import GraphRefuses

V1 = "/graph/v1.0"
BOUND = re.compile(r".*/v1\.0/users(?:\('([^']+)'\)|/([^/]+))")


def check_roles(route: Route, call: Call) -> None:
    """Refuse unless the token, or the consent given in the chat, has one of the permissions.

    `….Chat` is consented to where the app is installed, `….Group` in a team; `….WhereInstalled`
    holds there only.
    """
    chat, team = call.tenant.chat(call.at.get("chat", "")), call.tenant.team
    held = set(call.claims.get("roles", []))
    if chat is None or not chat.has_app:
        held = {one for one in held if not one.endswith(".WhereInstalled")}
    else:
        held |= {one for one in chat.consented if one.endswith(".Chat")}
    if "team" in call.at and team is not None and team.general.has_app:
        held |= {one for one in team.general.consented if one.endswith(".Group")}
    if route.roles and not held & set(route.roles):
        said = "Missing role permissions on the request. API requires one of"
        wanted = ", ".join(route.roles)
        has = ", ".join(call.claims.get("roles", []))
        raise GraphRefuses(403, "Forbidden", f"{said} '{wanted}'. Roles on the request '{has}'.")


def chat_of(call: Call) -> Chat:
    """The chat that is called upon, by the id that Graph has for it."""
    for one in call.tenant.chats.values():
        if one.graph_id == call.at["chat"] and one.kind != "channel":
            return one
    raise GraphRefuses(404, "NotFound", "No chat of this id.")


def person_of(call: Call, handle: str) -> Person:
    """Somebody in the tenant, by id or user principal name; Graph knows no MRI."""
    person = call.tenant.person(handle)
    if person is None or not person.in_tenant or handle == person.mri:
        raise GraphRefuses(404, "Request_ResourceNotFound", f"Resource '{handle}' does not exist.")
    return person


def named(call: Call, said: Any) -> Person:
    """The person whom a member is bound to (documented, both spellings)."""
    if not isinstance(said, dict):
        raise GraphRefuses(400, "BadRequest", "a member is an object")
    if said.get("@odata.type") != "#microsoft.graph.aadUserConversationMember":
        raise GraphRefuses(400, "BadRequest", "the member's @odata.type is missing")
    found = BOUND.fullmatch(str(said.get("user@odata.bind", "")))
    if found is None:
        raise GraphRefuses(400, "BadRequest", "user@odata.bind names nobody")
    person = person_of(call, found[1] or found[2])
    if person.deactivated:
        raise GraphRefuses(400, "BadRequest", "the account is disabled")  # remembered
    return person


def bound(call: Call, said: Any) -> Person:
    """The same of a chat: in-tenant guests are guests there, all others owners (documented)."""
    person = named(call, said)
    wanted = ["guest"] if person.is_guest else ["owner"]
    if said.get("roles") != wanted:
        raise GraphRefuses(400, "BadRequest", f"roles must be {wanted} for this member")
    return person


def page(call: Call, found: list[Any], most: int | None = None) -> dict[str, Any]:
    """One page of a list, with the address of the next; pages may be small at any time."""
    try:
        top = int(call.query.get("$top", 20))
        start = int(call.query.get("$skiptoken", 0))
    except ValueError:
        raise GraphRefuses(400, "BadRequest", "Invalid paging.") from None
    if most is not None and top > most:
        raise GraphRefuses(400, "BadRequest", f"The limit of '{most}' for Top is exceeded.")
    end = start + min(top, call.tenant.rules.page)
    said = {"@odata.context": f"{call.tenant.graph_url}/$metadata", "value": found[start:end]}
    if end < len(found):
        query = {name: one for name, one in call.query.items() if name != "$skiptoken"}
        asked = urlencode(query | {"$skiptoken": str(end)})
        said["@odata.nextLink"] = f"{call.tenant.url}{call.path}?{asked}"
    return said
