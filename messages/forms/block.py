"""Saying that an action is blocked."""

from messages.form import Field, Form, choices

FORM = Form(
    "Blocked",
    "What is in the way?",
    (
        Field(
            "blocked_by",
            "By whom or what",
            "choice",
            choices=choices("Waiting list", "Another agency", "The family", "Money", "Other"),
            named="thing in the way",
        ),
        Field("words", "What is in the way", "words", longest=500, named="explanation"),
    ),
)
