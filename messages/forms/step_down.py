"""Stepping a family down from a statutory plan into a TAF."""

from messages.form import Field, Form
from messages.forms._shared import (
    CHAT_TO_MAKE,
    CRITERIA,
    LISTS,
    MEMBER,
    MODES,
    PLANS,
    PRACTITIONERS,
    REFERENCE,
)

CARRIED = (
    Field("words", "What is still to be done", "words", longest=500, named="action"),
    Field("list", "Which list", "choice", choices=LISTS, start="family_plan", named="list"),
    Field("owner", "Who will do it", "choice", choices="practitioners", named="owner"),
    Field("due_on", "Due date", "date"),
)

FORM = Form(
    "Step down into a TAF",
    "Step a family down into a team around the family",
    (
        REFERENCE,
        Field(
            "stepped_down_from",
            "Stepped down from",
            "choice",
            choices=PLANS[1:],
            named="plan they step down from",
        ),
        Field("members", "The family", "list", fields=MEMBER, named="family members"),
        PRACTITIONERS,
        Field(
            "lead_professional",
            "Lead Professional",
            "choice",
            required=False,
            choices="practitioners",
            named="Lead Professional",
        ),
        Field(
            "lead_by",
            "If nobody leads yet, a Lead Professional by",
            "date",
            required=False,
            named="date for a Lead Professional",
        ),
        CRITERIA[0],
        Field("actions", "Actions carried over", "list", fields=CARRIED, named="carried actions"),
        Field("first_on", "First TAF meeting on", "date", named="date of the first meeting"),
        Field("first_at", "At", "time", named="time of the first meeting"),
        Field("first_mode", "How", "choice", choices=MODES, named="kind of meeting"),
        Field("first_place", "Where, or the link", required=False, longest=300, named="place"),
    ),
    submit="Open the room",
    done="The room is open.",
    done_by_hand=CHAT_TO_MAKE,
)
