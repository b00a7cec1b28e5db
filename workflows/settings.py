"""What a service manager may change: every setting of app.yaml, with its type and its limits."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, time
from difflib import get_close_matches
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    field_validator,
)

from workflows import frameworks
from workflows.working_days import Period

CountBasis = frameworks.CountBasis

LONGEST_PERIOD = 5 * 366
"""Days: any longer period is taken for a slip of the pen (ours)."""


def nearest(word: str, known: Collection[str]) -> str:
    """How to point at the name that was probably meant: `; did you mean "reviews"?`, or ""."""
    names = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return f'; did you mean "{names[near[0]]}"?' if near else ""


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_days(period: Period) -> Period:
    if period.unit in {"hour", "minute"}:
        raise ValueError(f'is "{period}", but should be in days, working days, weeks or months')
    if period.calendar_days > LONGEST_PERIOD:
        raise ValueError(f'is "{period}", but five years is the longest accepted')
    return period


def _in_hours(period: Period) -> Period:
    if period.unit not in {"hour", "minute"}:
        raise ValueError(f'is "{period}", but should be in hours or minutes')
    if period.calendar_days > 1:
        raise ValueError(f'is "{period}", but a day is the longest accepted')
    return period


def time_of_day(value: object) -> time:
    """A time of day on the 24-hour clock; raises ValueError."""
    if isinstance(value, time):
        return value
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", _shown(value)):
        raise ValueError(f'is "{_shown(value)}", but should be a time of day such as "08:30"')
    return time.fromisoformat(str(value))


def _day(value: object) -> date:
    if type(value) is date:
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", _shown(value)):
            raise ValueError
        return date.fromisoformat(str(value))
    except ValueError:
        sentence = f'is "{_shown(value)}", which is not a date; write it like 2026-12-29'
        raise ValueError(sentence) from None


def _time_zone(value: str) -> str:
    zones = available_timezones()
    if value not in zones:
        raise ValueError(f'is "{value}", which is not a time zone{nearest(value, zones)}')
    return value


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Banner = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
DayPeriod = Annotated[Period, AfterValidator(_in_days)]
ShortPeriod = Annotated[Period, AfterValidator(_in_hours)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
ClosureDay = Annotated[date, BeforeValidator(_day)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]


class Settings(BaseModel):
    """A group of settings: it never changes once read, and holds nothing it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Partnership(Settings):
    """Who this is: its name, its clock, whose bank holidays it keeps, when it is closed."""

    name: Words
    time_zone: TimeZone
    nation: Literal["England", "Wales", "Scotland", "Northern Ireland"]
    closure_days: tuple[ClosureDay, ...]


class Span(Settings):
    """From one time of day to another, past midnight where the end is the earlier."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")


class Hours(Settings):
    """When practitioners work, when nothing is sent, when the daily message goes out."""

    working: Span
    quiet: Span
    digest: TimeOfDay


class Assessments(Settings):
    """How soon a family is assessed, and when again if its needs are still not met."""

    within: DayPeriod
    again_after: DayPeriod


class Meetings(Settings):
    """How soon the first TAF meeting follows the assessment, and its notes the meeting."""

    first_within: DayPeriod
    notes_within: DayPeriod


class Reviews(Settings):
    """How often the plan is reviewed."""

    every: DayPeriod


class Reminders(Settings):
    """How long before or after something people are reminded of it."""

    reply_missing: DayPeriod
    meeting_tomorrow: DayPeriod
    meeting_soon: ShortPeriod
    meeting_not_recorded: DayPeriod
    action_due_soon: DayPeriod
    reading_wanted: DayPeriod
    review_coming: DayPeriod
    lead_vacant: DayPeriod
    consent_missing: DayPeriod
    longest_snooze: DayPeriod


class Rung(Settings):
    """One step of the ladder: who hears of something overdue, and how long after."""

    to: Literal["owner", "lead_professional", "co_ordinator", "supervisor"]
    after: DayPeriod


class AgencyField(Settings):
    """A question of an agency's own, asked when it contributes to an assessment."""

    id: Identifier
    label: Words
    kind: Literal["text", "number", "date", "yes_no", "choice"]
    choices: tuple[Words, ...] = ()
    required: StrictBool = False


class Agency(Settings):
    """An agency around the families, and what its practitioners may do."""

    id: str = Field(default="", exclude=True)  # its key in app.yaml, not a setting of its own
    name: Words
    can_lead: StrictBool
    can_complete_assessment: StrictBool
    agreement_signed: StrictBool
    fields: tuple[AgencyField, ...] = ()


class Labels(Settings):
    """What this partnership calls things."""

    lead_professional: Words
    team_around_the_family: Words
    supervisor: Words
    co_ordinator: Words
    family_support_plan: Words
    assessment: Words
    privacy_notice: Words


class FrameworkSettings(Settings):
    """Where the partnership reads an outcomes framework differently from its file."""

    count_basis: CountBasis | None = None
    needed: Annotated[int, Field(ge=1, le=10)] | None = None


class Safeguarding(Settings):
    """The words that stand fixed in every room and on every page."""

    banner: Banner


class Policy(Settings):
    """Everything a service manager may change, as app.yaml has it."""

    partnership: Partnership
    hours: Hours
    assessments: Assessments
    meetings: Meetings
    reviews: Reviews
    reminders: Reminders
    ladder: tuple[Rung, ...]
    agencies: dict[str, Agency]
    labels: Labels
    framework: str
    frameworks: dict[str, FrameworkSettings] = Field(default_factory=dict)
    safeguarding: Safeguarding

    @field_validator("agencies", mode="before")
    @classmethod
    def _name_agencies(cls, value: object) -> object:
        """Each agency knows its own id: the key it stands under."""
        if not isinstance(value, Mapping):
            return value
        return {k: {**v, "id": str(k)} if isinstance(v, Mapping) else v for k, v in value.items()}
