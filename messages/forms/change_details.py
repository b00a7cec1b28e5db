"""Changing what the record holds of a practitioner."""

from messages.form import Form
from messages.forms._shared import PRACTITIONER

FORM = Form(
    "Change details",
    "Change a practitioner's details",
    PRACTITIONER,
    submit="Save",
    done="The details are changed.",
)
