"""Stories of the one message a working day: whole, in waking hours, and never twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.boundary import Press
from bot.playing import advance
from storage.database import Database
from tests import builders
from tests.stories.test_meetings import called
from tests.world import World


def moments(world: World, name: str) -> list[str]:
    days = world.assistant.office.days
    return [f"{days.local(one.at):%a %d %b %H:%M}" for one in world.then(name).messages]


def wakes_up(world: World, day: str, at: str) -> None:
    """Nothing ran until now; then sweeping and sending begin, in the order of a start."""
    on = datetime.strptime(f"{day} 2025", "%a %d %B %Y").date()  # noqa: DTZ007
    world.clock.set(world.assistant.office.days.instant(on, at))
    world.assistant.ticker.tick()


def test_weekends_bank_holidays_and_closures_are_quiet(file: Database) -> None:
    world = World(file, {"partnership": {"closure_days": ["2025-04-22"]}})
    for day in ("Thu 17 April", "Fri 18 April", "Mon 21 April", "Tue 22 April", "Sun 20 April"):
        world.given_an_agreed_action(owner="Asha", due=day)
    world.when("Thu 24 April", "12:00")

    heard = moments(world, "Asha")
    april = [one for one in heard if "Apr" in one]
    assert april[-2:] == ["Thu 17 Apr 08:30", "Wed 23 Apr 08:30"]
    assert all(one.split()[1] not in {"18", "19", "20", "21", "22"} for one in april)
    assert all(one.endswith("08:30") for one in heard)


def test_no_digest_at_christmas(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Wed 24 December")
    world.when("Wed 31 December", "12:00")

    december = [one for one in moments(world, "Asha") if "Dec" in one]
    assert december == ["Fri 19 Dec 08:30", "Wed 24 Dec 08:30", "Mon 29 Dec 08:30"]


def test_everything_of_the_day_over_all_families_in_one(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    called(world, "Asha", on="2025-03-19")
    world.given_a_family(family="F-2000")
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Tue 18 March", "12:00")

    days = [one.rsplit(" ", 1)[0] for one in moments(world, "Asha")]
    assert len(days) == len(set(days))
    last = world.then("Asha").messages[-1]
    assert last.title == "Today: three things across your families"


def test_the_digest_keeps_its_hour_over_the_spring_clock_change(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Mon 31 March")
    world.when("Tue 1 April", "12:00")

    shown = [one for one in world.then("Asha").messages if one.at.month >= 3][-2:]
    assert [one.at.strftime("%d %H:%M") for one in shown] == ["31 07:30", "01 07:30"]


def test_the_digest_keeps_its_hour_over_the_autumn_clock_change(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Mon 27 October")
    world.when("Tue 28 October", "12:00")

    shown = [one.at.strftime("%a %d %H:%M") for one in world.then("Asha").messages][-3:]
    assert shown == ["Wed 22 07:30", "Mon 27 08:30", "Tue 28 08:30"]


def test_a_meeting_in_an_hour_over_the_clock_change(world: World) -> None:
    called(world, "Asha", on="2025-03-31", at="09:00")
    world.when("Mon 31 March", "12:00")

    soon = [
        one.at.strftime("%H:%M") for one in world.then("Asha").messages if "starts on" in one.text
    ]
    assert soon == ["07:00"]


@pytest.mark.parametrize(("day", "at"), [("Fri 21 March", "10:00"), ("Fri 21 March", "08:31")])
def test_after_an_outage_the_newest_step_only_and_one_digest(
    world: World, day: str, at: str
) -> None:
    world.given_an_agreed_action(owner="Asha", due="Wed 19 March")
    world.given_an_agreed_action(owner="Asha", due="Wed 19 March")
    world.when("Mon 17 March", "18:30")
    heard = len(world.then("Asha").messages)
    wakes_up(world, day, at)
    world.when("Fri 21 March", "23:00")

    (digest,) = world.then("Asha").messages[heard:]
    assert digest.title == "Today: two things across your families"
    assert digest.text.count("is overdue") == 2
    assert "is due" not in digest.text
    world.then("Lead Professional").sees("Asha's action 1 is overdue")


def test_after_an_outage_sending_may_begin_before_sweeping(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Wed 19 March")
    world.when("Fri 14 March", "07:00")
    world.given_an_agreed_action(owner="Asha", due="Fri 21 March")
    world.when("Fri 14 March", "08:00")
    heard = len(world.then("Asha").messages)
    days = world.assistant.office.days
    world.clock.set(days.instant(date(2025, 3, 19), "10:00"))
    world.assistant.delivery.drain()
    world.assistant.ticker.tick()
    world.when("Thu 20 March", "12:00")

    told = [f"{one.at:%a %d}" for one in world.then("Asha").messages[heard:]]
    assert told == ["Wed 19", "Thu 20"]


@pytest.mark.parametrize("at", ["02:00", "18:01", "23:59", "07:59"])
def test_after_an_outage_nobody_is_woken(world: World, at: str) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.when("Wed 12 March", "07:00")
    heard = len(world.then("Asha").messages)
    wakes_up(world, "Thu 13 March" if at > "12:00" else "Fri 14 March", at)
    assert len(world.then("Asha").messages) == heard
    world.when("Fri 14 March", "12:00")

    assert moments(world, "Asha")[heard:] == ["Fri 14 Mar 08:30"]
    assert "Your action 1 is due soon" in world.then("Asha").messages[-1].text


@pytest.mark.parametrize("at", ["18:01", "23:59"])
def test_a_digest_that_was_ready_before_an_outage_wakes_nobody(world: World, at: str) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    wakes_up(world, "Wed 5 March", at)
    world.then("Asha").hears_nothing()
    world.when("Thu 6 March", "12:00")

    assert moments(world, "Asha") == ["Thu 06 Mar 08:30"]
    world.then("Asha").sees("Action 1 is yours")


def test_what_cannot_wait_waits_out_the_night_after_an_outage(world: World) -> None:
    world.given_a_family()
    request = world.does("Asha", "help.ask", world.taf, **builders.help_wanted()).about or ""
    world.when("Tue 4 March", "17:59")
    answers = {"answer": "Try a joint visit"}
    press = Press("web", "k", world.people["Dr Clarke"], "help.answer", request, answers)
    assert world.assistant.boundary.press(press).ok
    heard = len(world.then("Asha").messages)
    wakes_up(world, "Tue 4 March", "22:00")
    assert len(world.then("Asha").messages) == heard
    world.when("Wed 5 March", "08:00")

    assert moments(world, "Asha")[heard:] == ["Wed 05 Mar 08:00"]


def test_a_press_before_the_sweep_silences_nothing(world: World) -> None:
    action = world.given_an_agreed_action(owner="Asha", due="Wed 19 March")
    world.when("Wed 19 March", "23:00")
    days = world.assistant.office.days
    world.clock.set(days.instant(date(2025, 3, 21), "07:00"))
    other = world.given_an_agreed_action(owner="Tom", due="Tue 25 March")
    assert action != other
    world.when("Fri 21 March", "12:00")

    world.then("Asha").sees("Your action 1 is overdue")
    world.then("Lead Professional").sees("Asha's action 1 is overdue")


def test_what_is_too_late_is_not_said(world: World) -> None:
    called(world, "Asha", on="2025-03-11", at="10:00")
    world.when("Mon 10 March", "07:00")
    heard = len(world.then("Asha").messages)
    wakes_up(world, "Tue 11 March", "11:00")
    world.when("Tue 11 March", "23:00")

    assert "tomorrow" not in "".join(one.text for one in world.then("Asha").messages[heard:])
    assert [one for one in world.then("Asha").messages[heard:] if "starts on" in one.text] == []
    late = [one for one in world.outbox() if one.notice in {"meeting_tomorrow", "meeting_soon"}]
    assert late == [] or {one.state for one in late} == {"cancelled"}


def test_the_clock_may_jump_without_losing_the_newest(world: World) -> None:
    world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    advance(world.assistant, world.clock, world.clock.now() + timedelta(days=60))

    told = "\n".join(one.text for one in world.then("Asha").messages)
    assert told.count("Your action 1 is due soon") == 1
    assert told.count("Your action 1 is overdue") == 1
    world.then("Dr Clarke").sees("Asha's action 1 is overdue")
