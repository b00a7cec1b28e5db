"""What happens to chats and people, whoever does it, and the activities that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.teams import activities
from tests.platforms.teams.chats import Chat, Membership
from tests.platforms.teams.people import Person

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

MEMBER, GUEST = "owner", "guest"
"""The roles of a chat's members (documented)."""


def join(
    tenant: Tenant,
    chat: Chat,
    person: Person,
    by: Person | None,
    history: str | None = None,
    roles: list[str] | None = None,
) -> Membership:
    """Somebody comes into a chat; our app hears of it where it is installed.

    In a channel nobody has a role but guests and owners (documented).
    """
    mine = [GUEST] if person.is_guest else [MEMBER]
    if chat.kind == "channel" and not person.is_guest:
        mine = roles or []
    found = chat.adds(person, mine, history)
    tenant.happened(chat, "membersAdded")
    if chat.has_app:
        account = {"id": person.mri, "aadObjectId": person.id}
        tenant.outgoing.tell(activities.roster(tenant, chat, by, "membersAdded", account))
    return found


def part(tenant: Tenant, chat: Chat, person: Person, by: Person | None) -> None:
    """Somebody leaves a chat, or is removed."""
    del chat.memberships[person.id]
    tenant.happened(chat, "membersDeleted")
    if chat.has_app:
        account = {"id": person.mri, "aadObjectId": person.id}
        tenant.outgoing.tell(activities.roster(tenant, chat, by, "membersRemoved", account))


def rename(tenant: Tenant, chat: Chat, topic: str, by: Person | None) -> None:
    """A chat gets another topic; a channel another name, and its old one is free (remembered)."""
    if chat.kind == "channel" and tenant.team is not None:
        tenant.team.names = tenant.team.names - {chat.name.casefold()} | {topic.casefold()}
    chat.topic = topic
    tenant.happened(chat, "chatRenamed")
    if chat.has_app:
        tenant.outgoing.tell(activities.renamed(tenant, chat, by))


def install(tenant: Tenant, chat: Chat, by: Person | None) -> None:
    """Our app comes into a chat: it hears of it twice (documented; the order is remembered)."""
    chat.installation = tenant.new_id()
    chat.consented = set(tenant.app.rsc)
    chat.blocked = False
    tenant.happened(chat, "teamsAppInstalled")
    bot = tenant.app.account()
    tenant.outgoing.tell(activities.roster(tenant, chat, by, "membersAdded", bot))
    tenant.outgoing.tell(activities.installed(tenant, chat, by, "add"))


def uninstall(tenant: Tenant, chat: Chat, by: Person | None) -> None:
    """Our app is taken out of a chat."""
    chat.installation = None
    chat.consented = set()
    tenant.happened(chat, "teamsAppRemoved")
    bot = tenant.app.account()
    tenant.outgoing.tell(activities.roster(tenant, chat, by, "membersRemoved", bot))
    tenant.outgoing.tell(activities.installed(tenant, chat, by, "remove"))


def delete(tenant: Tenant, chat: Chat) -> None:
    """A chat or a channel is gone; nobody is told (remembered)."""
    del tenant.chats[chat.id]


def deactivate(tenant: Tenant, person: Person) -> None:
    """Somebody cannot sign in any more; they stay in their chats (remembered)."""
    person.deactivated = True
    person.dialog = None


def forget(tenant: Tenant, person: Person) -> None:
    """Somebody's account is deleted; they are in no chat any more (remembered)."""
    person.deleted = True
    person.dialog = None
    for chat in tenant.chats.values():
        if chat.kind != "personal" and person.id in chat.memberships:
            part(tenant, chat, person, None)
