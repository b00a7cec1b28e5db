"""Remove a practitioner from the team."""

from messages.form import Field, Form

FORM = Form(
    "Remove from the team",
    "Remove a practitioner from the team",
    (Field("why", "Why", longest=500, named="reason"),),
    intro="They leave the room at once.",
    submit="Remove from the team",
)
