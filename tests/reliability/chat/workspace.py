"""What the fake platform knows and refuses: rooms, people, messages, its pace and its log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LARGEST = 200_000
"""No message is larger than this, in bytes."""

PAGE = 50
"""How many messages one look at a history shows at most."""


class Refused(Exception):
    """The platform says no; `retry_after` in seconds, where it asks to wait."""

    def __init__(self, status: int, error: str, retry_after: float | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.retry_after = status, error, retry_after


@dataclass
class Room:
    """A private room, and the delivery that asked for it."""

    address: str
    name: str
    creator: str
    number: int
    members: set[int] = field(default_factory=set)
    closed: bool = False


@dataclass
class Message:
    """A message as the platform keeps it. `numbers`: the delivery that made it, then its edits'."""

    ref: str
    place: str
    at: float
    numbers: list[int]


@dataclass
class Rules:
    """How strict the platform is: times in real seconds, so that scenarios can run faster."""

    pace: float = 1.0
    per_second: float | None = None
    burst: int = 20


class Workspace:
    """One workspace of the platform; `now` is the time on its wall, in seconds."""

    def __init__(self, rules: Rules, now: Callable[[], float]) -> None:
        self.rules, self.now = rules, now
        self.rooms: dict[str, Room] = {}
        self.people: set[int] = set()
        self.messages: dict[str, Message] = {}
        self.places: dict[str, list[Message]] = {}
        self.log: list[dict[str, Any]] = []
        self.tokens = {"ours": "taf", "theirs": "somebody else"}
        self._spoken: dict[str, float] = {}
        self._bucket, self._filled = float(rules.burst), time.monotonic()

    def who(self, token: str) -> str:
        """Whose token this is."""
        if token not in self.tokens:
            raise Refused(401, "invalid_auth")
        return self.tokens[token]

    def do(self, operation: str, body: dict[str, Any], creator: str) -> dict[str, Any]:
        """Do what was asked, or refuse; either is written down."""
        try:
            found: dict[str, Any] = getattr(self, f"_{operation}")(body, creator)
        except Refused as no:
            self.note(operation, body, status=no.status, error=no.error)
            raise
        if operation not in {"history", "message", "room"}:
            self.note(operation, body, status=200, ref=found.get("ref"))
        return found

    def note(self, operation: str, body: dict[str, Any], **what: Any) -> None:
        """Add a line to the log: what was taken or refused, and when."""
        line: dict[str, Any] = {"n": len(self.log), "mono": time.monotonic(), "at": self.now()}
        line |= {"operation": operation, "place": body.get("place"), "number": body.get("number")}
        line |= {"person": body.get("person"), **what}
        if what.get("status") == 200:
            line |= {"card": body.get("card"), "repeated": body.get("repeated", False)}
        self.log.append(line)

    def limit(self) -> None:
        """The workspace's own limit, whatever the place."""
        if self.rules.per_second is None:
            return
        now = time.monotonic()
        gained = (now - self._filled) * self.rules.per_second
        self._bucket, self._filled = min(self.rules.burst, self._bucket + gained), now
        if self._bucket < 1:
            raise Refused(429, "workspace_limit", (1 - self._bucket) / self.rules.per_second)
        self._bucket -= 1

    def _open(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        name = body["name"]
        if any(room.name == name for room in self.rooms.values()):
            raise Refused(409, "name_taken")
        room = Room(f"C{len(self.rooms) + 1:04}", name, creator, body["number"])
        self.rooms[room.address] = room
        return {"ref": room.address}

    def _room(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        for room in self.rooms.values():
            if room.name == body["name"] and room.creator == creator:
                return {"ref": room.address, "creator": room.creator, "number": room.number}
        raise Refused(404, "channel_not_found")

    def _mine(self, place: str, creator: str) -> Room:
        room = self.rooms.get(place)
        if room is None:
            raise Refused(404, "channel_not_found")
        if room.creator != creator:
            raise Refused(403, "not_in_channel")
        if room.closed:
            raise Refused(410, "is_archived")
        return room

    def _admit(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        room = self._mine(body["place"], creator)
        if body["person"] not in self.people:
            raise Refused(404, "user_not_found")
        if body["person"] in room.members:
            raise Refused(409, "already_in_channel")
        room.members.add(body["person"])
        return {}

    def _remove(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        room = self._mine(body["place"], creator)
        if body["person"] not in room.members:
            raise Refused(409, "person_not_in_channel")
        room.members.remove(body["person"])
        return {}

    def _close(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        if (room := self.rooms.get(body["place"])) and room.closed and room.creator == creator:
            raise Refused(409, "already_archived")
        self._mine(body["place"], creator).closed = True
        return {}

    def _check_place(self, place: str, creator: str) -> None:
        if place.startswith("D"):
            if not place[1:].isdigit() or int(place[1:]) not in self.people:
                raise Refused(404, "user_not_found")
        else:
            self._mine(place, creator)

    def _pace(self, place: str) -> None:
        now = time.monotonic()
        since = now - self._spoken.get(place, float("-inf"))
        if since < self.rules.pace:
            raise Refused(429, "too_fast", self.rules.pace - since)
        self._spoken[place] = now

    def _post(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        place = body["place"]
        self._check_place(place, creator)
        self._pace(place)
        message = Message(f"M{len(self.messages) + 1:06}", place, self.now(), [body["number"]])
        self.messages[message.ref] = message
        self.places.setdefault(place, []).append(message)
        return {"ref": message.ref}

    def _edit(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        self._check_place(body["place"], creator)
        message = self.messages.get(body["ref"])
        if message is None or message.place != body["place"]:
            raise Refused(404, "message_not_found")
        message.numbers.append(body["number"])
        return {"ref": message.ref}

    def _message(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        message = self.messages.get(body["ref"])
        if message is None:
            raise Refused(404, "message_not_found")
        self._check_place(message.place, creator)
        return {"number": message.numbers[-1]}

    def _history(self, body: dict[str, Any], creator: str) -> dict[str, Any]:
        """The newest first, a page at a time: `before` is where the last page ended."""
        self._check_place(body["place"], creator)
        everything = self.places.get(body["place"], [])
        found = [one for one in everything if one.ref < body.get("before", "N")][::-1]
        page = [{"ref": one.ref, "number": one.numbers[0]} for one in found[:PAGE]]
        return {"messages": page, "more": len(found) > PAGE}

    def saved(self) -> dict[str, Any]:
        """All that there is, to be loaded into another workspace."""
        rooms = [vars(room) | {"members": sorted(room.members)} for room in self.rooms.values()]
        messages = [vars(one) for one in self.messages.values()]
        return {"rooms": rooms, "people": sorted(self.people), "messages": messages}

    def load(self, saved: dict[str, Any]) -> None:
        """Begin with what another workspace saved; close some rooms, and lose some."""
        self.people |= set(saved["people"])
        for one in saved.get("rooms", []):
            self.rooms[one["address"]] = Room(**one | {"members": set(one["members"])})
        for one in saved.get("messages", []):
            message = self.messages[one["ref"]] = Message(**one)
            self.places.setdefault(message.place, []).append(message)
        for address in saved.get("closed", []):
            self.rooms[address].closed = True
        for address in saved.get("gone", []):
            del self.rooms[address]
