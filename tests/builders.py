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


def record(attendance: dict[str, str], family: dict[str, str], **changes: Any) -> dict[str, Any]:
    """The form that records a meeting: who came, and the child's voice."""
    return {
        "attendance": [{"who": who, "attendance": kind} for who, kind in attendance.items()],
        "family": [{"who": who, "attendance": kind} for who, kind in family.items()],
        "child_voice": "in_the_meeting",
        "child_voice_words": "I want to see my friends more",
    } | changes


def indicator(measure: str, **changes: Any) -> dict[str, Any]:
    """The form that chooses an indicator."""
    return {
        "measure": measure,
        "history": "Ten times in the last year",
        "forecast": "More, if nothing changes",
    } | changes


def review(**changes: Any) -> dict[str, Any]:
    """The form of a review by phone, on the day the world begins."""
    return {
        "mode": "call",
        "on": "2025-03-04",
        "progress": "some",
        "decision": "continue",
        "words": "Better mornings",
    } | changes


def closing(told: dict[str, dict[str, str]], **changes: Any) -> dict[str, Any]:
    """The form that closes the work; `told` says of each parent when, or why not."""
    return {
        "reason": "needs_met",
        "family_agreed": "yes",
        "team_agreed": "yes",
        "told": [{"who": who} | how for who, how in told.items()],
    } | changes


def help_wanted(**changes: Any) -> dict[str, Any]:
    """The form that says we are stuck."""
    return {"why": "no_change", "words": "Nothing moves since Christmas"} | changes
