"""The app's manifest: what it may do in a workspace, and why; printed by `taf slack manifest`."""

from __future__ import annotations

from typing import Any

from bot.slack.knocking import ADDRESS

SCOPES = {
    "chat:write": "post in the rooms and write to practitioners",
    "commands": "the command /taf, and “Make this an action” on a message",
    "groups:history": "look whether a message arrived before it is sent again",
    "groups:read": "know its own private channels, and who is in them",
    "groups:write": "open private channels, invite, take out, archive",
    "im:history": "look whether a direct message arrived before it is sent again",
    "im:write": "begin a direct message to a practitioner",
    "pins:write": "pin the first message of a room",
    "users:read": "know who presses a button",
    "users:read.email": "match a person with the record by their work e-mail",
}
"""Every permission that the app asks for, and what for; nothing about public channels or files."""

EVENTS = {
    "app_home_opened": "draw the home tab",
    "app_uninstalled": "stop sending, and say so",
    "channel_shared": "say nothing more in a room that another organisation can read",
    "group_archive": "notice that a room was archived by hand",
    "group_deleted": "notice that a room was deleted by hand",
    "group_rename": "give a room its opaque name back",
    "member_joined_channel": "take out whoever is not on the team",
    "member_left_channel": "invite whoever is on the team again",
    "tokens_revoked": "stop sending, and say so",
}
"""Everything that Slack tells the app of by itself, and what for."""

HINT = "new | F-1042 | actions | stuck | help"


def manifest(address: str | None) -> dict[str, Any]:
    """The manifest for an assistant at this address ("https://taf.example.org"), or by socket."""
    url = f"{address.rstrip('/')}{ADDRESS}" if address else None
    reached = {"request_url": url} if url else {}
    asked_by_socket = url is None
    command = {
        "command": "/taf",
        "description": "Your families, your actions, a new team around a family",
        "usage_hint": HINT,
        "should_escape": False,
    }
    shortcut = {
        "name": "Make this an action",
        "type": "message",
        "callback_id": "make_action",
        "description": "Agree an action of the family's plan in these words",
    }
    return {
        "display_information": {
            "name": "TAF Assistant",
            "description": "Team around the family: private rooms, actions, meetings, reviews",
            "background_color": "#1d70b8",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "TAF Assistant", "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": [command | ({"url": url} if url else {})],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **reached},
            "interactivity": {"is_enabled": True}
            | ({"request_url": url, "message_menu_options_url": url} if url else {}),
            "org_deploy_enabled": False,
            "socket_mode_enabled": asked_by_socket,
            "token_rotation_enabled": False,
        },
    }
