"""The calendar: working days in each nation, and instants right across both clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.policy import Policy, load_policy
from workflows.working_days import NATIONS, Period, WorkingDays, bank_holidays

POLICY = load_policy((Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8"))
DAYS = WorkingDays.of(POLICY)
LONDON = ZoneInfo("Europe/London")

NEXT_YEAR = max(day.year for day in POLICY.partnership.closure_days) + 1
"""The year after the latest that app.yaml plans for: deadlines reach into it."""

dates = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))
instants = st.integers(0, 9 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
clock_changes = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def working(count: int) -> Period:
    return Period(count, "working day")


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def days_in(nation: str) -> WorkingDays:
    return replace(DAYS, nation=nation)


# Bank holidays, as GOV.UK publishes them


@pytest.mark.parametrize(
    ("day", "holiday_in"),
    [
        (date(2026, 1, 2), {"Scotland"}),
        (date(2026, 3, 17), {"Northern Ireland"}),
        (date(2026, 4, 3), set(NATIONS)),  # Good Friday
        (date(2026, 4, 6), {"England", "Wales", "Northern Ireland"}),  # Easter Monday
        (date(2026, 7, 13), {"Northern Ireland"}),  # for 12 July, a Sunday
        (date(2026, 8, 3), {"Scotland"}),
        (date(2026, 8, 31), {"England", "Wales", "Northern Ireland"}),
        (date(2026, 11, 30), {"Scotland"}),
        (date(2026, 12, 28), set(NATIONS)),  # for Boxing Day, a Saturday
        (date(2027, 12, 28), set(NATIONS)),  # for Boxing Day, a Sunday
    ],
)
def test_each_nation_keeps_its_own_bank_holidays(day: date, holiday_in: set[str]) -> None:
    no_closures = {nation: replace(days_in(nation), closures=frozenset()) for nation in NATIONS}

    assert {n for n, days in no_closures.items() if not days.is_working(day)} == holiday_in


@pytest.mark.parametrize("nation", NATIONS)
def test_next_years_bank_holidays_are_known(nation: str) -> None:
    known = bank_holidays(nation, NEXT_YEAR)

    assert len([day for day in known if day.weekday() < 5]) >= 8, (
        f"no bank holidays for {nation} in {NEXT_YEAR}: update the holidays library"
    )


# Working days


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 3, 2), True),  # a Monday
        (date(2026, 3, 7), False),  # a Saturday
        (date(2026, 3, 8), False),  # a Sunday
        (date(2026, 12, 29), False),  # the partnership is closed
    ],
)
def test_weekends_and_closures_are_not_worked(day: date, worked: bool) -> None:
    assert DAYS.is_working(day) is worked


def test_a_practitioner_has_days_of_their_own() -> None:
    leave = [date(2026, 3, 3), date(2026, 3, 4)]
    not_fridays = frozenset({0, 1, 2, 3})

    assert not DAYS.is_working(leave[0], days_off=leave)
    assert DAYS.next_working_day(date(2026, 3, 2), days_off=leave) == date(2026, 3, 5)
    assert not DAYS.is_working(date(2026, 3, 6), works_on=not_fridays)
    assert DAYS.on_or_after(date(2026, 3, 6), works_on=not_fridays) == date(2026, 3, 9)
    assert DAYS.is_working(date(2026, 3, 7), works_on=frozenset({5}))


@pytest.mark.parametrize(
    ("day", "period", "lands"),
    [
        ("2026-03-02", "15 working days", "2026-03-23"),
        ("2026-03-30", "5 working days", "2026-04-08"),  # over Easter
        ("2026-03-07", "1 working day", "2026-03-09"),  # from a Saturday
        ("2026-12-24", "1 working day", "2027-01-04"),  # over Christmas and the closure
        ("2026-03-02", "6 weeks", "2026-04-13"),
        ("2026-02-20", "6 weeks", "2026-04-03"),  # Good Friday: lands as it is
        ("2026-03-02", "10 days", "2026-03-12"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2027-12-31", "2 months", "2028-02-29"),
        ("2026-03-02", "12 months", "2027-03-02"),
    ],
)
def test_periods_are_added(day: str, period: str, lands: str) -> None:
    assert DAYS.add(date.fromisoformat(day), Period.parse(period)) == date.fromisoformat(lands)


@pytest.mark.parametrize(
    ("day", "period", "lands"),
    [
        ("2026-03-23", "15 working days", "2026-03-02"),
        ("2026-04-07", "1 working day", "2026-04-02"),
        ("2026-04-13", "6 weeks", "2026-03-02"),
        ("2026-03-31", "1 month", "2026-02-28"),
        ("2027-01-15", "1 month", "2026-12-15"),
    ],
)
def test_periods_are_counted_back(day: str, period: str, lands: str) -> None:
    assert DAYS.before(date.fromisoformat(day), Period.parse(period)) == date.fromisoformat(lands)


def test_hours_cannot_be_counted_from_a_date() -> None:
    with pytest.raises(ValueError, match="only from an instant"):
        DAYS.add(date(2026, 3, 2), Period(1, "hour"))


@pytest.mark.parametrize("works_on", [frozenset(), frozenset({7})])
def test_somebody_who_never_works_has_no_next_working_day(works_on: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="no next working day"):
        DAYS.next_working_day(date(2026, 3, 2), works_on=works_on)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-03-02", "2026-03-02", 0),
        ("2026-03-02", "2026-03-03", 1),
        ("2026-03-06", "2026-03-09", 1),
        ("2026-04-02", "2026-04-07", 1),
        ("2026-03-09", "2026-03-06", -1),
    ],
)
def test_working_days_between(first: str, last: str, count: int) -> None:
    found = DAYS.working_days_between(date.fromisoformat(first), date.fromisoformat(last))

    assert found == count


@given(dates, st.integers(1, 60), st.sampled_from(sorted(NATIONS)))
def test_going_on_and_coming_back_is_the_same_day(day: date, count: int, nation: str) -> None:
    days = days_in(nation)
    start = days.on_or_after(day)

    there = days.add(start, working(count))

    assert days.is_working(there)
    assert days.before(there, working(count)) == start
    assert days.working_days_between(start, there) == count


@given(dates, st.integers(1, 400), st.sampled_from(["day", "week"]))
def test_plain_days_and_weeks_come_back_exactly(day: date, count: int, unit: str) -> None:
    period = Period.parse(f"{count} {unit}s")

    assert DAYS.before(DAYS.add(day, period), period) == day


@given(dates, st.integers(1, 60))
def test_months_keep_the_day_or_the_months_end(day: date, count: int) -> None:
    there = DAYS.add(day, Period(count, "month"))

    assert (there.year - day.year) * 12 + there.month - day.month == count
    assert there.day == day.day or (there + timedelta(days=1)).day == 1


@given(dates)
def test_the_next_working_day_is_the_nearest(day: date) -> None:
    found = DAYS.next_working_day(day)

    gap = [day + timedelta(days=n) for n in range(1, (found - day).days)]
    assert found > day
    assert DAYS.is_working(found)
    assert not any(DAYS.is_working(each) for each in gap)


# Instants


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        ("2026-03-02", "08:30", utc(2026, 3, 2, 8, 30)),  # winter
        ("2026-07-01", "08:30", utc(2026, 7, 1, 7, 30)),  # summer
        ("2026-03-28", "08:30", utc(2026, 3, 28, 8, 30)),  # the day before the clocks go on
        ("2026-03-29", "08:30", utc(2026, 3, 29, 7, 30)),
        ("2026-03-29", "01:30", utc(2026, 3, 29, 1, 30)),  # skipped: 02:30 is shown
        ("2026-10-25", "01:30", utc(2026, 10, 25, 0, 30)),  # comes twice: the first
        ("2026-10-25", "08:30", utc(2026, 10, 25, 8, 30)),
    ],
)
def test_times_on_the_wall_become_instants(day: str, at: str, instant: datetime) -> None:
    found = DAYS.instant(date.fromisoformat(day), at)

    assert found == instant
    assert found.tzinfo is UTC


def test_a_skipped_time_is_shown_an_hour_later() -> None:
    shown = DAYS.local(DAYS.instant(date(2026, 3, 29), time(1, 30)))

    assert (shown.hour, shown.minute) == (2, 30)


@given(st.one_of(clock_changes, dates), minutes)
def test_the_wall_shows_the_time_that_was_asked_for(day: date, at: time) -> None:
    shown = DAYS.local(DAYS.instant(day, at)).replace(tzinfo=None)

    late = shown - datetime.combine(day, at)
    skipped = datetime.combine(day, at, tzinfo=LONDON)
    exists = skipped.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == datetime.combine(
        day, at
    )
    assert late == (timedelta() if exists else timedelta(hours=1))


@given(st.one_of(clock_changes, dates), minutes)
def test_a_time_that_comes_twice_is_the_first(day: date, at: time) -> None:
    found = DAYS.instant(day, at)

    earlier = DAYS.local(found - timedelta(hours=1)).replace(tzinfo=None)
    assert earlier != datetime.combine(day, at)


@given(instants)
def test_an_instant_and_what_the_wall_shows_are_one(instant: datetime) -> None:
    shown = DAYS.local(instant)

    assert shown == instant
    assert shown.astimezone(UTC) == instant
    assert DAYS.today(instant) == shown.date()


def test_today_is_the_partnerships_own() -> None:
    assert DAYS.today(utc(2026, 7, 1, 23, 30)) == date(2026, 7, 2)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DAYS.local(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the very thing that is refused


# Quiet hours


@pytest.mark.parametrize(
    ("now", "quiet", "end"),
    [
        (utc(2026, 3, 2, 17, 59), False, utc(2026, 3, 2, 17, 59)),
        (utc(2026, 3, 2, 18, 0), True, utc(2026, 3, 3, 8, 0)),
        (utc(2026, 3, 3, 7, 59), True, utc(2026, 3, 3, 8, 0)),
        (utc(2026, 3, 3, 8, 0), False, utc(2026, 3, 3, 8, 0)),
        (utc(2026, 3, 28, 23, 0), True, utc(2026, 3, 29, 7, 0)),  # the night the clocks go on
        (utc(2026, 10, 24, 22, 0), True, utc(2026, 10, 25, 8, 0)),  # the night they go back
    ],
)
def test_quiet_hours_run_past_midnight(now: datetime, quiet: bool, end: datetime) -> None:
    assert DAYS.is_quiet(now) is quiet
    assert DAYS.end_of_quiet(now) == end


def test_quiet_hours_may_lie_within_a_day() -> None:
    policy = load_with_quiet("00:00", "06:00")

    days = WorkingDays.of(policy)

    assert days.is_quiet(utc(2026, 3, 2, 3))
    assert not days.is_quiet(utc(2026, 3, 2, 6))
    assert not days.is_quiet(utc(2026, 3, 2, 22))
    assert days.end_of_quiet(utc(2026, 3, 2, 3)) == utc(2026, 3, 2, 6)


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_the_second_time() -> None:
    days = WorkingDays.of(load_with_quiet("01:00", "01:30"))
    second_ten_past_one = utc(2026, 10, 25, 1, 10)

    assert days.is_quiet(second_ten_past_one)
    assert days.end_of_quiet(second_ten_past_one) == utc(2026, 10, 25, 1, 30)


@given(instants, minutes, minutes)
def test_the_end_of_quiet_is_never_past(now: datetime, start: time, end: time) -> None:
    days = replace(DAYS, quiet_from=start, quiet_to=end)

    assert days.end_of_quiet(now) >= now
    assert days.is_quiet(now) or days.end_of_quiet(now) == now


@given(instants)
def test_after_the_shipped_quiet_hours_comes_sound(now: datetime) -> None:
    end = DAYS.end_of_quiet(now)

    assert not DAYS.is_quiet(end)
    assert end - now <= timedelta(hours=15)


def load_with_quiet(start: str, end: str) -> Policy:
    text = (Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8")
    return load_policy(text, overrides={"hours": {"quiet": {"from": start, "to": end}}})
