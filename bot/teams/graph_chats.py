"""The chats that the assistant makes itself, by Microsoft Graph: made, filled, emptied, read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.platform import CannotLook, Undelivered
from bot.teams.calling import Calling, Refused
from bot.teams.manifest import permissions

MEMBER = "#microsoft.graph.aadUserConversationMember"
EVERYTHING = "0001-01-01T00:00:00Z"
"""From when on a new member reads what was said before: from the beginning (Graph's own zero)."""

FEWEST = 2
"""A group chat begins with at least so many people (remembered; not documented)."""

TAKEN, GONE, FORBIDDEN = 409, 404, 403
GUEST = "#EXT#"
"""Stands in a guest's name for signing in (Microsoft Entra)."""

MOST_READ = 200
"""Messages among which one of ours is looked for: ours are seldom more than minutes old."""

NO_APP = "The app is not in the organisation's catalogue. Upload its package, then try again."
TOO_FEW = (
    "Teams makes no chat of one person. Once a second member of the team has an account in the"
    " organisation's directory, try again."
)


@dataclass
class GraphChats:
    """Group chats of our own making, each with just the members that the record says."""

    calling: Calling
    _catalogue: str = field(default="", repr=False)

    def make(self, topic: str, people: Sequence[str]) -> str:
        """A new group chat of these people, by their directory ids; raises Undelivered.

        Asked twice, Graph makes two: whoever calls this makes sure that it is asked once.
        """
        if len(people) < FEWEST:
            raise Undelivered(TOO_FEW, permanent=True)
        members = [self._member(one) for one in people]
        wanted = {"chatType": "group", "topic": topic, "members": members}
        return str(self.calling.graph("POST", "chats", wanted)["id"])

    def install(self, chat: str) -> None:
        """Add the app to a chat, with the permissions that its package asks for there."""
        allowed = permissions(self.calling.connection.room)
        named = [{"permissionValue": one, "permissionType": "Application"} for one in allowed]
        consent = {"consentedPermissionSet": {"resourceSpecificPermissions": named}}
        self._installed(f"chats/{chat}/installedApps", consent if named else {})

    def install_for(self, person: str) -> None:
        """Give somebody the app, so that it may write to them first."""
        self._installed(f"users/{person}/teamwork/installedApps", {})

    def add(self, chat: str, person: str) -> None:
        """Put somebody in; one who is in already is no fault."""
        new = self._member(person) | {"visibleHistoryStartDateTime": EVERYTHING}
        try:
            self.calling.graph("POST", f"chats/{chat}/members", new)
        except Refused:
            if all(one.get("userId") != person for one in self._members(chat)):
                raise

    def remove(self, chat: str, person: str) -> None:
        """Take somebody out; one who is out already is no fault."""
        for one in self._members(chat):
            if one.get("userId") == person:
                self._part(chat, str(one["id"]))

    def empty(self, chat: str) -> None:
        """Take everybody out: nobody reads or writes there any more."""
        for one in self._members(chat):
            self._part(chat, str(one["id"]))

    def rename(self, chat: str, topic: str) -> None:
        """Give a chat its topic back."""
        self.calling.graph("PATCH", f"chats/{chat}", {"topic": topic})

    def topic(self, chat: str) -> str:
        """What a chat is called now."""
        return str(self.calling.graph("GET", f"chats/{chat}").get("topic") or "")

    def directory_id(self, email: str) -> str | None:
        """Whose this work e-mail is in the organisation's directory, guests included."""
        asked = email.replace("'", "''")
        either = f"mail eq '{asked}' or userPrincipalName eq '{asked}'"
        wanted = {"$filter": either, "$select": "id"}
        found = list(self.calling.graph_pages("users", **wanted))
        return str(found[0]["id"]) if len(found) == 1 else None

    def personal(self, person: str) -> str | None:
        """What Graph calls somebody's personal chat with the app, where they have the app."""
        ours = f"teamsApp/externalId eq '{self.calling.connection.app_id}'"
        path = f"users/{person}/teamwork/installedApps"
        for one in self.calling.graph_pages(path, **{"$filter": ours, "$expand": "teamsApp"}):
            return str(self.calling.graph("GET", f"{path}/{one['id']}/chat")["id"])
        return None

    def is_guest(self, person: str) -> bool:
        """Whether somebody was invited from elsewhere into the organisation's directory."""
        shown = self.calling.graph("GET", f"users/{person}", **{"$select": "userPrincipalName"})
        return GUEST in str(shown.get("userPrincipalName"))

    def said(self, chat: str, since: datetime) -> Iterator[dict[str, Any]]:
        """Our own messages in a chat since a moment, among those that changed last.

        Graph lists them by their last change, so an old one that was edited comes first. Raises
        CannotLook where so many changed since then that ours may be among the rest.
        """
        us = self.calling.connection.client_id
        listed = self.calling.graph_pages(f"chats/{chat}/messages", **{"$top": 50})
        for number, one in enumerate(listed):
            changed = one.get("lastModifiedDateTime") or one.get("createdDateTime")
            if _moment(changed) < since:
                return
            if number >= MOST_READ:
                raise CannotLook
            by = ((one.get("from") or {}).get("application") or {}).get("id")
            if by == us and _moment(one.get("createdDateTime")) >= since:
                yield one

    def _member(self, person: str) -> dict[str, Any]:
        address = f"{self.calling.connection.cloud.graph_url}/users('{person}')"
        role = "guest" if self.is_guest(person) else "owner"
        return {"@odata.type": MEMBER, "roles": [role], "user@odata.bind": address}

    def _members(self, chat: str) -> list[dict[str, Any]]:
        return list(self.calling.graph_pages(f"chats/{chat}/members"))

    def _part(self, chat: str, membership: str) -> None:
        try:
            self.calling.graph("DELETE", f"chats/{chat}/members/{membership}")
        except Refused as no:
            if no.status != GONE:
                raise

    def _installed(self, path: str, consent: dict[str, Any]) -> None:
        bound = f"{self.calling.connection.cloud.graph_url}/appCatalogs/teamsApps/{self._number()}"
        try:
            self.calling.graph("POST", path, {"teamsApp@odata.bind": bound} | consent)
        except Refused as no:
            if no.status != TAKEN:
                raise
        except Undelivered as no:
            if not no.unknown:
                raise
            # Where it was done, asking again says so: no message was sent that could be there.
            raise Undelivered(no.why) from None

    def _number(self) -> str:
        """The app's number in the organisation's catalogue."""
        if not self._catalogue:
            ours = f"externalId eq '{self.calling.connection.app_id}'"
            found = list(self.calling.graph_pages("appCatalogs/teamsApps", **{"$filter": ours}))
            if not found:
                raise Undelivered(NO_APP, permanent=True)
            self._catalogue = str(found[0]["id"])
        return self._catalogue


def _moment(told: Any) -> datetime:
    """A moment as Graph writes it."""
    return datetime.fromisoformat(str(told)).astimezone(UTC)
