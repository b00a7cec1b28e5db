"""Calling a TAF meeting."""

from messages.form import Choice, Field, Form
from messages.forms._shared import MODES

FORM = Form(
    "Call a meeting",
    "Call a TAF meeting",
    (
        Field(
            "purpose",
            "What for",
            "choice",
            choices=(
                Choice("initial", "First TAF meeting"),
                Choice("review", "Review"),
                Choice("closure", "Closure"),
            ),
            named="purpose",
        ),
        Field("mode", "How", "choice", choices=MODES, named="kind of meeting"),
        Field("on", "Date", "date", named="date of the meeting"),
        Field(
            "at",
            "Time",
            "time",
            required=False,
            hint="Like 2pm or 14:30. Blank to propose the date only",
            named="time of the meeting",
        ),
        Field("place", "Where, or the link", required=False, longest=300, named="place"),
        Field("invite", "Whom to invite", "choices", choices="team", named="people to invite"),
    ),
    submit="Call the meeting",
    done="The meeting is called.",
)
