"""Every reminder the assistant gives, in the order of a family's story."""

from workflows.reminders import (
    action_due,
    action_due_soon,
    action_overdue,
    assessment_late,
    consent_missing,
    first_taf_late,
    meeting_not_recorded,
    meeting_soon,
    meeting_tomorrow,
    no_lead_professional,
    reading_wanted,
    reply_missing,
    review_coming,
    review_late,
)
from workflows.rule import Rule

RULES: tuple[Rule, ...] = (
    no_lead_professional,
    consent_missing,
    assessment_late,
    first_taf_late,
    reply_missing,
    meeting_tomorrow,
    meeting_soon,
    meeting_not_recorded,
    action_due_soon,
    action_due,
    action_overdue,
    reading_wanted,
    review_coming,
    review_late,
)
