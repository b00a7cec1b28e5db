"""Teams as a platform: rooms are chats or channels, and one person hears in their own chat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat.in_step import Seen
from bot.chat.naming import Naming
from bot.platform import CannotLook, Capabilities, Limits, Outgoing, Place, Undelivered
from bot.teams.calling import NOT_THERE, Calling, Refused
from bot.teams.capabilities import IN_CHANNELS, MADE, PAIRED
from bot.teams.cards import activity
from bot.teams.graph_channels import GraphChannels
from bot.teams.graph_chats import FORBIDDEN, GONE, GraphChats
from bot.teams.knowing import NOBODYS_NUMBER, PLATFORM, Knowing
from bot.teams.opening import ADD_THE_APP, BEGUN, Opening
from bot.teams.tokens import TIME_OUT
from messages.card import Line, Span
from storage import rooms
from storage.database import Database
from workflows import rooms_in_step
from workflows.working_days import WorkingDays

LIMITS = Limits(
    pace=timedelta(seconds=2.05),
    per_second=25.0,
    burst=25,
    settles=timedelta(seconds=TIME_OUT + 60),
    looks=True,
    fixed=True,
    fewest=2,
)
"""A chat takes 7 messages in a second, 8 in 2 s, 60 in 30 s and 1,800 in an hour (Microsoft's rate
limits for bots, "send to conversation"). At one in 2.05 s there are at most 1,757 in any hour, and
43 an hour are left for what does not wait: answers to what somebody types there, cards drawn again
after a press. The app has 50 a second in the whole tenant, which older copies of that page have as
30. No group chat has one person alone. 60 seconds in which a message may still be taken after its
answer was lost (ours)."""

MARGIN = timedelta(seconds=60)
"""How far two clocks may be apart when a message is looked for."""

AGAIN = "This may have reached you before: Teams did not say."
LINK = (
    "Make a group chat in Teams with the team and the app, named {topic}, and write there:"
    " @TAF Assistant link {name}"
)
MADE_PERHAPS = (
    "Teams did not say whether it made the chat {topic}. If it is there, leave it and let the"
    " others leave it too, then try again: another one is made."
)
ADD_THEM = "The chat was made by hand: add them to it in Teams."
TAKE_THEM_OUT = "The chat was made by hand: take them out of it in Teams."
END_IT = "The chat was made by hand: take the app and everybody out of it in Teams."
STRANGERS = (
    "Somebody is in the chat who is not on the team. Nothing is said there until they are out, or"
    " on the team."
)


def topic_of(room: str) -> str:
    """A chat's or channel's name: the opaque reference, and nothing of the family (R1)."""
    return f"TAF {room}"


@dataclass
class TeamsPlatform:
    """Posts, edits, opens and closes in one tenant; several threads call it at once.

    `naming` is what its buttons are called.
    """

    calling: Calling
    database: Database
    naming: Naming
    name: str = PLATFORM
    limits: Limits = LIMITS
    chats: GraphChats = field(init=False)
    knowing: Knowing = field(init=False)
    opening: Opening | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Know how rooms are made, and what the record knows of Teams."""
        self.limits = replace(self.limits, by_hand=not self.changes_members())
        self.chats = GraphChats(self.calling)
        days = WorkingDays.of(self.naming.policy)
        self.knowing = Knowing(self.calling, self.database, self.chats, days)
        if self.calling.connection.in_channels:
            channels = self.knowing.channels = GraphChannels(self.calling)
            self.opening = Opening(channels, self.knowing, self.database)
            self.limits = replace(self.limits, looks=False, fewest=1)

    @property
    def rooms(self) -> GraphChats | GraphChannels:
        """What lets people in and takes them out."""
        return self.opening.graph if self.opening else self.chats

    @property
    def can(self) -> Capabilities:
        """What is possible here: more where the assistant makes the rooms."""
        if self.opening:
            return IN_CHANNELS
        return MADE if self.calling.connection.makes_rooms else PAIRED

    def changes_members(self) -> bool:
        """The assistant fills the rooms that it made itself; the others a person fills."""
        return self.calling.connection.makes_rooms

    def open_room(self, room: Place, number: int) -> str:  # noqa: ARG002  the record has its address
        """Make the group chat and add the app, or fail; where people make it, its linked address.

        Graph makes a second chat when it is asked twice. So it is written down first that it is
        being asked; where its answer was lost, a person has to look, and no other is made.
        """
        if not self.changes_members():
            if room.address is None:
                words = LINK.format(topic=topic_of(room.name), name=room.name)
                raise Undelivered(words, permanent=True, by_hand=True)
            return room.address
        if self.opening:
            return self.opening.open(room, topic_of(room.name), self._team(room))
        if room.address == BEGUN:
            self._put_address(room, None)
            words = MADE_PERHAPS.format(topic=topic_of(room.name))
            raise Undelivered(words, permanent=True)
        address = room.address or self._made(room)
        self.chats.install(address)
        return address

    def _made(self, room: Place) -> str:
        """A new chat of the whole team: Teams adds nobody to one that began with two."""
        people = []
        for person_id in self._team(room):
            try:
                people.append(self.knowing.directory_id(person_id))
            except Undelivered as no:
                if not no.permanent:
                    raise  # whoever cannot be found is reported when they are let in
        self._put_address(room, BEGUN)
        try:
            address = self.chats.make(topic_of(room.name), list(dict.fromkeys(people)))
        except Undelivered as no:
            if no.unknown:
                raise Undelivered(no.why) from None  # looked at again, and then it says so
            self._put_address(room, None)
            raise
        self._put_address(room, address)
        return address

    def _team(self, room: Place) -> list[int]:
        with self.database.reading() as session:
            found = rooms.of_number(session, room.room_id)
            lead = found.taf.lead_id if found.taf else None
            there = [one.id for one in rooms_in_step.team(session, found)]
            return sorted(there, key=lambda one: one != lead)

    def _put_address(self, room: Place, address: str | None) -> None:
        self.database.write(lambda session: rooms.put_address(session, room.room_id, address))

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Let a person in; one who is in already is no fault."""
        address = self._address(room)
        self._check_app(room, address)
        if self.changes_members():
            self.rooms.add(address, self.knowing.directory_id(person_id))
            self.knowing.inside(address, at)  # Teams' own name for them is known from now on
            return
        inside = self.knowing.inside(address, at)
        if self.knowing.account(person_id) not in inside:
            raise Undelivered(ADD_THEM, permanent=True, by_hand=True)

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """Take a person out; one who is out already is no fault."""
        address = self._address(room)
        if not self.changes_members():
            if self.knowing.account(person_id) in self.knowing.inside(address, at):
                raise Undelivered(TAKE_THEM_OUT, permanent=True)
            return
        try:
            directory_id = self.knowing.directory_id(person_id)
        except Undelivered as no:
            if not no.permanent:
                raise
            return  # nobody whom we could have let in
        with self._unless_deleted(address):
            self.rooms.remove(address, directory_id)

    def put_out(self, room: Place, account: str) -> None:
        """Take out an account that has no place in the chat; one that is out is no fault."""
        address = self._address(room)
        try:
            directory_id = self.knowing.directory_id_of(account, address)
        except Refused as no:
            if no.status != GONE:
                raise
            return
        if directory_id is None:
            raise Undelivered(NOBODYS_NUMBER, lets_pass=True)
        self.rooms.remove(address, directory_id)

    def close_room(self, room: Place, at: datetime) -> None:  # noqa: ARG002
        """Take out everybody who can be: what was said stays with Microsoft, as it is kept there.

        Of a chat that was made by hand, look whether a person has done so.
        """
        address = self._address(room)
        if self.changes_members():
            with self._unless_deleted(address):
                self.rooms.empty(address)
            return
        seen = self.look(room.name, address)
        if not seen.wrong and seen.accounts:
            raise Undelivered(END_IT, permanent=True, by_hand=True)

    @contextmanager
    def _unless_deleted(self, address: str) -> Iterator[None]:
        """Nobody is in a chat that was deleted; one that the app was only taken out of stands.

        Graph may refuse both alike, but not the connector.
        """
        try:
            yield
        except Refused:
            try:
                self.calling.members(address, self.knowing.service(address))
            except Refused as no:
                if no.status == GONE:
                    return
            raise

    def look(self, name: str, address: str) -> Seen:
        """One of our rooms as it is now."""
        try:
            if self.opening and (wrong := self.opening.wrong(address)):
                return Seen(wrong=wrong)
            accounts = self.knowing.inside(address, self.calling.clock.now())
        except Refused as no:
            if no.status not in {GONE, FORBIDDEN}:
                raise
            return Seen(wrong="gone")
        return Seen(accounts, renamed=self._renamed(name, address))

    def name_room(self, room: Place) -> None:
        """Give the room its name back, where the assistant made it."""
        address = self._address(room)
        if self._renamed(room.name, address):
            self.rooms.rename(address, topic_of(room.name))

    def _renamed(self, name: str, address: str) -> bool:
        return self.changes_members() and self.rooms.topic(address) != topic_of(name)

    def pin(self, room: Place, message: str) -> None:
        """Nothing is pinned in a room on Teams."""

    def post(self, message: Outgoing) -> str:
        """Post a message, or edit the one it replaces; Teams' own name for it."""
        said = self._said(message)
        address, service = self._where(message)
        if message.to.room_id is not None:
            self._guard(message.to, address, message.at)
        message.check_in_time()
        if message.replaces:
            self._edit(address, service, message.replaces, said)
            return message.replaces
        return self.calling.send(address, service, said)

    def _edit(self, address: str, service: str, name: str, said: dict[str, Any]) -> None:
        try:
            self.calling.update(address, service, name, said)
        except Refused as no:
            if no.error != NOT_THERE:
                raise
            raise Undelivered(no.why, gone=True) from None

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """The messages of this delivery that Teams took; raises CannotLook without permission."""
        if message.replaces:
            return ()  # it can be edited again
        since = (message.attempt_at or message.at) - MARGIN
        mark = f'"{_mark(message.number)}"'
        try:
            chat = self._as_graph_has_it(message)
            found = list(self.chats.said(chat, since)) if chat else None
        except Undelivered as no:
            if not no.permanent:
                raise
            found = None
        if found is None:
            raise CannotLook
        return tuple(str(one["id"]) for one in found if mark in _content(one))

    def _as_graph_has_it(self, message: Outgoing) -> str | None:
        if message.to.room_id is not None:
            return self._address(message.to)
        return self.chats.personal(self.knowing.directory_id(message.to.person_id or 0))

    def _said(self, outgoing: Outgoing) -> dict[str, Any]:
        card = outgoing.card
        if outgoing.repeated:
            card = replace(card, lines=(Line((Span(AGAIN, strong=True),)), *card.lines))
        drawn = str(outgoing.number)
        said = activity(card, self.naming.label, self.naming.form, drawn)
        body = said["attachments"][0]["content"]["body"]
        body[0] = body[0] | {"id": _mark(outgoing.number)}
        return said

    def _where(self, message: Outgoing) -> tuple[str, str]:
        if message.to.room_id is None:
            return self.knowing.personal(message.to, message.at)
        address = self._address(message.to)
        return address, self.knowing.service(address)

    def _address(self, room: Place) -> str:
        if room.address is None or room.address.startswith(BEGUN):
            raise Undelivered("The room has no chat on Teams.", permanent=True)
        return str(room.address)

    def _check_app(self, room: Place, address: str) -> None:
        """Nothing is done in a channel before the app was seen in it; raises Undelivered."""
        if self.opening and not self.knowing.is_seen(address):
            words = ADD_THE_APP.format(name=topic_of(room.name))
            raise Undelivered(words, permanent=True)

    def _guard(self, to: Place, address: str, at: datetime) -> None:
        """Say nothing where somebody reads it who is not on the team.

        Where we may, we take them out first: this message would hold up the delivery that does.
        """
        if self.opening:
            self._check_app(to, address)
            self.opening.check(address)
        strangers = self._strangers(to, address, at)
        for account in strangers if self.changes_members() else ():
            self._tell_of_a_stranger(to, at)
            self._put_out_first(to, account)
        if strangers and (not self.changes_members() or self._strangers(to, address, at)):
            raise Undelivered(STRANGERS, lets_pass=True)

    def _strangers(self, to: Place, address: str, at: datetime) -> tuple[str, ...]:
        inside = self.knowing.inside(address, at)
        with self.database.reading() as session:
            room = rooms.of_number(session, to.room_id)
            by_hand = not self.changes_members()
            return rooms_in_step.compare(session, room, inside, at, by_hand=by_hand).strangers

    def _put_out_first(self, to: Place, account: str) -> None:
        """Take somebody out; where Teams does not let us, the message waits until a person has."""
        try:
            self.put_out(to, account)
        except Undelivered as no:
            if not no.permanent:
                raise
            raise Undelivered(STRANGERS, lets_pass=True) from None

    def _tell_of_a_stranger(self, to: Place, at: datetime) -> None:
        """Whoever minds the room hears that somebody was in it: nobody else saw them there."""
        policy = self.naming.policy
        days = WorkingDays.of(policy)

        def work(session: Any) -> None:
            room = rooms.of_number(session, to.room_id)
            rooms_in_step.tell_astray(session, room, "stranger", "", at, policy, days)

        self.database.write(work)


def _mark(number: int) -> str:
    """How a message carries the number of its delivery, which nobody sees."""
    return f"delivery-{number}"


def _content(found: dict[str, Any]) -> str:
    """What Graph gives of a message's cards: text of JSON, in which quotes may stand escaped."""
    cards = (str(one.get("content") or "") for one in found.get("attachments") or ())
    return "".join(cards).replace("\\", "")
