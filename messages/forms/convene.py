"""Convening a team around a family."""

from messages.form import Field, Form
from messages.forms._shared import (
    ASSESSMENTS,
    CHAT_TO_MAKE,
    CRITERIA,
    MEMBER,
    PLANS,
    PRACTITIONERS,
    REFERENCE,
)

FORM = Form(
    "Convene a TAF",
    "Convene a team around a family",
    (
        REFERENCE,
        Field("members", "The family", "list", fields=MEMBER, named="family members"),
        PRACTITIONERS,
        Field(
            "lead_professional",
            "Lead Professional",
            "choice",
            required=False,
            choices="practitioners",
            named="Lead Professional",
            hint="Leave blank if nobody has agreed yet: the co-ordinators are told",
        ),
        *CRITERIA,
        Field(
            "assessment", "Assessment to begin today", "choice", required=False, choices=ASSESSMENTS
        ),
        Field("statutory_plan", "Linked statutory plan", "choice", choices=PLANS, start="none"),
    ),
    intro="A private room opens for the family, under its reference and no other name.",
    submit="Open the room",
    done="The room is open.",
    done_by_hand=CHAT_TO_MAKE,
)
