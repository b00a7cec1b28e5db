"""Recording a TAF meeting: attendance, the child's voice, decisions, actions."""

from messages.form import Choice, Field, Form
from messages.forms._shared import ACTION, VOICE

FORM = Form(
    "Record the meeting",
    fields=(
        Field(
            "attendance",
            "Who came",
            "each",
            choices="invitees",
            fields=(
                Field(
                    "attendance",
                    "Attendance",
                    "choice",
                    choices=(
                        Choice("attended", "Attended"),
                        Choice("part", "Part"),
                        Choice("substitute", "Substitute"),
                        Choice("apologies_with_report", "Apologies with report"),
                        Choice("apologies", "Apologies"),
                        Choice("no_reply", "No reply"),
                    ),
                ),
            ),
            named="people invited",
        ),
        Field(
            "family",
            "The family",
            "each",
            choices="family",
            fields=(
                Field(
                    "attendance",
                    "Attendance",
                    "choice",
                    choices=(
                        Choice("attended", "Attended"),
                        Choice("part", "Part"),
                        Choice("not_there", "Not there"),
                    ),
                ),
            ),
            named="family members",
        ),
        Field(
            "child_voice",
            "How was the child's voice heard?",
            "choice",
            choices=VOICE,
            named="way the child's voice was heard",
        ),
        Field(
            "child_voice_words",
            "What they said, or why it was not gathered",
            "words",
            longest=1000,
            named="child's own words, or the reason",
        ),
        Field("progress", "Progress since last time", "words", required=False, named="progress"),
        Field("decisions", "Decisions", "words", required=False),
        Field(
            "dissents",
            "Disagreements, word for word",
            "list",
            required=False,
            fields=(
                Field("who", "Who", "choice", choices="owners", named="person who disagrees"),
                Field("words", "In their words", "words", longest=1000, named="disagreement"),
            ),
            named="disagreements",
        ),
        Field("actions", "New actions", "list", required=False, fields=ACTION, named="actions"),
        Field(
            "notes_by",
            "Who took the notes",
            "choice",
            required=False,
            choices="team",
            hint="Best somebody other than the Lead Professional",
            named="note-taker",
        ),
        Field("next_on", "Next meeting on", "date", required=False, named="next date"),
        Field(
            "next_at",
            "At",
            "time",
            required=False,
            hint="Blank if the time is still open",
            named="next time",
        ),
    ),
    submit="Save the record",
    done="The meeting is recorded.",
)
