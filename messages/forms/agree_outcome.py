"""Agreeing an outcome."""

from messages.form import Field, Form

FORM = Form(
    "Agree an outcome",
    fields=(
        Field("words", "What will be different", "words", longest=300, named="outcome"),
        Field(
            "need", "Which need it meets", "choice", required=False, choices="needs", named="need"
        ),
    ),
)
