"""The app package: what the app is called in Teams, what it may do, and why."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.metadata import version
from typing import Any

from bot.chat.typing import HELP
from bot.teams import icons

FORM = "1.25"
"""The version of Microsoft's manifest that this is written to."""

SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{FORM}/MicrosoftTeams.schema.json"
MAKE_ACTION = "make_action"
COMMANDS = {word: what[0].upper() + what[1:] for word, what in HELP if word.isalpha()}
"""The words after the app's name, the same as after /taf on Slack; in a chat, with @ before it."""

IN_A_ROOM = {"link F-1042": "Make this chat the room of a family"}
"""What is offered in a group chat besides."""

GRAPH = {
    "AppCatalog.Read.All": "find the app's own number in the organisation's catalogue",
    "Chat.Create": "make the chat of a family",
    "ChatMember.ReadWrite.WhereInstalled": "see who is in that chat, let in, take out",
    "TeamsAppInstallation.ReadWriteAndConsentSelfForChat.All": "add itself to that chat",
    "TeamsAppInstallation.ReadWriteSelfForUser.All": "write to a practitioner first",
    "User.ReadBasic.All": "find a practitioner by their work e-mail",
}
"""Permissions for Microsoft Graph, where the assistant makes the chats."""

IN_CHANNELS = {
    "AppCatalog.Read.All": GRAPH["AppCatalog.Read.All"],
    "Channel.Create": "make the private channel of a family",
    "ChannelMember.ReadWrite.All": "see who is in that channel, let in, take out",
    "ChannelSettings.ReadWrite.All": "see that it is private, give its name back, archive it",
    "TeamsAppInstallation.ReadWriteSelfForUser.All": "write to a practitioner first",
    "User.ReadBasic.All": GRAPH["User.ReadBasic.All"],
}
"""The same where it makes private channels; where people make the chats it needs none."""

LOOKING = {
    "Chat.Read.WhereInstalled": "look whether a message arrived before it is sent again",
}
"""Not needed: without it, what may have arrived is sent once more, and says so."""

INSTEAD = {
    "ChatMember.ReadWrite.WhereInstalled": {"ChatMember.ReadWrite.All", "Chat.ReadWrite.All"},
    "Chat.Read.WhereInstalled": {"Chat.Read.All", "Chat.ReadWrite.All"},
    "User.ReadBasic.All": {"User.Read.All"},
}
"""What allows more than is asked for, and so is enough."""

IN_THE_CHAT = {
    "ChatSettings.ReadWrite.Chat": "give the chat its opaque reference back as its name",
}
"""Resource-specific permissions: each holds in the chats to which the app was added, only."""

IN_THE_TEAM = {
    "TeamMember.Read.Group": "see whether somebody is in the team that holds the channels",
}
"""The same in the one team to which the app was added."""

CALLED = {
    "name": {"short": "TAF Assistant", "full": "TAF Assistant: team around the family"},
    "description": {
        "short": "Team around the family: private rooms, actions, meetings, reviews",
        "full": (
            "Keeps a team around the family together: who does what by when, the next"
            " meeting, the next review. Nobody watches it: it is no place for what"
            " cannot wait."
        ),
    },
}
"""The app's name, and what it says of itself where people choose apps."""


def permissions(room: str) -> dict[str, str]:
    """The resource-specific permissions of the app package, and what each is for."""
    return {"group_chat": IN_THE_CHAT, "private_channel": IN_THE_TEAM}.get(room, {})


def in_graph(room: str) -> dict[str, str]:
    """The permissions that are granted in the tenant, and what each is for."""
    return {"group_chat": GRAPH, "private_channel": IN_CHANNELS}.get(room, {})


def looking(room: str) -> dict[str, str]:
    """What may be granted besides. Of channels, one would allow to read all in the tenant."""
    return LOOKING if room == "group_chat" else {}


def manifest(client_id: str, app_id: str, room: str, about: str) -> dict[str, Any]:
    """The manifest; `about` is a page of the partnership's that says what the assistant does."""
    allowed = permissions(room)
    found = {
        "$schema": SCHEMA,
        "manifestVersion": FORM,
        "version": version("taf-assistant"),
        "id": app_id,
        "developer": {
            "name": "TAF Assistant",
            "websiteUrl": about,
            "privacyUrl": about,
            "termsOfUseUrl": about,
        },
        **CALLED,
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": icons.ACCENT,
        "bots": [_bot(client_id, room)],
        "composeExtensions": [_on_a_message(client_id)],
        "defaultInstallScope": "personal",
        "webApplicationInfo": {"id": client_id},
    }
    if room == "private_channel":
        found["supportsChannelFeatures"] = "tier1"
    if allowed:
        named = [{"name": name, "type": "Application"} for name in allowed]
        found["authorization"] = {"permissions": {"resourceSpecific": named}}
    return found


def _bot(client_id: str, room: str) -> dict[str, Any]:
    in_channels = room == "private_channel"
    rooms = "team" if in_channels else "groupChat"
    alone = _listed(COMMANDS)
    together = _listed(COMMANDS if in_channels else COMMANDS | IN_A_ROOM)
    return {
        "botId": client_id,
        "scopes": ["personal", rooms],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "commandLists": [
            {"scopes": ["personal"], "commands": alone},
            {"scopes": [rooms], "commands": together},
        ],
    }


def _listed(commands: dict[str, str]) -> list[dict[str, str]]:
    return [{"title": title, "description": why} for title, why in commands.items()]


def _on_a_message(client_id: str) -> dict[str, Any]:
    command = {
        "id": MAKE_ACTION,
        "type": "action",
        "title": "Make this an action",
        "description": "Agree an action of the family's plan in these words",
        "context": ["message"],
        "fetchTask": True,
    }
    return {"botId": client_id, "commands": [command]}


def package(document: dict[str, Any]) -> bytes:
    """The app package, a zip file: the same bytes for the same manifest."""
    found = io.BytesIO()
    files = {
        "manifest.json": json.dumps(document, ensure_ascii=False, indent=2).encode(),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return found.getvalue()
