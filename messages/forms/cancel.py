"""Cancelling a meeting."""

from messages.form import Field, Form

FORM = Form(
    "Cancel the meeting",
    fields=(Field("why", "Why", longest=500, named="reason"),),
    done="The meeting is cancelled.",
)
