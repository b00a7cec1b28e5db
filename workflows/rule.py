"""What a reminder rule gives: the steps at which it would speak, to whom, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from workflows.notice import Notice
from workflows.policy import Period, Policy
from workflows.working_days import WorkingDays

MIDNIGHT = time(0, 0)

To = Any
"""A practitioner, or the name of a role: "supervisor", "co_ordinator"."""


@dataclass(frozen=True)
class Step:
    """One moment at which a rule speaks to one recipient.

    A `date` waits for the recipient's digest of that day; a `datetime` cannot wait and goes at
    once, out of quiet hours, and not after `until`.
    """

    at: date | datetime
    to: To
    says: Notice
    rung: str = ""
    until: datetime | None = None

    @property
    def cannot_wait(self) -> bool:
        """Whether this goes at once and not with the digest."""
        return isinstance(self.at, datetime)

    def moment(self, days: WorkingDays) -> datetime:
        """When the sweep is to find this step."""
        if isinstance(self.at, datetime):
            return self.at
        return days.instant(self.at, MIDNIGHT)


class Rule(Protocol):
    """A module of workflows/reminders: plain functions, no database, no clock."""

    SUBJECT: str
    MATTER: str

    def steps(self, subject: Any, policy: Policy, days: WorkingDays) -> Iterable[Step]:
        """Every step this subject has, past and to come, as it stands now."""


def name_of(rule: Any) -> str:
    """A rule's name is its module's."""
    return str(rule.__name__).rpartition(".")[2]


def climb(
    due_on: date, owner: Any, taf: Any, policy: Policy, days: WorkingDays
) -> Iterator[tuple[date, To, str, Period]]:
    """The ladder for something overdue: on which day who is told, by which rung.

    A family's own action, and a rung whose holder is missing, goes to the Lead Professional;
    with no Lead Professional, to the co-ordinators. Nobody climbs twice: a rung that would tell
    the same people again is passed over.
    """
    told: list[Any] = []
    for rung in policy.ladder:
        lead = taf.lead or "co_ordinator"
        to = {"owner": owner or lead, "lead_professional": lead}.get(rung.to, rung.to)
        if to not in told:
            told.append(to)
            yield days.add(due_on, rung.after), to, rung.to, rung.after


def on_the_team(taf: Any, person: Any) -> bool:
    """Whether somebody is on this team now, and still in post."""
    joined = any(one.person is person and one.state == "joined" for one in taf.team)
    return joined and person.left_on is None


def invited(meeting: Any) -> Iterator[Any]:
    """The invitations of those who are still on the team."""
    return (one for one in meeting.invitations if on_the_team(meeting.taf, one.person))


def on_or_before(on: date, days: WorkingDays) -> date:
    """This day, or the last working day before it."""
    while not days.is_working(on):
        on -= timedelta(days=1)
    return on


def day_before(on: date, period: Period, days: WorkingDays) -> date:
    """The working day a period before a date."""
    return on_or_before(days.before(on, period), days)


def earlier(at: datetime, period: Period) -> datetime:
    """The moment some hours or minutes before another."""
    return at - timedelta(**{f"{period.unit}s": period.count})
