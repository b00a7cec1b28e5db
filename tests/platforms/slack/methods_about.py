"""The Web API's methods about the workspace, its people, and who is asking."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.refusing import Refused


def auth_test(call: Call) -> dict[str, Any]:
    """Whose token this is."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.app.name,
        "team_id": workspace.team_id,
        "user_id": workspace.app.bot_user,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": workspace.app.of_an_organisation,
    }


def team_info(call: Call) -> dict[str, Any]:
    """The workspace."""
    workspace = call.workspace
    team = {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain}
    return {"team": team | {"email_domain": "", "icon": {}}}


def user_info(call: Call) -> dict[str, Any]:
    """One person."""
    return {"user": call.person().shown(with_email=_may_see_email(call))}


def user_by_email(call: Call) -> dict[str, Any]:
    """The person with this address; closed accounts are not found (remembered)."""
    email = call.needed("email").lower()
    for person in call.workspace.people.values():
        if person.email and person.email.lower() == email and not person.deleted:
            return {"user": person.shown(with_email=True)}
    raise Refused("users_not_found")


def list_users(call: Call) -> dict[str, Any]:
    """Everybody, bots and closed accounts too."""
    page, cursor = call.page(list(call.workspace.people.values()), 200, 1000)
    shown = [one.shown(with_email=_may_see_email(call)) for one in page]
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def _may_see_email(call: Call) -> bool:
    return "users:read.email" in call.workspace.app.scopes


def open_connection(call: Call) -> dict[str, Any]:
    """A place to connect to for Socket Mode, good for one connection."""
    return {"url": call.workspace.sockets.invite()}


METHODS: dict[str, Method] = {
    "apps.connections.open": open_connection,
    "auth.test": auth_test,
    "team.info": team_info,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": user_by_email,
}
