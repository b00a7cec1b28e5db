"""Putting off your own reminder of an action."""

from messages.form import Field, Form

FORM = Form(
    "Remind me later",
    fields=(Field("until", "Remind me on", "date", named="day to remind you"),),
)
