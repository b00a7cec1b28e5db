"""What people do to chats, apps and accounts behind our app's back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.platforms.teams import chores
from tests.platforms.teams.channels import leave_team, owners
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.outgoing import Event
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import ClientRefuses

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant


class Admin:
    """Somebody who may do everything; each deed gives back the activities that told our app."""

    def __init__(self, tenant: Tenant, person: Person) -> None:
        self.tenant, self.person = tenant, person

    def makes_chat(self, topic: str | None, *people: Person) -> Chat:
        """Make a group chat with these people and oneself; our app is not in it."""
        return self.tenant.add_chat(topic, self.person, *people)

    def joins(self, chat: Chat) -> list[Event]:
        """Come into a chat."""
        return self.brings(chat, self.person)

    def leaves(self, chat: Chat) -> list[Event]:
        """Leave a chat."""
        return self.removes(chat, self.person)

    def brings(self, chat: Chat, person: Person) -> list[Event]:
        """Add somebody; every member of a chat may, of a channel its owners (documented)."""
        team = self.tenant.team
        if chat.kind == "channel" and team is not None and chat is not team.general:
            self._check_owner(chat)
            if not team.has(person):
                raise ClientRefuses("they are not in the team")
        return self._doing(lambda: chores.join(self.tenant, chat, person, self.person))

    def removes(self, chat: Chat, person: Person) -> list[Event]:
        """Remove somebody."""
        return self._doing(lambda: chores.part(self.tenant, chat, person, self.person))

    def brings_bot(self, chat: Chat) -> list[Event]:
        """Add our app to a chat; to a private channel, once it is in the team (documented)."""
        team = self.tenant.team
        if chat.kind == "channel" and team is not None and chat is not team.general:
            self._check_owner(chat)
            if not (self.tenant.app.in_channels and team.general.has_app):
                raise ClientRefuses("the app is not offered in this channel")
        return self._doing(lambda: chores.install(self.tenant, chat, self.person))

    def removes_bot(self, chat: Chat) -> list[Event]:
        """Remove our app from a chat."""
        return self._doing(lambda: chores.uninstall(self.tenant, chat, self.person))

    def renames(self, chat: Chat, topic: str) -> list[Event]:
        """Give a chat another topic."""
        return self._doing(lambda: chores.rename(self.tenant, chat, topic, self.person))

    def deletes(self, chat: Chat) -> list[Event]:
        """Delete a chat or a channel."""
        return self._doing(lambda: chores.delete(self.tenant, chat))

    def leaves_team(self) -> list[Event]:
        """Leave the team, and so each of its channels."""
        team = self.tenant.team
        assert team is not None
        return self._doing(lambda: leave_team(self.tenant, team, self.person, self.person))

    def archives(self, chat: Chat) -> None:
        """Archive a channel; our app is not told (remembered)."""
        self._check_owner(chat)
        chat.archived = True

    def _check_owner(self, chat: Chat) -> None:
        if self.person.id not in owners(chat):
            raise ClientRefuses("only an owner of the channel may")

    def installs_for(self, person: Person) -> list[Event]:
        """Install our app for somebody's personal use."""
        chat = self.tenant.direct(person)
        return self._doing(lambda: chores.install(self.tenant, chat, self.person))

    def uninstalls_for(self, person: Person) -> list[Event]:
        """Remove our app from somebody's personal use."""
        chat = self.tenant.direct(person)
        return self._doing(lambda: chores.uninstall(self.tenant, chat, person))

    def blocks_bot(self) -> None:
        """Block the bot in one's own personal chat; nobody is told (documented)."""
        self.tenant.direct(self.person).blocked = True

    def deactivates(self, person: Person) -> list[Event]:
        """Disable somebody's account."""
        return self._doing(lambda: chores.deactivate(self.tenant, person))

    def deletes_account(self, person: Person) -> list[Event]:
        """Delete somebody's account."""
        return self._doing(lambda: chores.forget(self.tenant, person))

    def invites_guest(self, person: Person) -> None:
        """Invite into the tenant somebody who had an account elsewhere only."""
        person.is_outside, person.is_guest = False, True
        person.upn = f"{person.email.replace('@', '_')}#EXT#@{self.tenant.domain}"

    def uninstalls_app(self) -> list[Event]:
        """Remove our app from every chat, and from the catalogue."""

        def everywhere() -> None:
            self.tenant.app.in_catalog = False
            for chat in self.tenant.chats.values():
                if chat.has_app:
                    chores.uninstall(self.tenant, chat, self.person)

        return self._doing(everywhere)

    def disables_app(self, *, disabled: bool = True) -> None:
        """Block our app in the tenant, or let it be again; nobody is told (remembered)."""
        self.tenant.app.disabled = disabled

    def revokes_token(self) -> None:
        """Let no access token be good that our app has now."""
        self.tenant.login.revokes()

    def _doing(self, deed: Callable[[], object]) -> list[Event]:
        with self.tenant.changed:
            before = len(self.tenant.outgoing.events)
            deed()
            self.tenant.changed.notify_all()
            return self.tenant.outgoing.events[before:]
