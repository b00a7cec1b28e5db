"""Putting a practitioner in the record."""

from messages.form import Form
from messages.forms._shared import PRACTITIONER

FORM = Form(
    "Add a practitioner",
    "Put a practitioner in the record",
    PRACTITIONER,
    intro="They are known on a chat platform once their account there is matched with this.",
    submit="Put in the record",
    done="They are in the record.",
)
