"""The private channels that the assistant makes, by Microsoft Graph: made, filled, closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.platform import Undelivered
from bot.teams.calling import Calling, Refused
from bot.teams.graph_chats import GONE, MEMBER

PRIVATE, OWNER, GUEST = "private", "owner", "guest"
KINDS = {"standard": "public", "shared": "shared"}
"""What a channel that is not private is, in the words of `Seen.wrong`."""

NAME_TAKEN = "NameAlreadyExists"
"""Graph's word for a name that a channel of the team has, or had until it was deleted (seen:
microsoft-graph-docs issue 6168)."""

TAKEN = (
    "The team has a channel named {name} already, or one that was deleted. It is not taken over:"
    " somebody else made it. Rename it, or restore it first and then rename it; then try again."
)
NOT_IN_TEAM = (
    "They are not in the team on Teams that holds the families' channels yet. Add them there and"
    " press Try again."
)
OWNER_NOT_IN_TEAM = (
    "The channel needs an owner, the Lead Professional first, who is in the team on Teams that"
    " holds the families' channels. Add them there as a member and press Try again."
)
LAST_OWNER = (
    "They are the only owner of the channel, and nobody else in it can be one. Let somebody of the"
    " organisation into it, then try again."
)


@dataclass
class GraphChannels:
    """Private channels in the one team that holds them, each with just the members of the record.

    A channel is called by its id, which is also that of its conversation.
    """

    calling: Calling

    def make(self, name: str, owner: str, mark: str) -> str:
        """A new private channel with its first owner, by their directory id; raises Undelivered.

        A name is given once in a team, so this may be asked again: `mark`, which nobody else
        knows, tells the channel that an earlier asking made from one that was there before.
        """
        to = self.calling.connection
        address = f"{to.cloud.graph_url}/users('{owner}')"
        first = {"@odata.type": MEMBER, "roles": [OWNER], "user@odata.bind": address}
        wanted = {"displayName": name, "description": _described(mark), "members": [first]}
        try:
            made = self.calling.graph(
                "POST", self._team("channels"), wanted | {"membershipType": PRIVATE}
            )
        except Refused as no:
            return self._made_before(name, owner, mark, no)
        return str(made["id"])

    def _made_before(self, name: str, owner: str, mark: str, no: Refused) -> str:
        """The channel of ours that is in the way; raises why there is none."""
        listed = self.calling.graph_pages(self._team("channels"))
        there = [one for one in listed if str(one.get("displayName")).casefold() == name.casefold()]
        for one in there:
            if one.get("description") == _described(mark) and not _wrong(one):
                return str(one["id"])
        if there or no.error == NAME_TAKEN:
            raise Undelivered(TAKEN.format(name=name), permanent=True)
        if not self.in_team(owner):
            raise Undelivered(OWNER_NOT_IN_TEAM, permanent=True)
        raise no

    def count(self) -> int:
        """How many private channels the team has."""
        listed = self.calling.graph_pages(self._team("channels"))
        return sum(one.get("membershipType") == PRIVATE for one in listed)

    def in_team(self, person: str) -> bool:
        """Whether somebody is in the team: only they can be in a channel of it."""
        wanted = f"(microsoft.graph.aadUserConversationMember/userId eq '{person}')"
        return any(self.calling.graph_pages(self._team("members"), **{"$filter": wanted}))

    def add(self, channel: str, person: str) -> None:
        """Put somebody in; one who is in already is no fault."""
        address = f"{self.calling.connection.cloud.graph_url}/users('{person}')"
        new = {"@odata.type": MEMBER, "roles": [], "user@odata.bind": address}
        try:
            self.calling.graph("POST", self._members(channel), new)
        except Refused:
            if any(one.get("userId") == person for one in self.members(channel)):
                return
            if not self.in_team(person):
                raise Undelivered(NOT_IN_TEAM, permanent=True) from None
            raise

    def remove(self, channel: str, person: str) -> None:
        """Take somebody out; one who is out already is no fault.

        Teams takes no last owner out, so somebody else is made one first.
        """
        there = self.members(channel)
        for one in there:
            if one.get("userId") == person:
                self._replace_owner(channel, one, there)
                self._take_out(channel, one)

    def empty(self, channel: str) -> None:
        """Archive it and take everybody out but its last owner, whom Teams keeps in it.

        Archived first: it cannot be without an owner, and members may still be taken out then.
        """
        if not self._channel(channel).get("isArchived"):
            self.calling.graph("POST", f"{self._at(channel)}/archive", {})
        there = sorted(self.members(channel), key=_owns)
        for one in there[:-1]:
            self._take_out(channel, one)
        if there and not _owns(there[-1]):
            self._take_out(channel, there[-1])

    def wrong(self, channel: str) -> str:
        """Why nothing may be said in a channel: public, shared or archived; blank if it may."""
        return _wrong(self._channel(channel))

    def topic(self, channel: str) -> str:
        """What a channel is called now."""
        return str(self._channel(channel).get("displayName") or "")

    def rename(self, channel: str, name: str) -> None:
        """Give a channel its name back."""
        self.calling.graph("PATCH", self._at(channel), {"displayName": name})

    def members(self, channel: str) -> list[dict[str, Any]]:
        """Everybody in a channel, as Graph has them: without the app."""
        return list(self.calling.graph_pages(self._members(channel)))

    def _replace_owner(
        self, channel: str, leaving: dict[str, Any], there: list[dict[str, Any]]
    ) -> None:
        others = [one for one in there if one["id"] != leaving["id"]]
        if not _owns(leaving) or any(map(_owns, others)):
            return
        able = [one for one in others if GUEST not in (one.get("roles") or ())]
        if not able:
            raise Undelivered(LAST_OWNER, permanent=True)
        path = f"{self._members(channel)}/{_quoted(able[0]['id'])}"
        self.calling.graph("PATCH", path, {"@odata.type": MEMBER, "roles": [OWNER]})

    def _take_out(self, channel: str, member: dict[str, Any]) -> None:
        try:
            self.calling.graph("DELETE", f"{self._members(channel)}/{_quoted(member['id'])}")
        except Refused as no:
            if no.status != GONE:
                raise

    def _channel(self, channel: str) -> dict[str, Any]:
        return self.calling.graph("GET", self._at(channel))

    def _members(self, channel: str) -> str:
        return f"{self._at(channel)}/members"

    def _at(self, channel: str) -> str:
        return self._team(f"channels/{_quoted(channel)}")

    def _team(self, path: str) -> str:
        return f"teams/{self.calling.connection.team}/{path}"


def _described(mark: str) -> str:
    """What stands under a channel's name: who made it, and at which asking."""
    return f"TAF Assistant {mark}"


def _wrong(channel: dict[str, Any]) -> str:
    kind = channel.get("membershipType")
    if kind != PRIVATE:
        return KINDS.get(str(kind), "public")
    return "archived" if channel.get("isArchived") else ""


def _owns(member: dict[str, Any]) -> bool:
    return OWNER in (member.get("roles") or ())


def _quoted(name: str) -> str:
    return quote(name, safe="")
