"""What the assistant remembers: one noun, one file."""

from storage import (
    assessments,
    audit,
    consents,
    families,
    inbox,
    indicators,
    meetings,
    outbox,
    people,
    plan,
    reviews,
    rooms,
    settings,
    subjects,
    supervision,
    team,
)

__all__ = [
    "assessments",
    "audit",
    "consents",
    "families",
    "inbox",
    "indicators",
    "meetings",
    "outbox",
    "people",
    "plan",
    "reviews",
    "rooms",
    "settings",
    "subjects",
    "supervision",
    "team",
]
