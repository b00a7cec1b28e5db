"""Asking for more time."""

from messages.form import Field, Form

FORM = Form(
    "Ask for more time",
    fields=(
        Field("due_on", "New date", "date"),
        Field("reason", "Why", "words", longest=500, named="reason"),
    ),
    done="The new date is set and the Lead Professional is told.",
)
