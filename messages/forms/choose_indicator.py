"""Choosing an indicator and making it relevant to the family."""

from messages.form import Field, Form

FORM = Form(
    "Choose an indicator",
    fields=(
        Field("measure", "From the framework", "choice", choices="measures", named="indicator"),
        Field(
            "words",
            "In words that fit this family",
            "words",
            required=False,
            longest=300,
            hint="Keep its meaning. Blank for the framework's own words",
            named="family's own words",
        ),
        Field(
            "subject",
            "About whom",
            "choice",
            required=False,
            choices="family_or_household",
            named="person it is about",
        ),
        Field(
            "evidence_source",
            "Where the evidence is",
            required=False,
            longest=200,
            hint="Blank for the framework's usual source",
            named="evidence source",
        ),
        Field(
            "holder",
            "Who holds it",
            "choice",
            required=False,
            choices="team",
            named="evidence holder",
        ),
        Field("history", "Baseline: how it has been", "words", longest=1000, named="history"),
        Field(
            "forecast",
            "Baseline: where it would be in 6 to 12 months if nothing changed",
            "words",
            longest=1000,
            named="forecast",
        ),
        Field(
            "baseline",
            "Baseline as a number, if known",
            required=False,
            longest=20,
            named="baseline",
        ),
        Field(
            "target",
            "Target",
            required=False,
            longest=20,
            hint="Blank for the framework's own target",
        ),
        Field(
            "starts_on",
            "Counted from",
            "date",
            required=False,
            hint="Blank for today",
            named="start date",
        ),
    ),
)
