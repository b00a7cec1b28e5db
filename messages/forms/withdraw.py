"""Withdrawing an action."""

from messages.form import Field, Form

FORM = Form(
    "Withdraw the action",
    fields=(Field("why", "Why", "words", longest=500, named="reason"),),
)
