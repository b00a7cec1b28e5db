"""Graph: making a group chat, its topic, its members and its end."""

from __future__ import annotations

from typing import Any

from tests.platforms.teams import chores
from tests.platforms.teams.activities import moment
from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.chats import Chat, Membership
from tests.platforms.teams.graph import V1, bound, chat_of, page
from tests.platforms.teams.refusing import GraphRefuses

MOST_MEMBERS, LONGEST_TOPIC = 250, 250
"""Documented, both; and no colon may be in a topic."""

READING: tuple[str, ...] = (
    "ChatSettings.Read.Chat",
    "ChatSettings.ReadWrite.Chat",
    "Chat.Manage.Chat",
)
READING += ("Chat.ReadBasic.WhereInstalled", "Chat.Read.WhereInstalled", "Chat.ReadBasic.All")
READING += ("Chat.Read.All", "Chat.ReadWrite.All")
MEMBERS: tuple[str, ...] = (
    "ChatMember.Read.Chat",
    "Chat.Manage.Chat",
    "ChatMember.Read.WhereInstalled",
)
MEMBERS += ("ChatMember.ReadWrite.WhereInstalled", "ChatMember.Read.All", "Chat.ReadBasic.All")
MEMBERS += ("ChatMember.ReadWrite.All", "Chat.Read.All", "Chat.ReadWrite.All")
CHANGING: tuple[str, ...] = ("Chat.Manage.Chat", "ChatMember.ReadWrite.WhereInstalled")
CHANGING += ("ChatMember.ReadWrite.All", "Chat.ReadWrite.All")
RENAMING = ("ChatSettings.ReadWrite.Chat", "Chat.Manage.Chat", "Chat.ReadWrite.All")
"""Which permission is enough (documented; `WhereInstalled` and `Chat.Manage.Chat` remembered)."""


def shown(chat: Chat) -> dict[str, Any]:
    """A chat as Graph shows it."""
    return {
        "id": chat.graph_id,
        "topic": chat.topic,
        "createdDateTime": moment(chat.created),
        "lastUpdatedDateTime": moment(chat.created),
        "chatType": "group" if chat.kind == "group" else "oneOnOne",
    }


def _check_topic(topic: Any) -> str:
    if not isinstance(topic, str) or len(topic) > LONGEST_TOPIC or ":" in topic:
        raise GraphRefuses(400, "BadRequest", "The topic is too long, or holds a colon.")
    return topic


def _create(call: Call) -> Told:
    """Make a chat; the caller is not put into it, and asked twice, Graph makes two (documented).

    The fault `partial`: one member is left out without a word (seen: msgraph-sdk-dotnet 1849).
    """
    said, tenant = call.body if isinstance(call.body, dict) else {}, call.tenant
    if said.get("chatType") != "group":
        raise GraphRefuses(400, "BadRequest", "This app makes group chats")
    if "installedApps" in said:
        raise GraphRefuses(400, "BadRequest", "installedApps is in beta only")
    people = [bound(call, one) for one in said.get("members") or []]
    if len({one.id for one in people}) < len(people):
        raise GraphRefuses(400, "BadRequest", "Duplicate chat members in the request.")
    if not tenant.rules.fewest <= len(people) <= MOST_MEMBERS:
        raise GraphRefuses(400, "BadRequest", "Invalid number of members.")
    topic = _check_topic(said["topic"]) if said.get("topic") is not None else None
    if call.fault and call.fault.kind == "partial":
        people.pop()
    return 201, shown(tenant.add_chat(topic, *people))


def _get(call: Call) -> Told:
    return 200, shown(chat_of(call))


def _rename(call: Call) -> Told:
    chat = chat_of(call)
    if chat.kind != "group":
        raise GraphRefuses(400, "BadRequest", "Only a group chat has a topic.")
    chores.rename(call.tenant, chat, _check_topic((call.body or {}).get("topic")), None)
    return 200, shown(chat)


def _delete(call: Call) -> Told:
    chores.delete(call.tenant, chat_of(call))
    return 204, None


def shown_member(call: Call, one: Membership) -> dict[str, Any]:
    """A member as Graph shows them: the id is the membership's (documented)."""
    person = call.tenant.people[one.person]
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "id": one.id,
        "roles": [role for role in one.roles if role != "member"],
        "displayName": person.real_name,
        "visibleHistoryStartDateTime": one.history_from or "0001-01-01T00:00:00Z",
        "userId": person.id,
        "email": person.email,
        "tenantId": call.tenant.id,
    }


def _members(call: Call) -> Told:
    found = [shown_member(call, one) for one in chat_of(call).memberships.values()]
    return 200, page(call, found)


def _add(call: Call) -> Told:
    """Put somebody in: answered by an address, without a body (documented)."""
    chat, tenant = chat_of(call), call.tenant
    person = bound(call, call.body)
    if chat.kind != "group":
        raise GraphRefuses(400, "BadRequest", "Nobody is added to a chat of two.")
    if tenant.rules.two_are_closed and chat.began_with == 2:
        raise GraphRefuses(400, "BadRequest", "RosterAddMemberBlocked")
    there = chat.memberships.get(person.id)
    if there is None:
        if len(chat.members) >= MOST_MEMBERS:
            raise GraphRefuses(400, "BadRequest", "The chat is full.")
        history = call.body.get("visibleHistoryStartDateTime")
        there = chores.join(tenant, chat, person, None, history)
    elif tenant.rules.member_twice != 201:
        raise GraphRefuses(tenant.rules.member_twice, "Conflict", "Already a member.")
    call.location = f"/chats/{chat.graph_id}/members/{there.id}"
    return 201, None


def _remove(call: Call) -> Told:
    chat = chat_of(call)
    for one in chat.memberships.values():
        if one.id == call.at["membership"]:
            chores.part(call.tenant, chat, call.tenant.people[one.person], None)
            return 204, None
    raise GraphRefuses(404, "NotFound", "No membership of this id.")


CHAT = f"{V1}/chats/{{chat}}"
ROUTES = [
    Route("POST", f"{V1}/chats", "chats.create", _create, ("Chat.Create",)),
    Route("GET", CHAT, "chats.get", _get, READING),
    Route("PATCH", CHAT, "chats.rename", _rename, RENAMING),
    Route("DELETE", CHAT, "chats.delete", _delete, ("Chat.ManageDeletion.All",)),
    Route("GET", f"{CHAT}/members", "members.list", _members, MEMBERS),
    Route("POST", f"{CHAT}/members", "members.add", _add, CHANGING),
    Route("DELETE", f"{CHAT}/members/{{membership}}", "members.remove", _remove, CHANGING),
]
