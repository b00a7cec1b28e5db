"""Opens a family's private channel: makes it, then waits for a person to add the app to it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from bot.platform import Place, Undelivered
from bot.teams.graph_channels import GraphChannels
from bot.teams.knowing import Knowing
from storage import rooms
from storage.database import Database

BEGUN = "being made"
"""Stands as a room's address from before Graph is asked for it until its answer is kept; of a
channel, with the mark by which it is known again."""

ADD_THE_APP = (
    "Teams lets no app into a private channel by itself. Its owner has to, the Lead Professional or"
    " in theirs a supervisor: open the channel {name} in Teams, press Add an app, choose TAF"
    " Assistant, and write there: @TAF Assistant hello. Then the room opens."
)
NO_OWNER = (
    "Nobody on the team has an account in the organisation's directory that may own a channel; a"
    " guest may not. Once the Lead Professional has one, try again."
)
UNFIT = {
    "public": "The channel is not private. Nothing is said there.",
    "shared": "The channel is shared with others. Nothing is said there.",
    "archived": "The channel was archived by hand. Restore it in Teams, then try again.",
}


@dataclass
class Opening:
    """The channels of families, on their way to being rooms."""

    graph: GraphChannels
    knowing: Knowing
    database: Database

    def open(self, room: Place, name: str, people: Iterable[int]) -> str:
        """The room's channel, with the app in it; raises Undelivered until it is.

        `people` are those of the team, its owner to be first. An answer that was lost is settled by
        asking again: the name is given once, and what carries our mark is ours.
        """
        address = room.address or ""
        if not address or address.startswith(BEGUN):
            mark = address.removeprefix(BEGUN).strip() or secrets.token_hex(8)
            owner = self._owner(people)
            self._put_address(room, f"{BEGUN} {mark}")
            address = self.graph.make(name, owner, mark)
            self._put_address(room, address)
        self.check(address)
        if not self.knowing.is_seen(address):
            raise Undelivered(ADD_THE_APP.format(name=name), permanent=True, by_hand=True)
        return address

    def check(self, address: str) -> None:
        """Raise Undelivered where others than its members may read what is said there."""
        if wrong := self.graph.wrong(address):
            raise Undelivered(UNFIT[wrong], permanent=True)

    def wrong(self, address: str) -> str:
        """Why nothing may be said in a channel; raises Undelivered where the app is not in it."""
        # Only who is in a conversation may ask the connector who else is.
        self.knowing.calling.members(address, self.knowing.service(address))
        return self.graph.wrong(address)

    def _owner(self, people: Iterable[int]) -> str:
        for one in people:
            try:
                found = self.knowing.directory_id(one)
            except Undelivered as no:
                if not no.permanent:
                    raise
                continue
            if not self.knowing.chats.is_guest(found):
                return found
        raise Undelivered(NO_OWNER, permanent=True)

    def _put_address(self, room: Place, address: str) -> None:
        self.database.write(lambda session: rooms.put_address(session, room.room_id, address))
