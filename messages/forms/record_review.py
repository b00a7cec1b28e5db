"""Recording a review."""

from messages.form import Choice, Field, Form, choices, when

FORM = Form(
    "Record a review",
    fields=(
        Field(
            "mode",
            "How it was done",
            "choice",
            choices=(
                Choice("meeting", "In a meeting"),
                Choice("collated", "Updates collated, then gone through with the family"),
                Choice("call", "By phone"),
            ),
            named="kind of review",
        ),
        Field(
            "meeting",
            "Which meeting",
            "choice",
            required=False,
            choices="held_meetings",
            named="meeting",
            only_if=when("mode", "meeting"),
        ),
        Field("on", "Reviewed on", "date", named="date of the review"),
        Field(
            "progress",
            "Progress",
            "choice",
            choices=choices("None", "Some", "Good", "Worse"),
        ),
        Field(
            "decision",
            "Decision",
            "choice",
            choices=choices("Continue", "Close", "Step up"),
        ),
        Field("words", "What was said and decided", "words", named="summary"),
        Field(
            "next_on",
            "Next review by",
            "date",
            required=False,
            hint="Blank for the usual time",
            named="next review",
        ),
    ),
)
