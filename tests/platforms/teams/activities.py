"""The activities as Teams words them."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.people import Person

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

Activity = dict[str, Any]


def moment(seconds: float) -> str:
    """An instant as Microsoft writes it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def of(tenant: Tenant, chat: Chat, kind: str, person: Person | None, **more: Any) -> Activity:
    """What every activity carries; `more` goes over it."""
    now, data = moment(tenant.now()), {"tenant": {"id": tenant.id}}
    thread = more.get("replyToId")
    if chat.kind == "channel" and tenant.team is not None:
        # Documented: where it happened, beside whatever else is said of it.
        data |= {"team": {"id": tenant.team.general.id}}
        if chat is not tenant.team.general:
            data |= {"channel": {"id": chat.id}}
        more["channelData"] = data | more.get("channelData", {})
        thread = thread or (more.get("id") if kind == "message" else None)
    return {
        "type": kind,
        "id": f"f:{tenant.new_id()}",
        "timestamp": now,
        "localTimestamp": now,
        "channelId": "msteams",
        "serviceUrl": tenant.service_url,
        "from": person.account() if person else tenant.app.account(),
        "conversation": chat.brief(tenant.id, thread),
        "recipient": tenant.app.account(),
        "channelData": data,
        "locale": "en-GB",
    } | more


def client() -> dict[str, Any]:
    """What Teams' client says of itself."""
    about = {"locale": "en-GB", "country": "GB", "platform": "Windows"}
    return about | {"timezone": "Europe/London", "type": "clientInfo"}


def written(tenant: Tenant, chat: Chat, person: Person, message: Message) -> Activity:
    """A message of somebody's, with those whom it mentions."""
    said = html.escape(message.text, quote=False).replace("&lt;at&gt;", "<at>")
    said = said.replace("&lt;/at&gt;", "</at>")
    return of(
        tenant,
        chat,
        "message",
        person,
        id=message.id,
        text=message.text,
        textFormat="plain",
        entities=[*message.mentions, client()],
        attachments=[{"contentType": "text/html", "content": f"<p>{said}</p>"}],
    )


def submitted(tenant: Tenant, chat: Chat, person: Person, message: Message, value: Any) -> Activity:
    """What Action.Submit sends: a message without words (documented)."""
    about = {"value": value, "replyToId": message.id, "entities": [client()]}
    return of(tenant, chat, "message", person, **about)


def roster(
    tenant: Tenant, chat: Chat, by: Person | None, what: str, account: dict[str, Any]
) -> Activity:
    """Somebody came (`membersAdded`) or went (`membersRemoved`)."""
    return of(tenant, chat, "conversationUpdate", by, **{what: [account]})


def renamed(tenant: Tenant, chat: Chat, by: Person | None) -> Activity:
    """A chat got another topic (remembered: that a group chat's is told so)."""
    return of(tenant, chat, "conversationUpdate", by, topicName=chat.topic)


def installed(tenant: Tenant, chat: Chat, by: Person | None, action: str) -> Activity:
    """Our app was installed (`add`) or removed (`remove`)."""
    return of(tenant, chat, "installationUpdate", by, action=action)


def invoke(
    tenant: Tenant, chat: Chat, person: Person, name: str, value: Any, **more: Any
) -> Activity:
    """A question to which Teams waits for the answer."""
    asked = {"name": name, "value": value, "entities": [client()]}
    return of(tenant, chat, "invoke", person, **asked, **more)


def payload(tenant: Tenant, message: Message) -> dict[str, Any]:
    """A message as it is handed to a message action (documented)."""
    author = next((one for one in tenant.people.values() if one.id == message.sender), None)
    named: dict[str, Any] = {"application": {"id": tenant.app.client_id, "displayName": "TAF"}}
    if author is not None:
        about = {"userIdentityType": "aadUser", "id": author.id, "displayName": author.real_name}
        named = {"device": None, "conversation": None, "user": about, "application": None}
    return {
        "id": message.id,
        "replyToId": message.reply_to,
        "createdDateTime": moment(message.at),
        "lastModifiedDateTime": moment(message.edited) if message.edited else None,
        "deleted": False,
        "messageType": "message",
        "importance": "normal",
        "locale": "en-gb",
        "from": named,
        "body": {"contentType": "html", "content": f"<p>{html.escape(message.text)}</p>"},
        "attachments": [],
        "mentions": [],
        "reactions": [],
    }
