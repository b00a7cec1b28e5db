"""Graph: our app in the catalogue, installed in chats and for people."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.teams import chores
from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.graph import V1, chat_of, page, person_of
from tests.platforms.teams.graph_chats import shown
from tests.platforms.teams.refusing import GraphRefuses

PLAIN = "TeamsAppInstallation.ReadWriteSelfFor{}.All"
CONSENTING = "TeamsAppInstallation.ReadWriteAndConsentSelfFor{}.All"
ALL = "TeamsAppInstallation.ReadWriteFor{}.All"
LISTING = "TeamsAppInstallation.ReadFor{}.All"


def _roles(scope: str, *, reading: bool = False) -> tuple[str, ...]:
    wanted = (PLAIN, CONSENTING, ALL, *((LISTING,) if reading else ()))
    return tuple(one.format(scope) for one in wanted)


def _shown(call: Call, chat: Chat) -> dict[str, Any]:
    """An installation, with the app where it was asked for."""
    app = call.tenant.app
    found: dict[str, Any] = {"id": chat.installation}
    if "teamsApp" in call.query.get("$expand", ""):
        about = {"id": app.catalog_id, "externalId": app.external_id, "displayName": app.name}
        found["teamsApp"] = about | {"distributionMethod": "organization"}
    return found


def _catalog(call: Call) -> Told:
    """The apps in the catalogue of the tenant, of which ours is one when it was uploaded."""
    app, wanted = call.tenant.app, call.query.get("$filter", "")
    found = re.fullmatch(r"externalId eq '([^']*)'", wanted)
    if found is None:
        raise GraphRefuses(400, "BadRequest", f"Invalid filter clause: {wanted}")
    about = {"id": app.catalog_id, "externalId": app.external_id, "displayName": app.name}
    there = app.in_catalog and found[1] == app.external_id
    return 200, page(call, [about | {"distributionMethod": "organization"}] if there else [])


def _check_app(call: Call, scope: str) -> None:
    """That it is our app that is installed, with just the consent it needs (documented)."""
    app, said = call.tenant.app, call.body if isinstance(call.body, dict) else {}
    address = str(said.get("teamsApp@odata.bind", ""))
    if not address.endswith(f"/appCatalogs/teamsApps/{app.catalog_id}") or not app.in_catalog:
        raise GraphRefuses(404, "NotFound", "The app is not in the catalogue.")
    if app.disabled:
        raise GraphRefuses(403, "Forbidden", "The app is blocked by an administrator.")
    consent = said.get("consentedPermissionSet", {}).get("resourceSpecificPermissions", [])
    wanted = {one for one in app.rsc if one.endswith(".Chat")} if scope == "Chat" else set()
    if wanted and CONSENTING.format(scope) not in call.claims.get("roles", []):
        raise GraphRefuses(403, "Forbidden", "The app needs consent to its permissions.")
    if {one.get("permissionValue") for one in consent} != wanted:
        raise GraphRefuses(400, "BadRequest", "The consent is not what the app's manifest asks.")


def _install(call: Call) -> Told:
    chat = chat_of(call)
    _check_app(call, "Chat")
    if chat.has_app:
        raise GraphRefuses(409, "Conflict", "App is already installed in the chat.")  # seen often
    chores.install(call.tenant, chat, None)
    return 201, None


def _installed(call: Call) -> Told:
    chat = chat_of(call)
    return 200, page(call, [_shown(call, chat)] if chat.has_app else [])


def _uninstall(call: Call) -> Told:
    chat = chat_of(call)
    if chat.installation != call.at["installation"]:
        raise GraphRefuses(404, "NotFound", "No installation of this id.")
    chores.uninstall(call.tenant, chat, None)
    return 204, None


def _personal(call: Call) -> Chat:
    return call.tenant.direct(person_of(call, call.at["person"]))


def _install_for(call: Call) -> Told:
    chat = _personal(call)
    _check_app(call, "User")
    if chat.has_app:
        raise GraphRefuses(409, "Conflict", "App is already installed for the user.")
    chores.install(call.tenant, chat, None)
    return 201, None


def _installed_for(call: Call) -> Told:
    """What is installed for somebody; filtered by the app's external id, as documented."""
    chat, wanted = _personal(call), call.query.get("$filter", "")
    ours = f"teamsApp/externalId eq '{call.tenant.app.external_id}'"
    if wanted and not wanted.startswith("teamsApp/externalId eq '"):
        raise GraphRefuses(400, "BadRequest", f"Invalid filter clause: {wanted}")
    there = chat.has_app and wanted in {"", ours}
    return 200, page(call, [_shown(call, chat)] if there else [])


def _chat(call: Call) -> Told:
    chat = _personal(call)
    if chat.installation is None or chat.installation != call.at["installation"]:
        raise GraphRefuses(404, "NotFound", "No installation of this id.")
    return 200, shown(chat)


IN_CHAT = f"{V1}/chats/{{chat}}/installedApps"
FOR_USER = f"{V1}/users/{{person}}/teamwork/installedApps"
CATALOG = ("AppCatalog.Read.All", "AppCatalog.ReadWrite.All")
ROUTES = [
    Route("GET", f"{V1}/appCatalogs/teamsApps", "catalog.find", _catalog, CATALOG),
    Route("POST", IN_CHAT, "chats.install", _install, _roles("Chat")),
    Route("GET", IN_CHAT, "chats.installed", _installed, _roles("Chat", reading=True)),
    Route("DELETE", f"{IN_CHAT}/{{installation}}", "chats.uninstall", _uninstall, _roles("Chat")),
    Route("POST", FOR_USER, "users.install", _install_for, _roles("User")),
    Route("GET", FOR_USER, "users.installed", _installed_for, _roles("User", reading=True)),
    Route(
        "GET",
        f"{FOR_USER}/{{installation}}/chat",
        "users.chat",
        _chat,
        _roles("User", reading=True),
    ),
]
