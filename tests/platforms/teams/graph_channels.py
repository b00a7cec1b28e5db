"""Graph: the channels of a team, their members and their end."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.teams import chores
from tests.platforms.teams.activities import moment
from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.channels import OWNER, Team, makes_channel, owners
from tests.platforms.teams.chats import Chat, Membership
from tests.platforms.teams.graph import V1, named, page
from tests.platforms.teams.graph_chats import shown_member
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import GraphRefuses

LONGEST_NAME = 50
FORBIDDEN = re.compile(r"[~#%&*{}+/\\:<>?|'\",]")
"""What no channel's name has in it (documented, as its length is)."""

FILTER = re.compile(r"\(microsoft\.graph\.aadUserConversationMember/userId eq '([^']*)'\)")

CREATING = ("Channel.Create", "Group.ReadWrite.All")
SETTINGS = ("ChannelSettings.ReadWrite.All", "Group.ReadWrite.All")
READING = ("Channel.ReadBasic.All", "ChannelSettings.Read.All", *SETTINGS)
ARCHIVING = ("ChannelSettings.ReadWrite.All",)
MEMBERS = ("ChannelMember.Read.All", "ChannelMember.ReadWrite.All")
CHANGING = ("ChannelMember.ReadWrite.All",)
OF_THE_TEAM = ("TeamMember.Read.Group", "TeamMember.Read.All", "TeamMember.ReadWrite.All")
"""Which permission is enough (documented). `….Group` holds in a team that has the app; of private
channels' members it does not hold (seen: techcommunity 4467007)."""


def _team(call: Call) -> Team:
    team: Team | None = call.tenant.team
    if team is None or team.id != call.at["team"]:
        raise GraphRefuses(404, "NotFound", "No team found with Group Id.")
    return team


def _channel(call: Call) -> Chat:
    _team(call)
    found = call.tenant.chats.get(call.at["channel"])
    if found is None or found.kind != "channel":
        raise GraphRefuses(404, "NotFound", "No channel of this id.")
    return found


def _private(call: Call) -> Chat:
    """The channel, if members are put in and taken out singly there (documented)."""
    found = _channel(call)
    if found.membership == "standard":
        raise GraphRefuses(400, "BadRequest", "The channel has no members of its own.")
    return found


def _shown(chat: Chat) -> dict[str, Any]:
    """A channel as Graph shows it."""
    return {
        "id": chat.id,
        "createdDateTime": moment(chat.created),
        "displayName": chat.topic,
        "description": chat.description,
        "membershipType": chat.membership,
        "isArchived": chat.archived,
    }


def _check_name(team: Team, name: Any, old: str = "") -> str:
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or FORBIDDEN.search(name):
        raise GraphRefuses(400, "BadRequest", "The channel's name cannot be taken.")
    if name.casefold() in team.names - {old.casefold()}:
        words = "Channel name already existed, please use other name"
        raise GraphRefuses(400, team.says_taken, words)
    return name


def _create(call: Call) -> Told:
    """Make a private channel: by an app, with just one owner, who is in the team (documented)."""
    said, team = call.body if isinstance(call.body, dict) else {}, _team(call)
    if said.get("membershipType") != "private":
        raise GraphRefuses(400, "BadRequest", "This app makes private channels")
    people = said.get("members") or []
    if len(people) != 1 or people[0].get("roles") != [OWNER]:
        raise GraphRefuses(400, "BadRequest", "A private channel begins with one owner.")
    name, owner = _check_name(team, said.get("displayName")), named(call, people[0])
    _check_in_team(team, owner)
    if owner.is_guest:
        raise GraphRefuses(400, "BadRequest", "A guest cannot own a channel.")  # remembered
    about = str(said.get("description") or "")
    return 201, _shown(makes_channel(call.tenant, team, name, owner, about=about))


def _check_in_team(team: Team, person: Person) -> None:
    """Only who is in the team can be in a private channel (documented; the status was seen)."""
    if not team.has(person):
        raise GraphRefuses(404, "NotFound", "User is not found in the team.")


def _list(call: Call) -> Told:
    _team(call)
    found = [_shown(one) for one in call.tenant.chats.values() if one.kind == "channel"]
    return 200, page(call, found)


