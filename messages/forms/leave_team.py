"""Leave the team."""

from messages.form import Field, Form

FORM = Form(
    "Leave the team",
    fields=(Field("why", "Why", longest=500, named="reason"),),
    intro="You leave the room at once and get no more reminders about this family.",
)
