"""Graph: looking people up, and reading what stands in a chat."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.platforms.teams.activities import moment
from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.chats import Message
from tests.platforms.teams.graph import V1, chat_of, page, person_of
from tests.platforms.teams.refusing import GraphRefuses

USERS = ("User.ReadBasic.All", "User.Read.All", "Directory.Read.All")
MESSAGES: tuple[str, ...] = ("ChatMessage.Read.Chat", "Chat.Read.WhereInstalled", "Chat.Read.All")
MESSAGES += ("Chat.ReadWrite.All",)
MOST_MESSAGES = 50
"""On one page (documented)."""

BASIC = {"id", "displayName", "givenName", "surname", "mail", "userPrincipalName"}
"""What User.ReadBasic.All shows (documented; `userType` and `accountEnabled` need more)."""

FILTER = re.compile(r"(mail|userPrincipalName) eq '((?:[^']|'')*)'")


def _shown(call: Call, person: Any) -> dict[str, Any]:
    """Somebody, with what was selected of what the token may see."""
    said = person.shown()
    full: dict[str, Any] = {"userType": "Guest" if person.is_guest else "Member"}
    full["accountEnabled"] = not person.deactivated
    wanted = {one for one in call.query.get("$select", "").split(",") if one} or BASIC
    if not wanted <= BASIC and not set(call.claims["roles"]) & set(USERS[1:]):
        raise GraphRefuses(403, "Authorization_RequestDenied", "Insufficient privileges.")
    return {name: one for name, one in (said | full).items() if name in wanted | {"id"}}


def _find(call: Call) -> Told:
    """People by mail or user principal name; a quote within is written twice (documented)."""
    clauses = re.split(r"(?:(?<=')|(?<=\))) or ", call.query.get("$filter", ""))
    found: list[dict[str, Any]] = []
    for clause in clauses:
        asked = FILTER.fullmatch(clause)
        if asked is None:
            raise GraphRefuses(400, "Request_UnsupportedQuery", f"Invalid filter: {clause}")
        name, wanted = asked[1], asked[2].replace("''", "'").lower()
        for one in call.tenant.people.values():
            said = str(one.shown()[name] or "").lower()
            shown = _shown(call, one)
            if one.in_tenant and said == wanted and shown not in found:
                found.append(shown)
    return 200, page(call, found, 999)


def _get(call: Call) -> Told:
    return 200, _shown(call, person_of(call, call.at["person"]))


def _message(call: Call, one: Message) -> dict[str, Any]:
    """A message as Graph shows it; a card stands among the attachments, as text of JSON."""
    app, author = call.tenant.app, call.tenant.people.get(one.sender)
    by: dict[str, Any] | None = None
    if author is not None:
        by = {"application": None, "user": {"id": author.id, "displayName": author.real_name}}
    elif one.sender:
        about = {"id": app.client_id, "displayName": app.name, "applicationIdentityType": "bot"}
        by = {"user": None, "application": about}
    cards = [
        {"id": f"{one.id}-{number}", "contentType": card["contentType"]}
        | {"content": json.dumps(card["content"]), "contentUrl": None, "name": None}
        for number, card in enumerate(one.attachments)
    ]
    marks = "".join(f'<attachment id="{card["id"]}"></attachment>' for card in cards)
    return {
        "id": one.id,
        "replyToId": None,
        "messageType": "systemEventMessage" if one.event else "message",
        "createdDateTime": moment(one.at),
        "lastModifiedDateTime": moment(one.edited or one.at),
        "lastEditedDateTime": moment(one.edited) if one.edited else None,
        "deletedDateTime": moment(one.at) if one.deleted else None,
        "chatId": call.at["chat"],
        "from": by,
        "body": {"contentType": "html", "content": "" if one.deleted else one.text + marks},
        "attachments": [] if one.deleted else cards,
        "mentions": [],
        "eventDetail": {"@odata.type": one.event} if one.event else None,
    }


def _messages(call: Call) -> Told:
    """What stands in a chat, what changed last first, Teams' own lines among it (documented).

    A deleted message is listed without its words; a targeted one is not listed (remembered).
    """
    until = call.tenant.now() - call.tenant.rules.lag
    written = reversed(chat_of(call).messages)
    all_of_them = sorted(written, key=lambda one: one.edited or one.at, reverse=True)
    found = [one for one in all_of_them if one.audience is None and one.at <= until]
    return 200, page(call, [_message(call, one) for one in found], MOST_MESSAGES)


ROUTES = [
    Route("GET", f"{V1}/users", "users.find", _find, USERS),
    Route("GET", f"{V1}/users/{{person}}", "users.get", _get, USERS),
    Route("GET", f"{V1}/chats/{{chat}}/messages", "messages.list", _messages, MESSAGES),
]
