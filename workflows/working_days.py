"""The partnership's calendar: which days are worked, and what the clock on the wall says."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo

import holidays
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from workflows.policy import Policy

Unit = Literal["working day", "day", "week", "month", "hour", "minute"]

MONDAY_TO_FRIDAY = frozenset(range(5))
NATIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}
"""The nations as app.yaml writes them, and as the bank holiday library knows them."""

_ONE_DAY = timedelta(days=1)
_CALENDAR_DAYS: dict[Unit, float] = {
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1,
    "working day": 7 / 5,
    "week": 7,
    "month": 365.25 / 12,
}


@dataclass(frozen=True)
class Period:
    """A length of time as people write it: "15 working days", "6 weeks", "1 hour".

    Raises ValueError for a count under 1.
    """

    count: int
    unit: Unit

    _WRITTEN: ClassVar[re.Pattern[str]] = re.compile(
        r"(-?[0-9]{1,9}) (working day|day|week|month|hour|minute)s?", re.IGNORECASE
    )

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f'is "{self}", but should be at least 1 {self.unit}')

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that the words mean.

        Raises ValueError for other words, and for a count under 1.
        """
        match = cls._WRITTEN.fullmatch(" ".join(text.split()))
        if match is None:
            sentence = 'should be a period such as "15 working days", "6 weeks" or "1 hour"'
            raise ValueError(f'is "{text}", but {sentence}')
        unit = next(known for known in get_args(Unit) if known == match[2].lower())
        return cls(int(match[1]), unit)

    @classmethod
    def of(cls, value: object) -> Period:
        """The period that a setting holds: one already, or the words for one."""
        return value if isinstance(value, Period) else cls.parse(str(value))

    @property
    def calendar_days(self) -> float:
        """About how many calendar days this is: for comparing two periods, never for dates."""
        return self.count * _CALENDAR_DAYS[self.unit]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Lets a setting be declared as a Period and written in words."""
        return core_schema.no_info_plain_validator_function(
            cls.of, serialization=core_schema.to_string_ser_schema()
        )


def falls_within(at: time, start: time, end: time) -> bool:
    """Whether a time of day lies in a span, its end not included, past midnight too."""
    return start <= at < end if start <= end else at >= start or at < end


@cache
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """A nation's bank holidays in one year, substitute days among them.

    The dates are the `holidays` library's, kept in step with GOV.UK's list. Raises KeyError for
    a nation that is not in NATIONS.
    """
    return frozenset(holidays.country_holidays("GB", subdiv=NATIONS[nation], years=year))


@dataclass(frozen=True)
class WorkingDays:
    """When this partnership works: its nation's bank holidays, its closures, its time zone.

    Days are dates on the partnership's own calendar; instants are aware and in UTC. `days_off`
    are a practitioner's own leave, `works_on` the weekdays that they work (Monday is 0).
    """

    nation: str
    zone: ZoneInfo
    closures: frozenset[date]
    quiet_from: time
    quiet_to: time

    @classmethod
    def of(cls, policy: Policy) -> WorkingDays:
        """The calendar that the partnership's settings describe."""
        return cls(
            nation=policy.partnership.nation,
            zone=ZoneInfo(policy.partnership.time_zone),
            closures=frozenset(policy.partnership.closure_days),
            quiet_from=policy.hours.quiet.start,
            quiet_to=policy.hours.quiet.end,
        )

    def is_working(
        self,
        day: date,
        days_off: Collection[date] = (),
        works_on: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> bool:
        """Whether this is a day on which the practitioner can be expected to act.

        A Saturday or Sunday counts only for somebody who works on it.
        """
        return (
            day.weekday() in works_on
            and day not in days_off
            and day not in self.closures
            and day not in bank_holidays(self.nation, day.year)
        )

    def add(
        self,
        day: date,
        period: Period,
        days_off: Collection[date] = (),
        works_on: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> date:
        """The date a period after a day.

        Working days are counted from the day after. Days, weeks and months land where they
        land, worked or not; a month from the 31st ends with a shorter month. Raises ValueError
        for hours and minutes, which belong to instants.
        """
        return self._move(day, period, 1, days_off, works_on)

    def before(
        self,
        day: date,
        period: Period,
        days_off: Collection[date] = (),
        works_on: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> date:
        """The date a period ahead of a day, counted as `add` counts. Raises as `add` does."""
        return self._move(day, period, -1, days_off, works_on)

    def next_working_day(
        self,
        day: date,
        days_off: Collection[date] = (),
        works_on: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> date:
        """The first working day after this day."""
        return self._step(day, 1, days_off, works_on)

    def on_or_after(
        self,
        day: date,
        days_off: Collection[date] = (),
        works_on: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> date:
        """This day where it is worked, else the first working day after it."""
        if self.is_working(day, days_off, works_on):
            return day
        return self.next_working_day(day, days_off, works_on)

    def working_days_between(
        self,
        first: date,
        last: date,
        days_off: Collection[date] = (),
        works_on: frozenset[int] = MONDAY_TO_FRIDAY,
    ) -> int:
        """How many working days lie after the first day, up to and including the last.

        Below nought where the last day comes before the first.
        """
        if last < first:
            return -self.working_days_between(last, first, days_off, works_on)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.is_working(day, days_off, works_on) for day in days)

    def instant(self, day: date, at: time | str) -> datetime:
        """The instant at which the partnership's clock shows a time on a day, in UTC.

        A time that the clocks skip in spring is taken an hour later; of a time that comes twice
        in autumn, the first is taken. Raises ValueError for words that are no time of day.
        """
        shown = time.fromisoformat(at) if isinstance(at, str) else at
        return datetime.combine(day, shown.replace(fold=0), tzinfo=self.zone).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """What the partnership's clock shows at an instant. Raises ValueError where it is naive."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone: pass an aware datetime")
        return instant.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """The date on the partnership's calendar at this instant."""
        return self.local(now).date()

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing may be sent at this instant."""
        return falls_within(self.local(now).time(), self.quiet_from, self.quiet_to)

    def end_of_quiet(self, now: datetime) -> datetime:
        """When sending may begin again, in UTC: this very instant where it is not quiet."""
        if not self.is_quiet(now):
            return now.astimezone(UTC)
        shown = self.local(now)
        day = shown.date() if shown.time() < self.quiet_to else shown.date() + _ONE_DAY
        end = self.instant(day, self.quiet_to)
        if end > now:
            return end
        # The hour that comes twice: the first of the two has passed already.
        again = datetime.combine(day, self.quiet_to.replace(fold=1), tzinfo=self.zone)
        return again.astimezone(UTC)

    def _move(
        self,
        day: date,
        period: Period,
        sign: int,
        days_off: Collection[date],
        works_on: frozenset[int],
    ) -> date:
        if period.unit == "working day":
            for _ in range(period.count):
                day = self._step(day, sign, days_off, works_on)
            return day
        if period.unit == "month":
            return _months_on(day, sign * period.count)
        if period.unit in {"day", "week"}:
            return day + sign * timedelta(days=period.count * (7 if period.unit == "week" else 1))
        raise ValueError(f"{period} cannot be counted from a date, only from an instant")

    def _step(
        self, day: date, sign: int, days_off: Collection[date], works_on: frozenset[int]
    ) -> date:
        if not works_on & frozenset(range(7)):
            raise ValueError("somebody who works on no day has no next working day")
        day += sign * _ONE_DAY
        while not self.is_working(day, days_off, works_on):
            day += sign * _ONE_DAY
        return day


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
