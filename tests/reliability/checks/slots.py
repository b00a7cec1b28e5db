"""The rules' slots: each said at most once for ever, and none passed over in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from storage.subjects import KINDS
from tests.reliability.checks.history import History
from workflows.sweep import SUBJECTS, come, newest

A_SWEEP = timedelta(minutes=5)
"""A subject whose time came longer ago than this was forgotten."""


def each_slot_at_most_once(history: History) -> Iterator[str]:
    """One delivery for a rule, its subject, its slot and a person; under that very key."""
    times: Counter[str] = Counter()
    for delivery in history.deliveries.values():
        if delivery.rule is not None:
            to = history.lanes[delivery.lane_id].person_id
            key = f"{delivery.rule}:{delivery.about}:{delivery.slot}:{to}"
            times[key] += 1
            if delivery.dedup_key != key:
                yield f"delivery {delivery.id} goes by {delivery.dedup_key}, not by {key}"
    yield from (f"slot {key} was queued {count} times" for key, count in times.items() if count > 1)


def _subjects(history: History) -> Iterator[Any]:
    for kind in SUBJECTS:
        yield from history.rows(KINDS[kind])


def no_slot_was_skipped(history: History) -> Iterator[str]:
    """What the rules say now of each subject is in the outbox, since it last changed."""
    keys = {one.dedup_key for one in history.deliveries.values()}
    changed = _last_changes(history)
    for subject in _subjects(history):
        if subject.unheard_since is not None:
            continue
        since = changed.get(subject.taf.id)
        for due in newest(
            come(history.session, subject, history.now, history.policy, history.days)
        ):
            if since is not None and due.moment > since and due.moment < history.now - A_SWEEP:
                key = due.key(subject.ref)
                if key not in keys:
                    yield f"slot {key} came at {due.moment} and was never queued"


def _last_changes(history: History) -> dict[int, datetime]:
    """When anything was last done in the work with each family."""
    found: dict[int, datetime] = {}
    for entry in history.audit:
        if entry.taf_id is not None and entry.entry == "command":
            found[entry.taf_id] = max(entry.at, found.get(entry.taf_id, entry.at))
    return found


def nothing_due_was_not_looked_at(history: History) -> Iterator[str]:
    """Every subject whose time has come was looked at."""
    for subject in _subjects(history):
        when = subject.look_again_at
        if when is not None and when < history.now - A_SWEEP:
            yield f"{subject.ref} should have been looked at at {when}"
