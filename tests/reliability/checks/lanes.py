"""The lanes once all is quiet: nothing due is left, nothing is slept over, nobody holds one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.reliability.checks.history import History, named

OPEN = frozenset({"ready", "sending", "unknown"})
STATES = OPEN | {"waiting", "sent", "cancelled", "superseded", "dead"}


def nothing_due_is_left(history: History) -> Iterator[str]:
    """Everything whose time has come has ended."""
    for delivery in history.deliveries.values():
        if delivery.state not in STATES:
            yield f"{named(delivery)} is in no state that there is"
        elif delivery.state in {"sending", "unknown"}:
            yield f"{named(delivery)} was begun and never ended"
        elif delivery.state == "ready" and delivery.available_at <= history.now:
            yield f"{named(delivery)} is due and was not sent"


def no_lane_sleeps_over_its_work(history: History) -> Iterator[str]:
    """A lane with something to send wakes when that is due."""
    for lane in history.lanes.values():
        due = [
            one.available_at
            for one in history.deliveries.values()
            if one.lane_id == lane.id and one.state in OPEN
        ]
        if due and lane.next_at is None:
            yield f"lane {lane.id} has {len(due)} to send and never wakes"
        elif due and lane.next_at is not None and lane.next_at > max(min(due), history.now):
            yield f"lane {lane.id} sleeps over what is due at {min(due)}"


def no_lease_is_left(history: History) -> Iterator[str]:
    """Whoever held a lane let it go."""
    for lane in history.lanes.values():
        if lane.lease_until is not None or lane.owner is not None:
            yield f"lane {lane.id} is still held by {lane.owner}"


def what_waits_has_a_digest_coming(history: History) -> Iterator[str]:
    """No notice waits for a digest that never comes."""
    coming = {
        one.lane_id: one.available_at
        for one in history.deliveries.values()
        if one.operation == "digest" and one.state == "ready"
    }
    for delivery in history.deliveries.values():
        if delivery.state == "waiting" and delivery.lane_id not in coming:
            yield f"{named(delivery)} waits for a digest that nobody queued"
