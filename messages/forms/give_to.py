"""Giving an action to its right owner."""

from messages.form import Field, Form

FORM = Form(
    "Give to somebody else",
    fields=(Field("owner", "Who will do it", "choice", choices="owners", named="owner"),),
)
