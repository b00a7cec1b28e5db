"""What every platform can do, and how it says that it could not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.clock import steady
from messages.card import Card


class Undelivered(Exception):
    """The platform did not take it: asking again later may help, unless it is `permanent`.

    `unknown`: it may have been taken; look before sending again. `wait`: for how long nothing
    more is welcome; `spares_others`: that is so of one method, or by our own pace, and no sign that
    the whole workspace is full. `locked_out`: it no longer knows us (a token was revoked),
    which is no fault of this message. `by_hand`: nothing went wrong, a person has to do it, and
    `why` tells them what. `lets_pass`: while it waits, people are taken out and the room is closed
    all the same. `gone`: the message that it was to replace is not there any more, so next time it
    is a new one.
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        wait: timedelta | None = None,
        spares_others: bool = False,
        locked_out: bool = False,
        by_hand: bool = False,
        lets_pass: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(why)
        self.why, self.permanent, self.unknown = why, permanent, unknown
        self.wait, self.locked_out, self.by_hand = wait, locked_out, by_hand
        self.lets_pass, self.gone, self.spares_others = lets_pass, gone, spares_others


class CannotLook(Undelivered):
    """The platform does not let us see which messages it took in this place."""

    def __init__(self) -> None:
        super().__init__("It may have arrived, and nobody can look.", unknown=True)


@dataclass(frozen=True)
class Place:
    """Where something goes: a room, or one person. Ids are ours; the address the platform's."""

    room_id: int | None
    person_id: int | None
    name: str
    address: str | None


@dataclass(frozen=True)
class Outgoing:
    """One message on its way: its number is the same on every attempt.

    `attempt_at` is when the attempt that may have been taken began: where to look for it.
    `repeated`: it may have arrived before, and nobody can look; it says so. `begin_by` is by the
    steady clock: whoever is later may not be the only one who sends it.
    """

    number: int
    to: Place
    card: Card
    at: datetime
    replaces: str | None = None
    notice: str = ""
    rule: str | None = None
    attempt_at: datetime | None = None
    repeated: bool = False
    begin_by: float = math.inf

    def check_in_time(self) -> None:
        """That it may still be sent, after all that was asked before; raises Undelivered."""
        if steady() > self.begin_by:
            raise Undelivered("The platform was too slow with what is asked before a message.")


@dataclass(frozen=True)
class Limits:
    """What a platform stands, and what it can be asked.

    `pace` is the least time between the starts of two messages in one place, 30 ms more than the
    platform asks for: what a message's way there may vary; `per_second` and
    `burst` are for the whole workspace, where it has such a limit. `settles` is how long after
    an attempt began it may still be taken: our time-out, and the platform's own delay. `looks`
    says whether the platform can be asked which messages it took. `fixed`: a message keeps the
    buttons it was sent with, so it is sent with those that may be pressed then, and no others.
    `by_hand`: people make its rooms, and the assistant tells them to. `fewest`: a room takes so
    many people at least.
    """

    pace: timedelta = timedelta(0)
    per_second: float | None = None
    burst: int = 1
    settles: timedelta = timedelta(0)
    looks: bool = True
    fixed: bool = False
    by_hand: bool = False
    fewest: int = 1


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do for the people on it, as it is now; docs/platforms.md is made of it.

    `called` names it there, and `room` is what a family's room is on it. Each of the others is
    whether it can, or how far, in words. `most_buttons` is for one card, None without a limit.
    `looks`: whether it can be asked which messages it took.
    """

    called: str
    room: str
    for_real_work: bool | str
    makes_rooms: bool | str
    changes_members: bool | str
    silent_before_strangers: bool | str
    restores_names: bool | str
    closes_rooms: bool | str
    edits: bool | str
    pins: bool | str
    private_answers: bool | str
    typed_words: bool | str
    message_action: bool | str
    home: bool | str
    errors_at_questions: bool | str
    asks_as_answered: bool | str
    keeps_unsent: bool | str
    searches_lists: bool | str
    most_buttons: int | None
    looks: Literal["always", "with a permission", "never"]


class Platform(Protocol):
    """A chat platform, or the web. Several threads call it at once.

    Every method raises Undelivered when the platform says no or does not answer. Room operations
    do nothing where what they ask for is so already: they may be asked for again.
    """

    name: str
    limits: Limits

    def open_room(self, room: Place, number: int) -> str:
        """Make the private room, or fail; its address."""

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        """Let a person in; one who is in already is no fault."""

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        """Take a person out; one who is out already is no fault."""

    def put_out(self, room: Place, account: str) -> None:
        """Take out an account that has no place in the room; one that is out is no fault."""

    def name_room(self, room: Place) -> None:
        """Give the room its own name, and its topic where it has one."""

    def close_room(self, room: Place, at: datetime) -> None:
        """Close the room for good."""

    def post(self, message: Outgoing) -> str:
        """Post a message, or edit the one it replaces; the platform's own name for it."""

    def pin(self, room: Place, message: str) -> None:
        """Keep a message of ours in sight, where the platform can; `message` is its name there."""

    def find(self, message: Outgoing) -> tuple[str, ...]:
        """The names of the messages that were taken of this delivery: none, one, or too many.

        Raises CannotLook where the platform does not let us see them in this place.
        """
