"""The record itself: every event done, every command audited, no row without what it hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from storage.auditing import hanging_on_nothing, last_delivery
from storage.subjects import find
from tests.reliability.checks.history import History, named


def every_event_is_done(history: History) -> Iterator[str]:
    """What came in has been worked on, or is dead with a reason; done, it keeps no body."""
    for one in history.inbox:
        if one.state not in {"done", "dead"}:
            yield f"event {one.key} came in and is still {one.state}"
        elif one.state == "dead" and not one.why:
            yield f"event {one.key} is dead without a reason"
        elif one.state == "done" and one.body is not None:
            yield f"event {one.key} is done and its body was kept"


def _key(person: int | None, command: str | None, about: str | None) -> tuple[Any, ...]:
    return person, command, about


def every_command_has_its_audit_line(history: History) -> Iterator[str]:
    """As many lines in the audit as presses that were done, and no press without a line."""
    audited = Counter(
        _key(one.person_id, one.command, one.about)
        for one in history.audit
        if one.entry == "command"
    )
    done = Counter(
        _key(one.person_id, one.command, (one.answer or {}).get("about") or one.about)
        for one in history.inbox
        if one.state == "done" and one.command and _was_done(one)
    )
    for key in audited.keys() | done.keys():
        if audited[key] < done[key]:
            yield f"{key} was done {done[key]} times, and the audit has {audited[key]} of it"
        elif audited[key] > done[key]:
            yield f"the audit has {audited[key]} of {key}, and the inbox {done[key]}"


def _was_done(event: Any) -> bool:
    answer = event.answer or {}
    return not answer.get("refused") and not answer.get("fault")


def states_follow_from_the_audit(history: History) -> Iterator[str]:
    """Each subject's moves join on to each other, and the last one leads to where it is."""
    at: dict[str, str] = {}
    for entry in history.audit:
        if entry.entry != "state" or not entry.about:
            continue
        before = at.get(entry.about)
        if before is not None and before != entry.facts["from"]:
            yield f"{entry.about} went from {entry.facts['from']}, but it was {before}"
        at[entry.about] = entry.facts["to"]
    for ref, state in at.items():
        subject = find(history.session, ref)
        if subject is None:
            yield f"the audit tells of {ref}, which is not there"
        elif subject.state != state:
            yield f"{ref} is {subject.state}, but the audit left it {state}"


def no_orphans(history: History) -> Iterator[str]:
    """Every row hangs on rows that are there."""
    if history.session.get_bind().dialect.name == "sqlite":
        for row in history.session.execute(text("PRAGMA foreign_key_check")):
            yield f"a row of {row[0]} hangs on a row of {row[2]} that is not there"
        for (found,) in history.session.execute(text("PRAGMA integrity_check")):
            if found != "ok":
                yield f"the file is damaged: {found}"
    for number in hanging_on_nothing(history.session, 1, last_delivery(history.session)):
        yield f"{named(history.deliveries[number])} hangs on nothing"
    for delivery in history.deliveries.values():
        if delivery.about and find(history.session, delivery.about) is None:
            yield f"{named(delivery)} is about {delivery.about}, which is not there"


def rooms_are_as_the_record_says(history: History) -> Iterator[str]:
    """Who is inside on the platform is who the record says, and what is closed is closed."""
    there = {one["address"]: one for one in history.platform.get("rooms", [])}
    for room in history.rooms.values():
        found = there.get(room.address or "")
        if found is None:
            if room.state in {"open", "closed"} and history.platform:
                yield f"room {room.name} is {room.state} in the record, and the platform has none"
            continue
        inside = {one.person_id for one in room.admissions if one.removed_at is None}
        if inside != set(found["members"]):
            yield f"room {room.name} holds {found['members']}, the record says {sorted(inside)}"
        if found["closed"] != (room.state == "closed"):
            yield f"room {room.name} is {room.state} in the record, and not so on the platform"
