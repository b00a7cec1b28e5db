"""Offering the lead to another practitioner."""

from messages.form import Field, Form

FORM = Form(
    "Hand over the lead",
    "Hand over as Lead Professional",
    (
        Field("to", "To whom", "choice", choices="practitioners", named="new Lead Professional"),
        Field("reason", "Why", "words", longest=500, named="reason"),
    ),
    intro="They accept before anything changes.",
    submit="Ask them",
    done="They have been asked.",
)
