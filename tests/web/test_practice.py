"""Practice mode: choosing who to be, and moving the clock."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser
from tests.web.looking import Page
from tests.web.rich import Rich
from tests.world import World


@pytest.mark.parametrize("path", ["/", "/my", "/families/F-1042", "/do/taf.convene"])
def test_the_first_visit_is_welcomed(browser: Browser, path: str) -> None:
    answer = browser("").get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")


@pytest.mark.parametrize("kept", ["0", "999", "x", "1e0", "-1", "٣"])
def test_a_cookie_of_nobody_is_welcomed_too(browser: Browser, kept: str) -> None:
    person = browser("")
    answer = person.get("/", headers={"Cookie": f"practise_as={kept}".encode()})
    assert answer.headers["location"] == "/welcome"


def test_the_welcome_explains_and_suggests(browser: Browser, world: World) -> None:
    page = Page(browser("").get("/welcome").text)
    for words in (
        "Maya is the Lead Professional of F-1042",
        "Asha is on the team of F-1042",
        "Priya can open the work with a new family",
        "Dr Clarke hears when a team is stuck",
        "Three kinds of people",
    ):
        assert words in page.text


def test_somebody_is_chosen_and_remembered(browser: Browser, world: World) -> None:
    person = browser("")
    chosen = person.post("/practice/person", data={"person": str(world.people["Asha"])})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    assert "Practising as Asha, Housing" in Page(person.get("/").text).text
    there = person.post(
        "/practice/person",
        data={"person": str(world.people["Nosy"]), "back": "/families/F-1042/plan"},
    )
    assert there.headers["location"] == "/families/F-1042/plan"
    assert person.get("/families/F-1042/plan").status_code == 404


def test_nobody_unknown_is_chosen(browser: Browser) -> None:
    answer = browser("").post("/practice/person", data={"person": "4711"})
    assert answer.headers["location"] == "/welcome"
    assert "set-cookie" not in answer.headers


def test_everybody_stands_under_their_agency(browser: Browser, world: World) -> None:
    page = browser("Maya").get("/").text
    assert '<optgroup label="Housing">' in page
    assert "Dr Clarke (supervisor)" in page
    for number in world.people.values():
        assert f'<option value="{number}"' in page


def test_the_clock_is_shown_in_full(browser: Browser) -> None:
    text = Page(browser("Maya").get("/my").text).text
    assert "Practice clock: Tuesday 18 March 2025 at 10am" in text


@pytest.mark.parametrize(
    ("to", "shows"),
    [
        ("day", "Wednesday 19 March 2025 at 10am"),
        ("week", "Tuesday 25 March 2025 at 10am"),
        ("next", "Wednesday 19 March 2025 at 8:30am"),
    ],
)
def test_the_clock_moves_on(browser: Browser, to: str, shows: str) -> None:
    maya = browser("Maya")
    moved = maya.post("/practice/clock", data={"to": to, "back": "/my"})
    assert (moved.status_code, moved.headers["location"]) == (303, "/my")
    assert shows in Page(maya.get("/my").text).text


def test_a_week_across_the_change_of_clocks_keeps_the_time_of_day(
    browser: Browser, world: World
) -> None:
    world.when("Wed 26 March", "10:00")
    maya = browser("Maya")
    maya.post("/practice/clock", data={"to": "week"})
    assert "Wednesday 2 April 2025 at 10am" in Page(maya.get("/").text).text


def test_it_says_what_was_sent_meanwhile_once(browser: Browser, world: World) -> None:
    maya = browser("Maya")
    maya.post("/practice/clock", data={"to": "week"})
    text = Page(maya.get("/").text).text
    sent = [
        one
        for one in world.outbox()
        if one.state == "sent" and one.sent_at and one.sent_at > world.clock.now().replace(day=18)
    ]
    assert "messages were sent as time passed:" in text
    assert "F-1042: Asha's action 1 is overdue" in text
    assert "to Dr Clarke" in text
    assert len([one for one in sent if one.operation == "digest"]) > 1
    assert "sent as time passed" not in Page(maya.get("/").text).text


def test_the_digest_is_on_the_persons_own_page(browser: Browser, family: Rich) -> None:
    browser("Maya").post("/practice/clock", data={"to": "day"})
    page = Page(browser("Tom").get("/my").text)
    assert "Would you be the Lead Professional?" in page.text
    assert ("lead.accept", family.refs["handover"]) in page.presses()


def test_the_next_thing_is_one_that_is_said(browser: Browser, world: World) -> None:
    maya = browser("Maya")
    for _ in range(4):
        maya.post("/practice/clock", data={"to": "next"})
        assert "sent as time passed:" in Page(maya.get("/").text).text


def test_nothing_next_is_said(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.clock.now()
    monkeypatch.setattr(type(world.assistant.ticker), "next_moment", lambda _: None)
    maya = browser("Maya")
    maya.post("/practice/clock", data={"to": "next"})
    assert "Nothing is waiting to happen" in Page(maya.get("/").text).text
    assert world.clock.now() == before


@pytest.mark.parametrize("to", ["", "year", "-1", "next "])
def test_the_clock_moves_no_other_way(browser: Browser, world: World, to: str) -> None:
    before = world.clock.now()
    assert browser("Maya").post("/practice/clock", data={"to": to}).status_code == 404
    assert world.clock.now() == before


@pytest.mark.parametrize("kept", ["x|y", "|", "2025-03-18|2025-03-19", "nonsense"])
def test_an_odd_cookie_of_passed_time_is_passed_over(browser: Browser, kept: str) -> None:
    maya = browser("Maya")
    maya.cookies.set("passed", kept)
    answer = maya.get("/")
    assert answer.status_code == 200
    assert "as time passed" not in answer.text
