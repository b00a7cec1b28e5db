"""Saying that an action is not yours."""

from messages.form import Field, Form

FORM = Form(
    "Not mine",
    "This action is not mine",
    (Field("why", "Why", "words", longest=500, named="reason"),),
    done="The Lead Professional is told.",
)
