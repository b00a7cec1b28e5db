"""The partnership's settings: read from app.yaml, and checked before anything runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    field_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from workflows import frameworks
from workflows.working_days import Period, falls_within

__all__ = ["Agency", "Period", "Policy", "PolicyError", "Problem", "load_policy"]

CountBasis = frameworks.CountBasis
Place = tuple[str | int, ...]
Found = Iterator[tuple[Place, str]]

LONGEST_REVIEW_GAP = 366
"""Days: a review cadence over a year is refused (ours; the longest published is 12 weeks)."""
LONGEST_PERIOD = 5 * 366
"""Days: any longer period is taken for a slip of the pen (ours)."""

_SCALARS: dict[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}


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


def _time_of_day(value: object) -> time:
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
        raise ValueError(f'is "{value}", which is not a time zone{_nearest(value, zones)}')
    return value


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Banner = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
DayPeriod = Annotated[Period, AfterValidator(_in_days)]
ShortPeriod = Annotated[Period, AfterValidator(_in_hours)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
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


@dataclass(frozen=True)
class Problem:
    """One thing wrong: its line in the file (none where an override brought it), and why."""

    line: int | None
    path: str
    sentence: str


class PolicyError(ValueError):
    """The settings cannot be used; `problems` says why, all of them, one a line in words."""

    def __init__(self, problems: list[Problem], source: str = "app.yaml") -> None:
        self.problems = problems
        self.source = source
        super().__init__("\n".join(self._said(problem) for problem in problems))

    def _said(self, problem: Problem) -> str:
        where = f"line {problem.line}" if problem.line else "overridden"
        return f"{self.source} {where}: {problem.sentence}"


def load_policy(
    text: str, source: str = "app.yaml", overrides: Mapping[str, Any] | None = None
) -> Policy:
    """The partnership's settings, from the text of app.yaml and any overrides of it.

    `overrides` has app.yaml's own shape and wins over it, setting by setting; a list is replaced
    whole. Raises PolicyError with every problem found, the first line first.
    """
    written = _read(text)
    if overrides and written.data:
        written.data = _merged(written.data, overrides, (), written.overridden)
    problems = list(written.problems)
    policy: Policy | None = None
    if written.data:
        try:
            policy = Policy.model_validate(written.data)
        except ValidationError as error:
            problems += [written.problem(*found) for found in _field_problems(error)]
        draft = _Draft(written.data)
        problems += [written.problem(*found) for check in CHECKS for found in check(draft)]
    if problems or policy is None:
        raise PolicyError(sorted(problems, key=lambda each: each.line or 0), source)
    return policy


# What the file says, and on which line


@dataclass
class _Written:
    """The file's plain values, with the line that each stands on."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=lambda: {(): 1})
    overridden: set[Place] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Place, sentence: str) -> Problem:
        """A problem at a setting; the line is the nearest that the file has for it."""
        starts = [path[:length] for length in range(len(path), -1, -1)]
        new = any(start in self.overridden for start in starts)
        line = None if new else next(self.lines[start] for start in starts if start in self.lines)
        return Problem(line, _dotted(path), sentence)


def _read(text: str) -> _Written:
    written = _Written()
    try:
        root = YAML().compose(text)
        data = _values(root, (), written) if root is not None else None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        why = (error.problem if isinstance(error, MarkedYAMLError) else None) or "unreadable text"
        written.problems.append(Problem(mark.line + 1 if mark else 1, "", f"is not YAML: {why}"))
    except RecursionError:
        written.problems.append(Problem(1, "", "is nested too deeply, or holds itself"))
    else:
        if isinstance(data, dict) and data:
            written.data = data
        else:
            written.problems.append(Problem(1, "", "there are no settings here"))
    return written


