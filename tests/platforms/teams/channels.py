"""The team that holds channels, and what happens in it, whoever does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.platforms.teams import chores
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.people import Person

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

OWNER = "owner"


@dataclass
class Team:
    """A team; its members and the app in it are those of its General channel (documented).

    `names`: every channel's that it ever had, in small letters: one that was deleted keeps its own
    (seen: microsoft-graph-docs issue 6168).
    """

    id: str
    general: Chat
    names: set[str] = field(default_factory=lambda: {"general"})
    says_taken: str = "NameAlreadyExists"
    """Graph's word for a name that is taken; `BadRequest` was seen too (issue 6649)."""

    def has(self, person: Person) -> bool:
        """Whether somebody is in the team."""
        return person.id in self.general.memberships


def makes_team(tenant: Tenant, *people: Person) -> Team:
    """A team of these people, with its General channel, which all of them see."""
    with tenant.changed:
        number = tenant.new_id().replace("-", "")
        general = Chat(f"19:{number}@thread.tacv2", "channel", "", "General")
        general.graph_id, general.created = general.id, tenant.now()
        general.membership = "standard"
        team = Team("7af00000-0000-4000-8000-0000000000d1", general)
        tenant.chats[general.id], tenant.team = general, team
        for one in people:
            chores.join(tenant, general, one, None)
        tenant.changed.notify_all()
    return team


def makes_channel(
    tenant: Tenant, team: Team, name: str, owner: Person, *, kind: str = "private", about: str = ""
) -> Chat:
    """A channel of a team with its first owner; the app is in none that is not standard."""
    with tenant.changed:
        number = tenant.new_id().replace("-", "")
        found = Chat(f"19:{number}@thread.tacv2", "channel", "", name)
        found.graph_id, found.created = found.id, tenant.now()
        found.membership, found.description = kind, about
        team.names.add(name.casefold())
        tenant.chats[found.id] = found
        chores.join(tenant, found, owner, None, roles=[OWNER])
        tenant.changed.notify_all()
    return found


def owners(chat: Chat) -> list[str]:
    """Who owns a channel."""
    return [one.person for one in chat.memberships.values() if OWNER in one.roles]


def leave_team(tenant: Tenant, team: Team, person: Person, by: Person | None) -> None:
    """Whoever leaves a team leaves all of its channels (documented)."""
    for one in list(tenant.chats.values()):
        if one.kind == "channel" and person.id in one.memberships:
            chores.part(tenant, one, person, by)
