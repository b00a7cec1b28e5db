"""Recording that the plan was agreed."""

from messages.form import Field, Form

FORM = Form(
    "The plan is agreed",
    "Record that the family and the team agreed the plan",
    (Field("agreed_on", "Agreed on", "date", named="date"),),
)
