"""Giving a meeting its time, or another one."""

from messages.form import Field, Form
from messages.forms._shared import MODES

FORM = Form(
    "Set the time",
    "Set or change the time of a meeting",
    (
        Field("on", "Date", "date", named="date of the meeting"),
        Field("at", "Time", "time", hint="Like 2pm or 14:30", named="time of the meeting"),
        Field("mode", "How", "choice", choices=MODES, named="kind of meeting"),
        Field("place", "Where, or the link", required=False, longest=300, named="place"),
    ),
    intro="Everybody invited is asked to reply again.",
)