def _get(call: Call) -> Told:
    return 200, _shown(_channel(call))


def _rename(call: Call) -> Told:
    chat, team = _channel(call), _team(call)
    if chat.archived:
        raise GraphRefuses(403, "Forbidden", "The channel is archived.")
    name = (call.body or {}).get("displayName")
    chores.rename(call.tenant, chat, _check_name(team, name, chat.name), None)
    return 204, None


def _archive(call: Call) -> Told:
    """None without an owner is archived, and members can be taken out afterwards (documented)."""
    chat = _private(call)
    if not owners(chat):
        raise GraphRefuses(400, "BadRequest", "A channel without an owner cannot be archived.")
    if chat.archived:
        raise GraphRefuses(400, "BadRequest", "It is archived already.")  # remembered
    chat.archived = True
    return 202, None


def _members(call: Call) -> Told:
    chat = _channel(call)
    found = [shown_member(call, one) for one in chat.memberships.values()]
    return 200, page(call, found)


def _of_the_team(call: Call) -> Told:
    """The members of the team; of one person, where the filter names them (documented)."""
    asked = FILTER.fullmatch(call.query.get("$filter", ""))
    if asked is None:
        raise GraphRefuses(400, "BadRequest", "Invalid filter clause.")
    there = _team(call).general.memberships
    return 200, page(call, [shown_member(call, there[asked[1]])] if asked[1] in there else [])


def _add(call: Call) -> Told:
    """Put somebody in, without a role or as an owner (documented)."""
    chat, person = _private(call), named(call, call.body)
    if call.body.get("roles") not in ([], [OWNER]):
        raise GraphRefuses(400, "BadRequest", "The role must be owner or empty.")
    _check_in_team(_team(call), person)
    there = chat.memberships.get(person.id)
    if there is None:
        there = chores.join(call.tenant, chat, person, None, roles=list(call.body["roles"]))
    elif call.tenant.rules.member_twice != 201:
        raise GraphRefuses(call.tenant.rules.member_twice, "Conflict", "Already a member.")
    return 201, shown_member(call, there)


def _membership(call: Call, chat: Chat) -> Membership:
    for one in chat.memberships.values():
        if one.id == call.at["membership"]:
            return one
    raise GraphRefuses(404, "NotFound", "No membership of this id.")


def _change(call: Call) -> Told:
    """Make a member an owner (documented), but no guest (remembered)."""
    chat = _private(call)
    found = _membership(call, chat)
    if call.body.get("roles") != [OWNER] or call.tenant.people[found.person].is_guest:
        raise GraphRefuses(400, "BadRequest", "The role cannot be given.")
    found.roles = [OWNER]
    return 200, shown_member(call, found)


def _remove(call: Call) -> Told:
    """Take somebody out, but not the last owner (documented of PowerShell's same command)."""
    chat = _private(call)
    found = _membership(call, chat)
    if owners(chat) == [found.person]:
        raise GraphRefuses(403, "Forbidden", "The last owner cannot be removed.")
    chores.part(call.tenant, chat, call.tenant.people[found.person], None)
    return 204, None


TEAM = f"{V1}/teams/{{team}}"
CHANNEL = f"{TEAM}/channels/{{channel}}"
MEMBER = f"{CHANNEL}/members/{{membership}}"
ROUTES = [
    Route("POST", f"{TEAM}/channels", "channels.create", _create, CREATING),
    Route("GET", f"{TEAM}/channels", "channels.list", _list, READING),
    Route("GET", f"{TEAM}/members", "team.members", _of_the_team, OF_THE_TEAM),
    Route("GET", CHANNEL, "channels.get", _get, READING),
    Route("PATCH", CHANNEL, "channels.rename", _rename, SETTINGS),
    Route("POST", f"{CHANNEL}/archive", "channels.archive", _archive, ARCHIVING),
    Route("GET", f"{CHANNEL}/members", "channels.members", _members, MEMBERS),
    Route("POST", f"{CHANNEL}/members", "channels.add", _add, CHANGING),
    Route("PATCH", MEMBER, "channels.change", _change, CHANGING),
    Route("DELETE", MEMBER, "channels.remove", _remove, CHANGING),
]
