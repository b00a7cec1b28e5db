"""Recording consent or another lawful basis."""

from messages.form import Field, Form
from messages.forms._shared import BASES

FORM = Form(
    "Record consent or another basis",
    fields=(
        Field("basis", "Basis for sharing", "choice", choices=BASES),
        Field("given_on", "Since", "date", named="date"),
        Field("note", "Note", "words", required=False, longest=500),
    ),
)
