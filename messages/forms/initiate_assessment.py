"""Initiating the whole-family assessment."""

from messages.form import Field, Form
from messages.forms._shared import ASSESSMENTS

FORM = Form(
    "Start an assessment",
    fields=(
        Field("assessment", "Which assessment", "choice", choices=ASSESSMENTS, named="assessment"),
        Field("started_on", "Started on", "date", named="start date"),
    ),
)
