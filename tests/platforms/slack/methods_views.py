"""The Web API's methods that open modals, change them, and publish home tabs."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack import screens
from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.views import View


def _body(call: Call) -> Any:
    if not (found := call.parsed("view", "invalid_arguments")):
        raise Refused("invalid_arguments", ["missing required field: view"])
    return found


def open_view(call: Call) -> dict[str, Any]:
    """Open a modal. A trigger_id is spent by the attempt, whatever the view (remembered)."""
    trigger = call.workspace.tickets.spend(call.needed("trigger_id"))
    return {"view": screens.open_modal(call.workspace, trigger.person, _body(call)).shown()}


def push(call: Call) -> dict[str, Any]:
    """Put a modal upon the one in which something was just pressed."""
    trigger = call.workspace.tickets.spend(call.needed("trigger_id"))
    if not trigger.in_modal:
        raise Refused("invalid_trigger_id")  # remembered
    return {"view": screens.push_modal(call.workspace, trigger.person, _body(call)).shown()}


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise Refused("hash_conflict")


def update(call: Call) -> dict[str, Any]:
    """Change a view that is still open."""
    view_id, external = call.text("view_id"), call.text("external_id")
    if not view_id and not external:
        raise Refused("invalid_arguments", ["missing required field: view_id or external_id"])
    for view in call.workspace.views.values():
        named = view.id == view_id if view_id else view.external_id == external
        if named and not view.closed:
            _check_hash(call, view)
            screens.update_view(call.workspace, view, _body(call))
            return {"view": view.shown()}
    raise Refused("not_found")


def publish(call: Call) -> dict[str, Any]:
    """Show somebody their home tab."""
    if not call.workspace.app.home_enabled:
        raise Refused("not_enabled")
    person = call.workspace.people.get(call.needed("user_id"))
    if person is None or person.is_bot:
        raise Refused("invalid_arguments", ["invalid `user_id`"])
    if call.text("hash"):
        if person.home is None:
            raise Refused("hash_conflict")  # remembered
        _check_hash(call, person.home)
    return {"view": screens.publish_home(call.workspace, person, _body(call)).shown()}


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.publish": publish,
    "views.push": push,
    "views.update": update,
}
