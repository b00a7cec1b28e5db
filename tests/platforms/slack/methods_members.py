"""The Web API's methods about who is in a channel, and about direct messages."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack import chores
from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.channels import Channel
from tests.platforms.slack.people import Person
from tests.platforms.slack.refusing import Refused

MOST_INVITED = 100
"""Of two documented figures, 100 and 1,000, the smaller."""


def _refusal(call: Call, channel: Channel, user: str) -> str | None:
    """Why this person cannot be invited, if they cannot."""
    person = call.workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if user == call.bot:
        return "cant_invite_self"
    if user in channel.members:
        return "already_in_channel"
    if person.deleted or person.id == "USLACKBOT":
        return "cant_invite"  # remembered, for both
    return _refusal_of_guest(call, person)


def _refusal_of_guest(call: Call, person: Person) -> str | None:
    if person.is_ultra_restricted:
        channels = call.workspace.channels.values()
        elsewhere = any(person.id in one.members and not one.im_with for one in channels)
        return "ura_max_channels" if elsewhere else None
    # Remembered: by default only administrators bring a guest into another channel.
    return "user_is_restricted" if person.is_restricted else None


def invite(call: Call) -> dict[str, Any]:
    """Bring people in: all of them, or with `force` those for whom it is possible (documented)."""
    channel = call.open_room()
    users = [one.strip() for one in call.text("users").split(",") if one.strip()]
    if not users:
        raise Refused("no_user")
    if len(users) > MOST_INVITED:
        raise Refused("invalid_arguments", [f"no more than {MOST_INVITED} users"])
    errors = {one: said for one in users if (said := _refusal(call, channel, one))}
    if call.fault and call.fault.kind == "partial" and not errors:
        return _partly(call, channel, users)
    if errors and (not call.flag("force") or len(errors) == len(users)):
        raise Refused(next(iter(errors.values())), **_listed(errors))
    for one in dict.fromkeys(users):
        if one not in errors:
            chores.join(call.workspace, channel, call.workspace.people[one], call.bot)
    return {"channel": channel.shown(call.bot)} | (_listed(errors) if errors else {})


def _partly(call: Call, channel: Channel, users: list[str]) -> dict[str, Any]:
    """Refuse the last after the others are in: not documented, so a caller has to expect it."""
    for one in users[:-1]:
        chores.join(call.workspace, channel, call.workspace.people[one], call.bot)
    raise Refused("cant_invite", **_listed({users[-1]: "cant_invite"}))


def _listed(errors: dict[str, str]) -> dict[str, Any]:
    return {"errors": [{"user": one, "ok": False, "error": said} for one, said in errors.items()]}


def kick(call: Call) -> dict[str, Any]:
    """Remove somebody."""
    channel = call.open_room()
    if not call.text("user"):
        raise Refused("no_user")
    if call.text("user") == call.bot:
        raise Refused("cant_kick_self")
    person = call.person()
    if person.id not in channel.members:
        raise Refused("not_in_channel")
    chores.part(call.workspace, channel, person)
    return {"errors": {}}


def members(call: Call) -> dict[str, Any]:
    """Who is in it."""
    channel = call.channel(joined=False)
    page, cursor = call.page(channel.members, 100, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def open_direct(call: Call) -> dict[str, Any]:
    """Open the direct messages with one person; several need a scope that we do not ask for."""
    users = [one.strip() for one in call.text("users").split(",") if one.strip()]
    if call.text("channel"):
        channel, new = call.channel(), False
    elif not users:
        raise Refused("users_list_not_supplied")
    elif len(users) > 1:
        provided = call.workspace.app.provided()
        raise Refused("missing_scope", needed="mpim:write", provided=provided)
    else:
        channel, new = _direct_with(call, users[0])
    whole = channel.shown(call.bot) if call.flag("return_im") else {"id": channel.id}
    return {"channel": whole} | ({} if new else {"no_op": True, "already_open": True})


def _direct_with(call: Call, user: str) -> tuple[Channel, bool]:
    person = call.workspace.people.get(user)
    if person is None or person.id == call.bot:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    return call.workspace.direct(user)


METHODS: dict[str, Method] = {
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.members": members,
    "conversations.open": open_direct,
}
