"""Saying that a practitioner who had left is back."""

from messages.form import Form

FORM = Form(
    "Is back",
    "A practitioner is back in post",
    intro="They are on no team until somebody adds them to one. Look at their details afterwards.",
    sure="Is this practitioner back in post?",
    submit="Yes, they are back",
    done="They are back in post.",
)
