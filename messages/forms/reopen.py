"""Opening an action again."""

from messages.form import Field, Form

FORM = Form(
    "Open again",
    fields=(Field("due_on", "Due date", "date"),),
)
