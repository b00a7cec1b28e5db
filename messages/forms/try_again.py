"""Trying again to deliver something."""

from messages.form import Form

FORM = Form(
    "Try again",
    "Try to deliver it again",
    done="It is tried again now. If it fails once more, you are told, and it stands here.",
)
