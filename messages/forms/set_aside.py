"""Setting aside something that could not be delivered."""

from messages.form import Form

FORM = Form(
    "Set aside",
    "Set it aside",
    intro="It is not sent any more, and leaves this list. The record keeps that it never arrived.",
    sure="Does everybody who needs this know it another way?",
    done="It is set aside, and not sent any more.",
)
