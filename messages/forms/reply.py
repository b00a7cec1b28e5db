"""Replying to a meeting invitation."""

from messages.form import Choice, Field, Form, when

FORM = Form(
    "Reply",
    "Are you coming?",
    (
        Field(
            "reply",
            "Your reply",
            "choice",
            choices=(
                Choice("attending", "I am coming"),
                Choice("substitute", "I am sending somebody in my place"),
                Choice("apologies_with_report", "Apologies, and here is my report"),
                Choice("apologies", "Apologies"),
            ),
            named="reply",
        ),
        Field(
            "substitute",
            "Who comes in your place",
            longest=100,
            only_if=when("reply", "substitute"),
            named="person coming in your place",
        ),
        Field(
            "report",
            "Your report",
            "words",
            only_if=when("reply", "apologies_with_report"),
            named="report",
        ),
    ),
    submit="Send my reply",
    done="Your reply is recorded.",
)
