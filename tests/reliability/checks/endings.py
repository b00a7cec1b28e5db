"""What is over is over: no reminder after its subject ended, no message in a closed room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from storage.outbox import Delivery
from storage.subjects import find
from tests.reliability.checks.history import A_MOMENT, History, at, named
from workflows.sending import AFTER_THE_END

ENDS = frozenset({"done", "withdrawn", "cancelled", "closed", "answered"})
"""The states in which nobody is reminded of anything."""


def nothing_after_its_subject_ended(history: History) -> Iterator[str]:
    """A person hears of nothing whose work was closed, nor is reminded of what was done.

    Allowed is what was being sent already: its attempt began before, give or take the moment
    that two transactions may overlap. The few notices that tell of the end itself are allowed,
    and a room is told in order what happened in it, until it closes.
    """
    ends = _ends(history)
    for delivery in history.deliveries.values():
        if history.lanes[delivery.lane_id].person_id is None or delivery.notice in AFTER_THE_END:
            continue
        ended = _ended(history, delivery, ends)
        carrier = _carrier(history, delivery)
        if ended is None or carrier is None:
            continue
        for line in history.accepted_of[carrier.id]:
            began = min(carrier.attempt_at or at(line), at(line))
            if began > ended + A_MOMENT:
                yield f"{named(delivery)} was said after {delivery.about} had ended"


def _ends(history: History) -> dict[str, list[tuple[datetime, bool]]]:
    """When each subject ended, and when it was opened again, as the audit has it."""
    found: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for entry in history.audit:
        if entry.entry == "state" and entry.about:
            found[entry.about].append((entry.at, entry.facts["to"] in ENDS))
    return found


def _ended(
    history: History, delivery: Delivery, ends: dict[str, list[tuple[datetime, bool]]]
) -> datetime | None:
    """Since when a delivery's subject is over: its work with the family, or it itself."""
    subject = find(history.session, delivery.about or "")
    taf = getattr(subject, "taf", None)
    about = [taf.ref] if taf is not None else []
    if delivery.rule is not None and delivery.about:
        about.append(delivery.about)
    moments = [ends[ref][-1][0] for ref in about if ends.get(ref) and ends[ref][-1][1]]
    return min(moments, default=None)


def _carrier(history: History, delivery: Delivery) -> Delivery | None:
    """The delivery whose message said it: its own, or the digest that took it over."""
    if delivery.state == "sent":
        return delivery
    if delivery.state != "superseded":
        return None
    for one in history.deliveries.values():
        if one.operation == "digest" and one.state == "sent" and delivery.id in one.items:
            return one
    return None


def nothing_in_a_closed_room(history: History) -> Iterator[str]:
    """The platform would refuse it; so would anybody who reads the log."""
    closed: set[str] = set()
    for line in history.log:
        if line["status"] != 200:
            continue
        if line["operation"] == "close":
            closed.add(line["place"])
        elif line["place"] in closed:
            yield f"something was done in {line['place']} after it had closed"
