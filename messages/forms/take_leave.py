"""Telling the assistant which days you are away."""

from messages.form import Field, Form

FORM = Form(
    "Days away",
    "Days you are away",
    (
        Field("first_day", "First day away", "date"),
        Field("last_day", "Last day away", "date"),
    ),
    intro="Reminders wait until you are back.",
)
