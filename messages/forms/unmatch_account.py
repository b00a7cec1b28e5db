"""Taking a wrong account off a practitioner."""

from messages.form import Form

FORM = Form(
    "Not their account",
    "This is not their account",
    intro="The account is shown nothing any more, and is out of the rooms within the hour. "
    "If it may be somebody else's, take it out by hand now.",
    sure="Take the account off this practitioner?",
    submit="Take it off",
    done="They are matched with no account now.",
)
