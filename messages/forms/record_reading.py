"""Recording a reading of an indicator."""

from messages.form import Field, Form

FORM = Form(
    "Record a reading",
    fields=(
        Field(
            "value",
            "Reading",
            required=False,
            longest=20,
            hint="A number, an amount, or yes or no. Leave blank if it is not known",
        ),
        Field(
            "not_known",
            "Not known",
            "yes_no",
            required=False,
            hint="Not known is kept as not known, never as 0",
            named="answer about not knowing",
        ),
        Field("on", "On", "date", named="date of the reading"),
        Field("evidence", "Evidence", "words", required=False, longest=500),
    ),
)
