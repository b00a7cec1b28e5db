"""The connector: what our bot may write into a conversation, change there, and take away."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.cards import Unfit, check_attachments
from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.refusing import ConnectorRefuses

V3 = "/uk/{tenant}/v3/conversations"
TARGETED = "isTargetedActivity"


def conversation(call: Call, *, silent: bool = False) -> Chat:
    """The conversation that is called upon, if our bot may act in it.

    `silent`: reading is enough, so that somebody's block does not matter.
    """
    chat = call.tenant.chat(call.at["chat"])
    if chat is None:
        raise ConnectorRefuses(404, "ConversationNotFound", "Conversation not found.")
    if chat.kind != "personal":
        if not chat.has_app:  # also of a channel (remembered: what it says is not documented)
            raise ConnectorRefuses(
                403, "BotNotInConversationRoster", "The bot is not part of the conversation roster."
            )
        if chat.archived and not silent:
            raise ConnectorRefuses(403, "Forbidden", "The channel is archived.")  # remembered
    elif not silent:
        check_reachable(call, chat)
    return chat


def check_reachable(call: Call, chat: Chat) -> None:
    """Somebody is reached who has the app, or is in a chat that has it (remembered for chats)."""
    tenant, person = call.tenant, call.tenant.people[chat.members[0]]
    if chat.blocked:
        raise ConnectorRefuses(403, "ConversationBlockedByUser", "User blocked the conversation.")
    if person.deleted or person.deactivated:
        raise ConnectorRefuses(403, "MessageWritesBlocked", "Message writes are blocked.")
    shared = (one for one in tenant.chats.values() if one.kind != "personal" and one.has_app)
    if not chat.has_app and not any(person.id in one.memberships for one in shared):
        raise ConnectorRefuses(
            403, "ForbiddenOperationException", "Bot is not installed in user's personal scope"
        )


def _activity(call: Call, chat: Chat) -> dict[str, Any]:
    """The activity that was sent, if Teams would show it."""
    said = call.body
    if not isinstance(said, dict) or said.get("type") not in {"message", "typing"}:
        raise ConnectorRefuses(400, "BadArgument", "Unknown activity type")
    size = 2 * len(json.dumps(said, ensure_ascii=False))  # counted in UTF-16 (documented)
    if size > call.tenant.limits.largest_activity:
        raise ConnectorRefuses(413, "MessageSizeTooBig", "Message size too large.")
    if said["type"] == "typing":
        return said
    text, attachments = said.get("text") or "", said.get("attachments") or []
    if not text and not attachments:
        raise ConnectorRefuses(400, "BadSyntax", "Activity has neither text nor attachments")
    try:
        check_attachments(attachments, call.tenant.limits.largest_card)
    except Unfit as no:
        big = "bytes" in str(no)
        status, code = (413, "MessageSizeTooBig") if big else (400, "BadArgument")
        raise ConnectorRefuses(status, code, str(no)) from no
    _check_mentions(call, chat, said, text)
    return said


def _check_mentions(call: Call, chat: Chat, said: dict[str, Any], text: str) -> None:
    """Whoever is mentioned is written so in the text, and is in the chat (remembered)."""
    entities = [one for one in said.get("entities") or [] if one.get("type") == "mention"]
    named = {one.get("text") for one in entities}
    if named != set(re.findall(r"<at>.*?</at>", text)):
        raise ConnectorRefuses(400, "BadArgument", "mention entities and text are not the same")
    for one in entities:
        person = call.tenant.person(one.get("mentioned", {}).get("id", ""))
        if person is None or person.id not in chat.memberships:
            raise ConnectorRefuses(400, "BadArgument", "a mention of nobody in the conversation")


def _audience(call: Call, chat: Chat, said: dict[str, Any]) -> str | None:
    """Who alone sees a targeted message: somebody in the chat (documented, a preview)."""
    if call.query.get(TARGETED, "").lower() != "true":
        return None
    person = call.tenant.person((said.get("recipient") or {}).get("id", ""))
    if person is None or person.id not in chat.memberships:
        raise ConnectorRefuses(400, "BadArgument", "the recipient is not in the conversation")
    return person.id


def _send(call: Call) -> Told:
    chat = conversation(call)
    said = _activity(call, chat)
    if said["type"] == "typing":
        return 201, {}
    reply_to = call.at.get("activity") or said.get("replyToId")
    if reply_to and chat.message(reply_to) is None:
        raise ConnectorRefuses(404, "ActivityNotFoundInConversation", "Activity not found.")
    written = call.tenant.write(
        chat,
        call.tenant.app.mri,
        said.get("text") or "",
        attachments=said.get("attachments") or [],
        mentions=[one for one in said.get("entities") or [] if one.get("type") == "mention"],
        reply_to=reply_to,
        audience=_audience(call, chat, said),
    )
    return 201, {"id": written.id}


def _own(call: Call, chat: Chat) -> Message:
    """The message that is called upon, if it is our bot's (documented)."""
    found = chat.message(call.at["activity"])
    if found is None:
        raise ConnectorRefuses(404, "ActivityNotFoundInConversation", "Activity not found.")
    if found.sender != call.tenant.app.mri:
        raise ConnectorRefuses(403, "NotEnoughPermissions", "The message is somebody else's.")
    return found


def _update(call: Call) -> Told:
    chat = conversation(call)
    said, found = _activity(call, chat), _own(call, chat)
    found.text = said.get("text") or ""
    found.attachments = said.get("attachments") or []
    found.mentions = [one for one in said.get("entities") or [] if one.get("type") == "mention"]
    found.edits, found.edited = found.edits + 1, call.tenant.now()
    found.views.clear()
    found.values.clear()
    return 200, {"id": found.id}


def _delete(call: Call) -> Told:
    chat = conversation(call)
    _own(call, chat).deleted = True
    return 200, None


ROUTES = [
    Route("POST", f"{V3}/{{chat}}/activities", "activities.send", _send),
    Route("POST", f"{V3}/{{chat}}/activities/{{activity}}", "activities.reply", _send),
    Route("PUT", f"{V3}/{{chat}}/activities/{{activity}}", "activities.update", _update),
    Route("DELETE", f"{V3}/{{chat}}/activities/{{activity}}", "activities.delete", _delete),
]
