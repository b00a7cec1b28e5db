"""What must hold between settings: a table of checks, each saying what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from workflows import frameworks
from workflows.settings import nearest, time_of_day
from workflows.settings_file import Found, Place, dotted
from workflows.working_days import Period, falls_within

LONGEST_REVIEW_GAP = 366
"""Days: a review cadence over a year is refused (ours; the longest published is 12 weeks)."""


@dataclass(frozen=True)
class Draft:
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
            return time_of_day(self.value(*path))
        except ValueError:
            return None


def _agencies(draft: Draft) -> Found:
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


def _agency_fields(draft: Draft) -> Found:
    for key in draft.table("agencies"):
        ids: set[object] = set()
        for at in range(len(draft.rows("agencies", key, "fields"))):
            path: Place = ("agencies", key, "fields", at)
            named, kind = draft.value(*path, "id"), draft.value(*path, "kind")
            if isinstance(named, str) and named in ids:
                yield (*path, "id"), f'{dotted(path)}.id is "{named}", like a field before it'
            ids.add(str(named))
            if (kind == "choice") != bool(draft.rows(*path, "choices")):
                need = "needs choices" if kind == "choice" else "has choices but is not a choice"
                yield path, f"{dotted(path)} {need}"


def _cadence(draft: Draft) -> Found:
    every = draft.period("reviews", "every")
    if every and every.calendar_days > LONGEST_REVIEW_GAP:
        yield ("reviews", "every"), f'reviews.every is "{every}", but a year is the longest'


def _hours(draft: Draft) -> Found:
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


def _ladder(draft: Draft) -> Found:
    if draft.value("ladder") == []:
        yield ("ladder",), "ladder is empty: somebody has to hear of what is overdue"
    before: Period | None = None
    for at in range(len(draft.rows("ladder"))):
        after = draft.period("ladder", at, "after")
        if before and after and after.calendar_days <= before.calendar_days:
            sentence = f'ladder.{at + 1}.after is "{after}", but the step before it is "{before}"'
            yield ("ladder", at, "after"), f"{sentence}: each step comes later than the last"
        before = after or before


def _frameworks(draft: Draft) -> Found:
    known = frameworks.known()
    named = draft.value("framework")
    asked: list[tuple[Place, Any]] = [(("framework",), named)] if isinstance(named, str) else []
    asked += [(("frameworks", key), key) for key in draft.table("frameworks")]
    for path, name in asked:
        if name not in known:
            near = nearest(str(name), known) or f"; there are {', '.join(known)}"
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


def _lead_times(draft: Draft) -> Found:
    for path, longer in SHORTER:
        lead, wait = draft.period(*path), draft.period(*longer)
        if lead and wait and lead.calendar_days >= wait.calendar_days:
            sentence = f'{dotted(path)} is "{lead}", but should be shorter than {dotted(longer)}'
            yield path, f'{sentence} ("{wait}")'


CHECKS: tuple[Callable[[Draft], Found], ...] = (
    _agencies,
    _agency_fields,
    _cadence,
    _hours,
    _ladder,
    _frameworks,
    _lead_times,
)
"""Every rule that holds between settings, in the order they are looked at."""