def _values(node: Node, path: Place, written: _Written) -> Any:
    """The node as plain values; dates and times stay words, for the settings to judge."""
    written.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, SequenceNode):
        return [_values(each, (*path, at), written) for at, each in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(node, path, written)
    try:
        return _SCALARS.get(str(node.tag), str)(node.value)
    except ValueError:
        return str(node.value)


def _mapping(node: MappingNode, path: Place, written: _Written) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        here = (*path, key)
        if key in found:
            sentence = f'"{_dotted(here)}" is written twice, first on line {written.lines[here]}'
            written.problems.append(Problem(line, _dotted(here), sentence))
            continue
        written.lines[here] = line
        found[key] = _values(value_node, here, written)
    return found


def _merged(
    base: Mapping[str, Any], over: Mapping[str, Any], path: Place, changed: set[Place]
) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        here, old = (*path, key), merged.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            merged[key] = _merged(old, value, here, changed)
        else:
            merged[key] = value
            changed.add(here)
    return merged


def _dotted(path: Place) -> str:
    """The setting's name from the top: "reviews.every", "ladder.2.after" (counted from one)."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


# What is wrong with one setting, in words


def _field_problems(error: ValidationError) -> Found:
    """Each fault once: a setting that was misspelt is not called missing too."""
    errors: list[dict[str, Any]] = [dict(each) for each in error.errors()]
    unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
    for each in errors:
        place = each["loc"]
        siblings = [str(other[-1]) for other in unknown if other[:-1] == place[:-1]]
        if each["type"] != "missing" or not _nearest(str(place[-1]), siblings):
            yield _field_problem(each)


def _field_problem(error: Mapping[str, Any]) -> tuple[Place, str]:
    path: Place = tuple(error["loc"])
    name, kind, value = _dotted(path), error["type"], error["input"]
    parent = _dotted(path[:-1])
    if kind == "extra_forbidden":
        known = _settings_at(path[:-1])
        near = _nearest(str(path[-1]), known) or f"; the settings here are {', '.join(known)}"
        of = f" of {parent}" if parent else ""
        return path, f'"{path[-1]}" is not a setting{of}{near}'
    if kind == "missing":
        return path[:-1], f'"{path[-1]}" is missing{f" from {parent}" if parent else ""}'
    if value is None:
        return path, f"{name} is empty"
    if kind == "value_error":
        return path, f"{name} {error['ctx']['error']}"
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        near = _nearest(str(value), options)
        return path, f'{name} is "{value}", which is not one of {", ".join(options)}{near}'
    return path, f"{name} {_SHOULD_BE.get(kind, error['msg'][:1].lower() + error['msg'][1:])}"


_SHOULD_BE = {
    "model_type": "should hold settings, each on a line of its own",
    "dict_type": "should hold settings, each on a line of its own",
    "tuple_type": "should be a list",
    "bool_type": "should be true or false",
    "string_type": "should be words (put a number in quotation marks)",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "should be small letters, with underscores between words",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "greater_than_equal": "should be at least 1",
    "less_than_equal": "should be at most 10",
}


def _settings_at(path: Place) -> list[str]:
    """The names of the settings that may stand under a path."""
    kind: Any = Policy
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = next(
                f.annotation for n, f in kind.model_fields.items() if (f.alias or n) == part
            )
        else:  # a list or a table of groups
            kind = next(arg for arg in reversed(get_args(kind)) if arg is not Ellipsis)
    return [f.alias or name for name, f in kind.model_fields.items() if not f.exclude]


def _nearest(word: str, known: Collection[str]) -> str:
    """How to point at the name that was probably meant: `; did you mean "reviews"?`, or ""."""
    names = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return f'; did you mean "{names[near[0]]}"?' if near else ""


# What is wrong between settings


@dataclass(frozen=True)
class _Draft:
    """The settings before they are known to be sound: each is read only where it can be.

    What cannot be read has a problem of its own already, so a check leaves it alone.
    """

    data: Mapping[str, Any]

    def value(self, *path: str | int) -> Any:
        """What stands at a path, or None."""
        found: Any = self.data
        for part in path:
            if isinstance(part, str) and isinstance(found, Mapping):
                found = found.get(part)
            elif isinstance(part, int) and isinstance(found, list | tuple) and part < len(found):
                found = found[part]
            else:
                return None
        return found

    def table(self, *path: str | int) -> Mapping[str, Any]:
        """The named things under a path, or none."""
        found = self.value(*path)
        return found if isinstance(found, Mapping) else {}

    def rows(self, *path: str | int) -> list[Any]:
        """The list at a path, or none."""
        found = self.value(*path)
        return list(found) if isinstance(found, list | tuple) else []

    def period(self, *path: str | int) -> Period | None:
        """The period at a path, or None where none can be read."""
        try:
            return Period.of(self.value(*path))
        except ValueError:
            return None

    def time(self, *path: str | int) -> time | None:
        """The time of day at a path, or None where none can be read."""
        try:
            return _time_of_day(self.value(*path))
        except ValueError:
            return None


def _agencies(draft: _Draft) -> Found:
    agencies = draft.table("agencies")
    if draft.value("agencies") == {}:
        yield ("agencies",), "agencies is empty: name at least one"
    elif agencies and not any(draft.value("agencies", k, "can_lead") is True for k in agencies):
        yield ("agencies",), "no agency can lead: give one can_lead: true"
    for key, agency in agencies.items():
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", str(key)):
            sentence = f'agency "{key}" should be small letters, with hyphens between words'
            yield ("agencies", key), sentence
        if isinstance(agency, Mapping) and "id" in agency:
            sentence = f'"id" is not a setting of agencies.{key}; "{key}" is its id already'
            yield ("agencies", key, "id"), sentence


def _agency_fields(draft: _Draft) -> Found:
    for key in draft.table("agencies"):
        ids: set[object] = set()
        for at in range(len(draft.rows("agencies", key, "fields"))):
            path: Place = ("agencies", key, "fields", at)
            named, kind = draft.value(*path, "id"), draft.value(*path, "kind")
            if isinstance(named, str) and named in ids:
                yield (*path, "id"), f'{_dotted(path)}.id is "{named}", like a field before it'
            ids.add(str(named))
            if (kind == "choice") != bool(draft.rows(*path, "choices")):
                need = "needs choices" if kind == "choice" else "has choices but is not a choice"
                yield path, f"{_dotted(path)} {need}"


def _cadence(draft: _Draft) -> Found:
    every = draft.period("reviews", "every")
    if every and every.calendar_days > LONGEST_REVIEW_GAP:
        yield ("reviews", "every"), f'reviews.every is "{every}", but a year is the longest'


def _hours(draft: _Draft) -> Found:
    start, end = draft.time("hours", "working", "from"), draft.time("hours", "working", "to")
    quiet, loud = draft.time("hours", "quiet", "from"), draft.time("hours", "quiet", "to")
    digest = draft.time("hours", "digest")
    if start and end and start >= end:
        yield ("hours", "working"), "hours.working should end later in the day than it begins"
    if quiet is not None and quiet == loud:
        yield ("hours", "quiet"), "hours.quiet begins and ends at the same time"
    if digest is None:
        return
    if quiet is not None and loud is not None and falls_within(digest, quiet, loud):
        sentence = f"hours.digest ({digest:%H:%M}) falls in the quiet hours, when nothing is sent"
        yield ("hours", "digest"), sentence
    if end and digest >= end:
        sentence = f"hours.digest ({digest:%H:%M}) should be before working hours end ({end:%H:%M})"
        yield ("hours", "digest"), sentence


def _ladder(draft: _Draft) -> Found:
    if draft.value("ladder") == []:
        yield ("ladder",), "ladder is empty: somebody has to hear of what is overdue"
    before: Period | None = None
    for at in range(len(draft.rows("ladder"))):
        after = draft.period("ladder", at, "after")
        if before and after and after.calendar_days <= before.calendar_days:
            sentence = f'ladder.{at + 1}.after is "{after}", but the step before it is "{before}"'
            yield ("ladder", at, "after"), f"{sentence}: each step comes later than the last"
        before = after or before


def _frameworks(draft: _Draft) -> Found:
    known = frameworks.known()
    named = draft.value("framework")
    asked: list[tuple[Place, Any]] = [(("framework",), named)] if isinstance(named, str) else []
    asked += [(("frameworks", key), key) for key in draft.table("frameworks")]
    for path, name in asked:
        if name not in known:
            near = _nearest(str(name), known) or f"; there are {', '.join(known)}"
            yield path, f'"{name}" is not an outcomes framework{near}'


SHORTER: tuple[tuple[Place, Place], ...] = (
    (("reminders", "reply_missing"), ("meetings", "first_within")),
    (("reminders", "meeting_tomorrow"), ("meetings", "first_within")),
    (("reminders", "action_due_soon"), ("reviews", "every")),
    (("reminders", "reading_wanted"), ("reviews", "every")),
    (("reminders", "review_coming"), ("reviews", "every")),
    (("assessments", "within"), ("assessments", "again_after")),
)
"""A reminder (the first) is refused unless shorter than the wait for what it precedes."""


def _lead_times(draft: _Draft) -> Found:
    for path, longer in SHORTER:
        lead, wait = draft.period(*path), draft.period(*longer)
        if lead and wait and lead.calendar_days >= wait.calendar_days:
            sentence = f'{_dotted(path)} is "{lead}", but should be shorter than {_dotted(longer)}'
            yield path, f'{sentence} ("{wait}")'


CHECKS: tuple[Callable[[_Draft], Found], ...] = (
    _agencies,
    _agency_fields,
    _cadence,
    _hours,
    _ladder,
    _frameworks,
    _lead_times,
)
"""Every rule that holds between settings, in the order they are looked at."""
