"""Saying that a practitioner has left."""

from messages.form import Form

FORM = Form(
    "Has left",
    "A practitioner has left",
    intro="From now on nothing is shown to them. They are taken off every team and out of every "
    "room. Whoever leads those families is told which actions are still theirs.",
    sure="Has this practitioner left?",
    submit="Yes, they have left",
    done="They are out of every team and room.",
)
