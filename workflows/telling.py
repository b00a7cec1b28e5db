"""Puts what is to be said, and what is to happen to rooms, in the outbox of this transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from storage import lanes, outbox, people, rooms
from workflows.doing import Doing
from workflows.notice import Notice
from workflows.queueing import ToTell, queue_at_once, queue_for_digests

TO_THE_LEAD = "lead:"
"""How the key of what is told to whoever leads begins; then comes whose press it was."""


def _key_of_its_own(*parts: str) -> str:
    """A key for what a press brings about: the inbox lets a press happen once, so this may."""
    return ":".join((*parts, uuid4().hex))


def values_of(notice: Notice, subject: Any) -> dict[str, Any]:
    """What a notice is in its row of the outbox; `subject` belongs to a family, or to none."""
    taf = subject.taf if subject is not None else None
    return {
        "notice": notice.stem(),
        "rule": None,
        "slot": None,
        "facts": notice.facts,
        "about": notice.about,
        "taf_id": taf.id if taf is not None else None,
    }


def tell(
    doing: Doing,
    person: Any,
    notice: Notice,
    subject: Any,
    *,
    cannot_wait: bool = False,
    until: datetime | None = None,
    as_: str = "",
) -> None:
    """Tell one practitioner something that a press brought about; never the presser.

    `as_` begins its key, where it is told to whoever has some part.
    """
    if person is None or person.id == doing.person.id:
        return
    key = _key_of_its_own(f"{as_}{notice.stem()}", notice.about, person.ref)
    telling = ToTell(person, key, doing.now, until, values_of(notice, subject))
    if cannot_wait:
        queue_at_once(doing.session, [telling], doing.now, doing.days)
    else:
        queue_for_digests(doing.session, [telling], doing.now, doing.policy, doing.days)


def tell_role(doing: Doing, role: str, notice: Notice, subject: Any, **how: Any) -> None:
    """Tell everybody who holds a role."""
    for person in people.with_role(doing.session, role):
        tell(doing, person, notice, subject, **how)


def tell_lead(doing: Doing, notice: Notice, subject: Any, **how: Any) -> None:
    """Tell the Lead Professional; while there is none, the co-ordinators."""
    for person in _leading(doing, subject.taf):
        tell(doing, person, notice, subject, as_=f"{TO_THE_LEAD}{doing.person.id}:", **how)


def _leading(doing: Doing, taf: Any) -> list[Any]:
    return [taf.lead] if taf.lead else people.with_role(doing.session, "co-ordinator")


def hand_on(doing: Doing, taf: Any) -> None:
    """What the one who led was still to be told as the lead, whoever leads now hears too."""
    heard = {one.person_id for one in taf.team}
    heard |= {one.id for one in people.with_role(doing.session, "co-ordinator")}
    unsaid = [
        one
        for one in outbox.unsaid(doing.session, taf.id, heard)
        if one.dedup_key.startswith(TO_THE_LEAD)
    ]
    leading = _leading(doing, taf)
    told = {(one.to, one.notice, one.about, str(one.facts)) for one in unsaid}
    for one in unsaid:
        presser = one.dedup_key.removeprefix(TO_THE_LEAD).partition(":")[0]
        for person in leading:
            same = (person.id, one.notice, one.about, str(one.facts))
            if same in told or str(person.id) == presser:
                continue
            told.add(same)
            key = _key_of_its_own(f"{TO_THE_LEAD}{presser}:{one.notice}", one.about, person.ref)
            row = {"notice": one.notice, "rule": None, "slot": None, "facts": one.facts}
            row |= {"about": one.about, "taf_id": taf.id}
            telling = [ToTell(person, key, doing.now, one.expires_at, row)]
            if one.state == "ready":
                queue_at_once(doing.session, telling, doing.now, doing.days)
            else:
                queue_for_digests(doing.session, telling, doing.now, doing.policy, doing.days)


def post(doing: Doing, notice: Notice, subject: Any, *, card: bool = False) -> None:
    """Post in the family's room; a `card` is edited in place when its subject moves on.

    Whoever of the team is on another platform, and so not in the room, reads it in their digest;
    of a card they hear what is theirs by itself.
    """
    room = subject.taf.room
    if room is None or room.state == "closed":
        return
    _post(doing, room, notice, subject, f"card:{subject.ref}" if card else None)
    if room.state == "open" and not card:
        for person in _elsewhere(room):
            tell(doing, person, notice, subject)


def _elsewhere(room: Any) -> list[Any]:
    """The team's members who cannot be in its room: it is on another platform than they are."""
    inside = {one.id for one in room.inside}
    team = [one.person for one in room.taf.team if one.state == "joined"]
    return [one for one in team if one.platform != room.platform and one.id not in inside]


def post_to_supervisors(doing: Doing, notice: Notice, subject: Any) -> None:
    """Post in the supervisors' room; where they are too few for one, they hear it by themselves."""
    room = rooms.supervisors_room(doing.session, doing.office.rooms_on)
    if room.state == "asked":
        supervisors = people.with_role(doing.session, "supervisor")
        if 0 < len(supervisors) < doing.office.fewest_inside:
            for person in supervisors:
                tell(doing, person, notice, subject, cannot_wait=True)
            return
        _operate(doing, room, "open")
        for person in supervisors:
            _operate(doing, room, "admit", person)
        room.state = "opening"
    _post(doing, room, notice, subject, f"card:{subject.ref}")


def _post(doing: Doing, room: Any, notice: Notice, subject: Any, card_key: str | None) -> None:
    key = _key_of_its_own(notice.stem(), notice.about, f"room-{room.id}")
    outbox.queue(
        doing.session,
        lanes.lane_for(doing.session, room_id=room.id),
        key,
        operation="post",
        made_at=doing.now,
        available_at=doing.now,
        card_key=card_key,
        **values_of(notice, subject),
    )


def _operate(doing: Doing, room: Any, operation: str, person: Any = None) -> None:
    who = person.id if person else ""
    outbox.queue(
        doing.session,
        lanes.lane_for(doing.session, room_id=room.id),
        _key_of_its_own(f"room-{room.id}", operation, str(who)),
        operation=operation,
        made_at=doing.now,
        available_at=doing.now,
        taf_id=room.taf_id,
        person_id=who or None,
    )


def open_room(doing: Doing, taf: Any) -> None:
    """Ask for a private room for a family, named by its opaque reference alone."""
    number = len(taf.family.tafs)
    name = taf.reference if number == 1 else f"{taf.reference}-{number}"
    taf.room = doing.add(rooms.Room(name=name, taf_id=taf.id, platform=doing.office.rooms_on))
    _operate(doing, taf.room, "open")


def admit(doing: Doing, taf: Any, person: Any) -> None:
    """Let a practitioner into the family's room."""
    _operate(doing, taf.room, "admit", person)


def remove(doing: Doing, taf: Any, person: Any) -> None:
    """Take a practitioner out of the family's room."""
    _operate(doing, taf.room, "remove", person)


def admit_supervisor(doing: Doing, person: Any) -> None:
    """Let somebody into the supervisors' room, where it has been asked for."""
    _to_supervisors(doing, "admit", person)


def remove_supervisor(doing: Doing, person: Any) -> None:
    """Take somebody out of the supervisors' room."""
    _to_supervisors(doing, "remove", person)


def _to_supervisors(doing: Doing, operation: str, person: Any) -> None:
    room = rooms.named(doing.session, rooms.SUPERVISION)
    if room is not None and room.state != "asked":
        _operate(doing, room, operation, person)


def close_room(doing: Doing, taf: Any) -> None:
    """Close the family's room for good."""
    _operate(doing, taf.room, "close")
