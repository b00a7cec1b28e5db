"""Recording the decision to go on sharing."""

from messages.form import Field, Form
from messages.forms._shared import BASES

FORM = Form(
    "Go on sharing",
    "Record the decision to go on sharing",
    (
        Field("basis", "On which basis", "choice", choices=BASES, named="basis for sharing"),
        Field("reason", "Why, and what was considered", "words", named="reason"),
    ),
    intro="Your name is kept with this decision.",
    done="The team is back in the room.",
)
