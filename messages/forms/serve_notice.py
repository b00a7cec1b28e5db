"""Recording that the privacy notice was given."""

from messages.form import Field, Form, choices

FORM = Form(
    "Privacy notice given",
    fields=(
        Field("served_on", "Given on", "date", named="date it was given"),
        Field(
            "how",
            "How",
            "choice",
            choices=choices("In person", "By post", "By email"),
            named="way it was given",
        ),
    ),
    intro="The privacy notice says what is shared with whom. It is not consent.",
)
