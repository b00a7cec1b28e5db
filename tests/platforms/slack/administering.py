"""What people do to channels and accounts behind our app's back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.platforms.slack import chores
from tests.platforms.slack.channels import Channel
from tests.platforms.slack.outgoing import Event
from tests.platforms.slack.people import Person

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace


class Admin:
    """Somebody who may do everything; each deed gives back the events that told our app of it."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self.workspace, self.person = workspace, person

    def joins(self, channel: Channel) -> list[Event]:
        """Come into a channel."""
        return self.brings(channel, self.person)

    def leaves(self, channel: Channel) -> list[Event]:
        """Leave a channel."""
        return self.removes(channel, self.person)

    def brings(self, channel: Channel, person: Person) -> list[Event]:
        """Invite somebody."""
        return self._doing(lambda: chores.join(self.workspace, channel, person, self.person.id))

    def removes(self, channel: Channel, person: Person) -> list[Event]:
        """Remove somebody."""
        return self._doing(lambda: chores.part(self.workspace, channel, person))

    def brings_bot(self, channel: Channel) -> list[Event]:
        """Invite our bot."""
        return self.brings(channel, self._bot)

    def removes_bot(self, channel: Channel) -> list[Event]:
        """Remove our bot."""
        return self.removes(channel, self._bot)

    def archives(self, channel: Channel) -> list[Event]:
        """Archive a channel."""
        return self._doing(lambda: chores.archive(self.workspace, channel, self.person.id))

    def unarchives(self, channel: Channel) -> list[Event]:
        """Open an archived channel again."""
        return self._doing(lambda: chores.unarchive(self.workspace, channel, self.person.id))

    def renames(self, channel: Channel, name: str) -> list[Event]:
        """Rename a channel."""
        return self._doing(lambda: chores.rename(self.workspace, channel, name, self.person.id))

    def deletes(self, channel: Channel) -> list[Event]:
        """Delete a channel for good."""
        return self._doing(lambda: chores.delete(self.workspace, channel))

    def shares(self, channel: Channel) -> list[Event]:
        """Open a channel to another organisation."""
        return self._doing(lambda: chores.share(self.workspace, channel))

    def deactivates(self, person: Person) -> list[Event]:
        """Close somebody's account."""
        return self._doing(lambda: chores.deactivate(self.workspace, person))

    def uninstalls_app(self) -> list[Event]:
        """Remove our app from the workspace."""
        return self._doing(lambda: chores.uninstall(self.workspace))

    def revokes_token(self) -> list[Event]:
        """Revoke our app's token."""
        return self._doing(lambda: chores.revoke(self.workspace))

    @property
    def _bot(self) -> Person:
        return self.workspace.people[self.workspace.app.bot_user]

    def _doing(self, deed: Callable[[], None]) -> list[Event]:
        with self.workspace.changed:
            before = len(self.workspace.outgoing.events)
            deed()
            self.workspace.changed.notify_all()
            return self.workspace.outgoing.events[before:]
