"""Recording that consent was withdrawn."""

from messages.form import Field, Form

FORM = Form(
    "Consent withdrawn",
    "Record that consent was withdrawn",
    (Field("withdrawn_on", "Withdrawn on", "date", named="date it was withdrawn"),),
    intro=(
        "Sharing and reminders stop at once and partners leave the room. "
        "The Lead Professional is asked to record a decision."
    ),
    submit="Stop sharing",
    done="Sharing has stopped.",
)
