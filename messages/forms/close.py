"""Closing the work with a family."""

from messages.form import Choice, Field, Form

FORM = Form(
    "Close",
    "Close the work with this family",
    (
        Field(
            "reason",
            "Why",
            "choice",
            choices=(
                Choice("needs_met", "The needs are met"),
                Choice("single_agency", "One agency can finish"),
                Choice("social_care_leads", "Social care leads from here"),
                Choice("withdrew", "The family withdrew"),
                Choice("disengaged", "The family cannot be reached"),
                Choice("moved", "The family moved away"),
            ),
            named="reason",
        ),
        Field(
            "on", "Closed on", "date", required=False, hint="Blank for today", named="closing date"
        ),
        Field(
            "outstanding_needs",
            "What is still needed",
            "words",
            required=False,
            named="outstanding needs",
        ),
        Field("family_agreed", "The family agrees", "yes_no", named="family's answer"),
        Field("team_agreed", "The team agrees", "yes_no", named="team's answer"),
        Field(
            "not_agreed_why",
            "If not agreed, why close?",
            "words",
            required=False,
            named="reason to close without agreement",
        ),
        Field(
            "told",
            "Who has been told",
            "each",
            required=False,
            choices="with_responsibility",
            fields=(
                Field("told_on", "Told on", "date", required=False, named="date they were told"),
                Field(
                    "why_not",
                    "Or why not",
                    required=False,
                    longest=300,
                    named="reason they were not told",
                ),
            ),
            named="people with parental responsibility",
        ),
    ),
    intro="Reminders end and the room closes for good. The record stays.",
    submit="Close the work",
    done="The work is closed.",
)
