"""Answering a request for help."""

from messages.form import Field, Form

FORM = Form(
    "Answer",
    "Answer the team",
    (Field("answer", "Your answer", "words", named="answer"),),
    done="The team has your answer.",
)
