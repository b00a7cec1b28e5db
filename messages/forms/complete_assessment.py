"""Completing the assessment."""

from messages.form import Field, Form

FORM = Form(
    "Complete the assessment",
    fields=(Field("completed_on", "Completed on", "date", named="completion date"),),
    done="The assessment is complete.",
)
