"""Small ready-made answers for the forms, to be changed where a test cares."""

from __future__ import annotations

from typing import Any


def family_member(label: str = "mother", **changes: Any) -> dict[str, Any]:
    """A row of the convening form about somebody in the family."""
    adult = not label.startswith(("child", "son", "daughter", "baby"))
    return {
        "label": label,
        "stage": "adult" if adult else "child",
        "age_band": "25+" if adult else "11-15",
        "lives": "here",
        "parental_responsibility": "yes" if adult else "no",
        "notice_on": "2025-03-03",
        "basis": "consent",
        "basis_on": "2025-03-03",
    } | changes


def convening(**changes: Any) -> dict[str, Any]:
    """The convening form, filled in for a mother and a child of 12."""
    return {
        "family": "F-1042",
        "members": [family_member("mother"), family_member("child 12")],
        "practitioners": [],
        "criteria": [],
        "statutory_plan": "none",
    } | changes


def action(owner: str, due_on: str = "2025-03-18", **changes: Any) -> dict[str, Any]:
    """The form of an action."""
    return {
        "words": "Ring the debt agency together",
        "list": "family_plan",
        "owner": owner,
        "due_on": due_on,
    } | changes


def meeting(invite: list[str], **changes: Any) -> dict[str, Any]:
    """The form that calls a meeting, a week after the world begins."""
    return {
        "purpose": "initial",
        "mode": "in_person",
        "on": "2025-03-11",
        "at": "14:00",
        "place": "The Willows centre",
        "invite": invite,
    } | changes
