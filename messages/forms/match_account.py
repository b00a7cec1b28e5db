"""Matching an account on a chat platform with a practitioner."""

from messages.form import Field, Form

FORM = Form(
    "Match with a practitioner",
    "Match an account with a practitioner",
    (
        Field("person", "Whose account is it?", "choice", choices="practitioners", named="person"),
        Field(
            "instead",
            "If either is matched with another already, change that?",
            "yes_no",
            required=False,
            hint="Whoever or whatever was matched before is then matched no more",
            named="answer about an earlier match",
        ),
    ),
    intro="They can then see all that this practitioner may see. "
    "Be sure who they are: ring them, or ask a colleague of theirs.",
    submit="Match",
    done="They are matched.",
)
