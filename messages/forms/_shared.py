"""Questions that several forms ask in the same words."""

from messages.form import Choice, Field, choices, when

BASES = (
    Choice("consent", "Consent"),
    Choice("public_task", "Public task (a statutory duty or power)"),
    Choice("legal_obligation", "Legal obligation"),
    Choice("vital_interests", "Vital interests"),
    Choice("legitimate_interests", "Legitimate interests"),
)
"""The lawful bases of UK GDPR article 6 that partners use."""

PLANS = (
    Choice("none", "None"),
    Choice("child_in_need", "Child in need plan"),
    Choice("child_protection", "Child protection plan"),
    Choice("looked_after", "Care plan (looked-after child)"),
    Choice("ehc", "Education, health and care plan"),
)

MODES = (
    Choice("in_person", "In person"),
    Choice("online", "Online"),
    Choice("call", "By phone"),
)

LISTS = (
    Choice("family_plan", "The family's plan"),
    Choice("professional_task", "A professionals' task (kept off the family's plan)"),
)

VOICE = (
    Choice("in_the_meeting", "They said it in the meeting"),
    Choice("before_the_meeting", "Somebody asked them before the meeting"),
    Choice("in_writing_or_drawing", "In writing or a drawing"),
    Choice("observed", "Observed (a baby or a very young child)"),
    Choice("not_gathered", "Not gathered"),
)

MEMBER = (
    Field(
        "label",
        "Who in the family",
        longest=30,
        hint="A role label or initials, never a name: mother, step-father, child 12",
        named="role label",
    ),
    Field(
        "stage",
        "Adult or child",
        "choice",
        choices=choices("Adult", "Young person", "Child"),
        named="adult, young person or child",
    ),
    Field(
        "age_band",
        "Age band",
        "choice",
        choices=(
            Choice("unborn", "Not yet born"),
            Choice("0-4", "0 to 4"),
            Choice("5-10", "5 to 10"),
            Choice("11-15", "11 to 15"),
            Choice("16-17", "16 or 17"),
            Choice("18-24", "18 to 24"),
            Choice("25+", "25 or over"),
        ),
    ),
    Field(
        "lives",
        "Where they live",
        "choice",
        choices=choices("Here", "Elsewhere", "Part of the time"),
        named="place they live",
    ),
    Field("parental_responsibility", "Parental responsibility", "yes_no"),
    Field("language", "Preferred language", required=False, longest=40, hint="Blank for English"),
    Field("interpreter", "Interpreter needed", "yes_no", required=False),
    Field(
        "notice_on",
        "Privacy notice given on",
        "date",
        required=False,
        hint="A privacy notice is not consent",
        named="date of the privacy notice",
    ),
    Field(
        "basis",
        "Basis for sharing about them",
        "choice",
        required=False,
        choices=(Choice("not_yet", "Not yet"), *BASES),
        named="basis for sharing",
    ),
    Field(
        "basis_on",
        "Since",
        "date",
        required=False,
        only_if=when("basis", *(basis.value for basis in BASES)),
        hint="Blank for today",
        named="date of the basis",
    ),
)
"""A family member: by role label or initials only (R1)."""

ACTION = (
    Field("words", "What will be done", "words", longest=500, named="action"),
    Field("list", "Which list", "choice", choices=LISTS, start="family_plan", named="list"),
    Field("owner", "Who will do it", "choice", choices="owners", named="owner"),
    Field("due_on", "Due date", "date"),
    Field(
        "outcome",
        "For which outcome",
        "choice",
        required=False,
        choices="outcomes",
        named="outcome",
    ),
)
"""An action of the plan; "make a referral" and "chase" stay off the family's plan (W9)."""

CRITERIA = (
    Field(
        "criteria",
        "Which criteria does the family meet?",
        "choices",
        required=False,
        choices="criteria",
        named="criteria",
    ),
    Field(
        "referred_by",
        "Who referred, where a criterion rests on professional judgement",
        required=False,
        longest=100,
        hint="Their job and agency",
        named="referrer",
    ),
    Field("high_cost", "High cost to public services", "yes_no", required=False),
    Field(
        "would_benefit",
        "Would benefit from co-ordination between agencies",
        "yes_no",
        required=False,
        named="answer about co-ordination",
    ),
)

CHAT_TO_MAKE = (
    "Saved. Now its chat has to be made, by hand: the Lead Professional is told how, in their own"
    " chat with me."
)
"""What convening is answered with where people make the rooms."""

REFERENCE = Field(
    "family",
    "Family reference",
    required=False,
    longest=12,
    hint="Letters, a dash, numbers: F-1042. Leave blank and one is made",
)

PRACTITIONERS = Field(
    "practitioners",
    "Practitioners on the team",
    "list",
    required=False,
    fields=(Field("person", "Practitioner", "choice", choices="practitioners"),),
    named="practitioners",
)

ASSESSMENTS = (
    Choice("family_caf", "Family CAF (whole-family assessment)"),
    Choice("early_help", "Early help assessment"),
    Choice("single_assessment", "Single Assessment (social care)"),
)

PRACTITIONER = (
    Field("name", "Name", longest=100),
    Field("agency", "Agency", "choice", choices="agencies"),
    Field("job", "Job", required=False, longest=100),
    Field(
        "email",
        "Work e-mail",
        longest=200,
        hint="The one they use on Slack or Teams: by it they are known there",
        named="work e-mail",
    ),
    Field(
        "works_on",
        "Days they work",
        "choices",
        choices=(
            Choice("1", "Monday"),
            Choice("2", "Tuesday"),
            Choice("3", "Wednesday"),
            Choice("4", "Thursday"),
            Choice("5", "Friday"),
            Choice("6", "Saturday"),
            Choice("7", "Sunday"),
        ),
        named="days they work",
    ),
    Field(
        "roles",
        "Roles beside being a practitioner",
        "choices",
        required=False,
        choices=(
            Choice("co-ordinator", "Co-ordinator"),
            Choice("supervisor", "Clinical supervisor"),
        ),
        named="roles",
    ),
    Field(
        "verified_on",
        "Identity checked on",
        "date",
        required=False,
        hint="Blank if not yet: it is then checked when their account is matched",
        named="date of the check",
    ),
)
"""A practitioner in the record: nobody joins a team before it was checked who they are (R2)."""
