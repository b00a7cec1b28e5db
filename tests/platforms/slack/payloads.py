"""What Slack tells our app of an interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.inputs import state_of
from tests.platforms.slack.people import Person
from tests.platforms.slack.views import View

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

Payload = dict[str, Any]


def _begun(workspace: Workspace, person: Person, kind: str) -> Payload:
    return {
        "type": kind,
        "user": person.brief(),
        "api_app_id": workspace.app.app_id,
        "token": workspace.app.verification,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def where(workspace: Workspace, person: Person, place: Message | View) -> Payload:
    """The surroundings of something that was pressed or searched.

    That an ephemeral message is not sent along with its presses is remembered.
    """
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return {"container": container, "view": place.shown()}
    channel = workspace.channels[place.channel]
    container = {"type": "message", "message_ts": place.ts, "channel_id": channel.id}
    found: Payload = {
        "container": container | {"is_ephemeral": bool(place.audience)},
        "channel": channel.brief(),
        "state": {"values": state_of(place.blocks, place.values)},
        "response_url": workspace.tickets.response_url(person, channel, place),
    }
    return found if place.audience else found | {"message": place.shown(with_metadata=True)}


def block_actions(
    workspace: Workspace, person: Person, place: Message | View, action: Payload
) -> Payload:
    """Something was pressed or chosen."""
    in_modal = isinstance(place, View) and place.type == "modal"
    return {
        **_begun(workspace, person, "block_actions"),
        **where(workspace, person, place),
        "trigger_id": workspace.tickets.trigger(person, in_modal=in_modal),
        "actions": [action | {"action_ts": workspace.new_ts()}],
    }


def block_suggestion(
    workspace: Workspace,
    person: Person,
    place: Message | View,
    block: Payload,
    element: Payload,
    text: str,
) -> Payload:
    """Somebody types into an external select, and wants to be offered something."""
    around = where(workspace, person, place)
    around.pop("response_url", None)
    asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": text}
    return {**_begun(workspace, person, "block_suggestion"), **around, **asked}


def shortcut(
    workspace: Workspace, person: Person, callback_id: str, message: Message | None
) -> Payload:
    """A shortcut: of a message, or one that can be started anywhere."""
    trigger = {"trigger_id": workspace.tickets.trigger(person), "callback_id": callback_id}
    now = {"action_ts": workspace.new_ts()}
    if message is None:
        return {**_begun(workspace, person, "shortcut"), **trigger, **now}
    channel = workspace.channels[message.channel]
    return {
        **_begun(workspace, person, "message_action"),
        **trigger,
        **now,
        "message_ts": message.ts,
        "message": message.shown(with_metadata=True),
        "channel": channel.brief(),
        "response_url": workspace.tickets.response_url(person, channel, None),
    }


def view_submission(workspace: Workspace, person: Person, view: View) -> Payload:
    """A modal was sent off."""
    trigger = workspace.tickets.trigger(person, in_modal=True)
    begun = _begun(workspace, person, "view_submission")
    return begun | {"trigger_id": trigger, "view": view.shown(), "response_urls": []}


def view_closed(workspace: Workspace, person: Person, view: View, *, cleared: bool) -> Payload:
    """A modal was closed without being sent off."""
    begun = _begun(workspace, person, "view_closed")
    return begun | {"view": view.shown(), "is_cleared": cleared}


def command(workspace: Workspace, person: Person, channel: Channel, typed: str) -> Payload:
    """A command, as form fields."""
    name, _, text = typed.partition(" ")
    brief = channel.brief()
    return {
        "token": workspace.app.verification,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": brief["name"],
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.tickets.response_url(person, channel, None),
        "trigger_id": workspace.tickets.trigger(person),
    }


def action(block: Payload, element: Payload, entry: Payload | None) -> Payload:
    """What was pressed or chosen, as `actions` names it."""
    found = {"type": element["type"], "action_id": element["action_id"]}
    found["block_id"] = block["block_id"]
    for name in ("text", "value", "style", "placeholder"):
        if name in element:
            found[name] = element[name]
    return found | (entry or {})
