"""Adding a practitioner to the team."""

from messages.form import Field, Form

FORM = Form(
    "Add a practitioner",
    "Add a practitioner to the team",
    (
        Field("person", "Practitioner", "choice", choices="newcomers"),
        Field("why", "Why they are needed", required=False, longest=500, named="reason"),
    ),
    intro="The Lead Professional approves everybody who joins.",
    submit="Add",
    done="Added, or sent to the Lead Professional to approve.",
)
