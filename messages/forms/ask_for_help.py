"""Asking for help with a stuck family."""

from messages.form import Choice, Field, Form

FORM = Form(
    "We are stuck",
    "Ask Think Family supervision for help",
    (
        Field(
            "why",
            "What is it about?",
            "choice",
            choices=(
                Choice("no_change", "Nothing changes"),
                Choice("getting_worse", "It is getting worse"),
                Choice("family_not_engaging", "The family does not take part"),
                Choice("agency_absent", "An agency we need does not come"),
                Choice("disagreement", "We disagree between agencies"),
                Choice("relapse", "Something that was better is worse again"),
                Choice("too_complex", "It is too much for one team"),
                Choice("other", "Something else"),
            ),
            named="reason",
        ),
        Field("words", "What would you like help with?", "words", named="question"),
        Field(
            "tried",
            "What have you tried?",
            "words",
            required=False,
            named="list of what was tried",
        ),
    ),
    intro=(
        "Not for safeguarding: if a child is at risk, call now. "
        "Supervisors see the reference, the reason and what you write here."
    ),
    submit="Ask for help",
    done="The supervisors have been asked.",
)
