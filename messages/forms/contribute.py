"""Giving what an agency knows to the assessment."""

from messages.form import Field, Form

FORM = Form(
    "Add what you know",
    "Add what your agency knows to the assessment",
    (Field("words", "What the assessment should know", "words", named="contribution"),),
)
