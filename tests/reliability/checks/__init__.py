"""The history checker: what the platform took, held against what the record says, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from storage.database import Database
from tests.reliability.checks import conversations, endings, lanes, messages, record, slots
from tests.reliability.checks.history import History
from workflows.policy import Policy

Check = Callable[[History], Iterator[str]]

OF_THE_RECORD: tuple[Check, ...] = (
    messages.every_other_end_has_its_reason,
    messages.each_item_is_said_in_one_digest,
    lanes.nothing_due_is_left,
    lanes.no_lane_sleeps_over_its_work,
    lanes.no_lease_is_left,
    lanes.what_waits_has_a_digest_coming,
    slots.each_slot_at_most_once,
    slots.no_slot_was_skipped,
    slots.nothing_due_was_not_looked_at,
    record.every_event_is_done,
    record.every_command_has_its_audit_line,
    record.states_follow_from_the_audit,
    record.no_orphans,
)
"""What the record shows by itself, whatever platform it speaks to."""

CHECKS: tuple[Check, ...] = (
    messages.each_sent_delivery_has_its_one_message,
    messages.nothing_was_said_that_the_record_does_not_know,
    messages.each_room_was_made_once,
    conversations.in_order,
    endings.nothing_after_its_subject_ended,
    endings.nothing_in_a_closed_room,
    *OF_THE_RECORD,
    record.rooms_are_as_the_record_says,
)
"""Everything that must hold once all is quiet, whatever was done to it before."""


def wrong(history: History, those: Sequence[Check] = CHECKS) -> list[str]:
    """One sentence for each thing that is not as it should be; none means that all is well."""
    return [sentence for check in those for sentence in check(history)]


def wrong_in_the_record(database: Database, now: datetime, policy: Policy) -> list[str]:
    """The same where there is only the record to look at, at its own moment."""
    with database.reading() as session:
        return wrong(History([], session, now, policy), OF_THE_RECORD)
