"""The assistant's side of the fake chat: a platform like any other, over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2

from bot.platform import Limits, Outgoing, Place, Undelivered

PAGES = 2
"""How far a look goes back in a conversation: in one of only ours, the newest would do."""

CREATOR = "taf"

SENTENCES = {
    "channel_not_found": "The room does not exist any more.",
    "not_in_channel": "The assistant is not in the room.",
    "is_archived": "The room is closed.",
    "user_not_found": "The platform does not know this person.",
    "message_not_found": "The message to be changed is not there any more.",
    "msg_too_long": "The message is too long for the platform.",
    "name_taken": "A room of this name was there already, and it is not ours.",
}
"""What a person reads of a platform's no."""


@dataclass
class ChatPlatform:
    """Rooms and messages of the fake chat; it never sends anything twice of its own accord."""

    url: str
    time_out: float = 10.0
    limits: Limits = field(default_factory=lambda: Limits(settles=timedelta(seconds=70)))
    token: str = "ours"
    name: str = "web"

    def __post_init__(self) -> None:
        """Open the connections; all of a process's threads share them."""
        self._client = httpx2.Client(
            base_url=self.url,
            timeout=self.time_out,
            trust_env=False,
            headers={"authorization": f"Bearer {self.token}"},
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=64),
        )

    def open_room(self, room: Place, number: int) -> str:
        """Make the room, or find that this same delivery made it before; never adopt another."""
        made = self._ask("open", fine="name_taken", name=room.name, number=number)
        if "ref" in made:
            return str(made["ref"])
        there = self._ask("room", fine="channel_not_found", name=room.name)
        if there.get("number") != number or there.get("creator") != CREATOR:
            raise Undelivered(SENTENCES["name_taken"], permanent=True)
        return str(there["ref"])

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Let a person in."""
        self._ask("admit", fine="already_in_channel", place=_address(room), person=person_id)

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """Take a person out."""
        fine = "person_not_in_channel"
        self._ask("remove", fine=fine, place=_address(room), person=person_id)

    def put_out(self, room: Place, account: str) -> None:
        """Nobody comes in here by hand."""

    def name_room(self, room: Place) -> None:
        """A room's name cannot be changed here."""

    def pin(self, room: Place, message: str) -> None:
        """Nothing is pinned here."""

    def close_room(self, room: Place, at: datetime) -> None:
        """Close the room for good."""
        self._ask("close", fine="already_archived", place=_address(room))

    def post(self, message: Outgoing) -> str:
        """Post a message, or edit the one it replaces, with the delivery's number in it."""
        operation = "edit" if message.replaces else "post"
        body: dict[str, Any] = {"number": message.number, "card": message.card.as_json()}
        body |= {"ref": message.replaces, "repeated": message.repeated}
        return str(self._ask(operation, place=_address(message.to), **body)["ref"])

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """Every message of this delivery among the newest of its conversation.

        Nothing of ours is said after one that is looked for, so it is not far back; and no clock
        has to agree with another one.
        """
        if message.replaces:
            now = self._ask("message", ref=message.replaces)
            return (message.replaces,) if now["number"] == message.number else ()
        asked: dict[str, Any] = {"place": _address(message.to)}
        found: list[str] = []
        for _ in range(PAGES):
            page = self._ask("history", **asked)
            found += [one["ref"] for one in page["messages"] if one["number"] == message.number]
            if not page["more"]:
                break
            asked["before"] = page["messages"][-1]["ref"]
        return tuple(found)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, operation: str, fine: str = "", **body: Any) -> dict[str, Any]:
        """One request, and never a second one; `fine` is a no that is as good as a yes."""
        try:
            response = self._client.post(f"/{operation}", json=body)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as fault:
            raise Undelivered("The platform cannot be reached.") from fault
        except httpx2.TransportError as fault:
            raise Undelivered("The platform did not answer.", unknown=True) from fault
        return _read(response, operation, fine)


def _read(response: httpx2.Response, operation: str, fine: str) -> dict[str, Any]:
    status = response.status_code
    try:
        found: dict[str, Any] = response.json()
    except ValueError:
        found = {}
    error = str(found.get("error", ""))
    if status == 200 and "" not in found:
        return found
    if fine and error == fine:
        return {}
    if status == 429:
        wait = timedelta(seconds=float(response.headers["retry-after"]))
        raise Undelivered("The platform asks to wait.", wait=wait)
    if status == 401:
        raise Undelivered("The platform does not know the assistant any more.", locked_out=True)
    if 400 <= status < 500:
        raise Undelivered(SENTENCES.get(error, "The platform refused it."), permanent=True)
    raise Undelivered(f"The platform had a fault during {operation}.", unknown=True)


def _address(place: Place) -> str:
    """A room's address, or a person's own conversation with the assistant."""
    if place.person_id is not None:
        return f"D{place.person_id}"
    if place.address is None:
        raise Undelivered("The room was never opened.", permanent=True)
    return place.address
