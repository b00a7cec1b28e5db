"""For a stranger a family does not exist: the same answer, letter for letter, as for no family."""

from __future__ import annotations

import re

import pytest

from bot.commands import COMMANDS
from storage.audit import AuditEntry
from tests.web.conftest import Browser
from tests.web.rich import Rich

PAGES = ("", "/plan", "/meetings", "/indicators", "/family", "/history", "/room/after/0")
KEY = "0123456789abcdef" * 2


def test_every_page_of_a_family_is_there_for_its_team(browser: Browser) -> None:
    for page in PAGES:
        assert browser("Asha").get(f"/families/F-1042{page}").status_code == 200


@pytest.mark.parametrize("who", ["Nosy", "Priya", "Dr Clarke", "Ola"])
@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_sees_what_nobody_sees(browser: Browser, who: str, page: str) -> None:
    there = browser(who).get(f"/families/F-1042{page}")
    nowhere = browser(who).get(f"/families/F-7777{page}")
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text
    assert "There is nothing here for you" in there.text


@pytest.mark.parametrize("name", [one.id for one in COMMANDS.values() if one.on])
def test_a_stranger_finds_no_form(browser: Browser, family: Rich, name: str) -> None:
    kind = COMMANDS[name].on
    there = browser("Nosy").get(f"/do/{name}/{family.refs[kind]}")
    nowhere = browser("Nosy").get(f"/do/{name}/{kind}-987654")
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    assert there.status_code == 404


@pytest.mark.parametrize("name", [one.id for one in COMMANDS.values() if one.on])
def test_a_strangers_press_finds_nothing(browser: Browser, family: Rich, name: str) -> None:
    kind = COMMANDS[name].on
    for extra in ({}, {"_add": "actions"}, {"_add": "dissents"}):
        there = browser("Nosy").post(f"/do/{name}/{family.refs[kind]}", data={"key": KEY, **extra})
        nowhere = browser("Nosy").post(f"/do/{name}/{kind}-987654", data={"key": KEY, **extra})
        assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
        assert there.status_code == 404


def test_a_stranger_leaves_no_read_behind_and_the_team_does(browser: Browser, family: Rich) -> None:
    before = _reads(family)
    browser("Nosy").get("/families/F-1042")
    browser("Asha").get("/families/F-1042/room/after/0")
    assert _reads(family) == before
    browser("Asha").get("/families/F-1042/plan")
    assert _reads(family) == [*before, ("Asha", "plan")]


def _reads(family: Rich) -> list[tuple[str, str]]:
    with family.world.database.reading() as session:
        found = session.query(AuditEntry).where(AuditEntry.entry == "read").order_by(AuditEntry.id)
        return [(one.person.name, one.facts["page"]) for one in found]


def test_only_supervisors_see_supervision(browser: Browser) -> None:
    there, nowhere = browser("Asha").get("/supervision"), browser("Asha").get("/nowhere")
    assert (there.status_code, there.text) == (404, nowhere.text)
    assert "Who is right?" in browser("Dr Clarke").get("/supervision").text


def test_taken_off_the_team_it_is_gone(browser: Browser, family: Rich) -> None:
    asha = browser("Asha")
    assert asha.get("/families/F-1042").status_code == 200
    family.world.does("Maya", "member.remove", family.refs["team_member"], why="She moved on")
    for page in PAGES:
        assert asha.get(f"/families/F-1042{page}").status_code == 404
    assert "F-1042" not in asha.get("/").text


def test_while_sharing_is_stopped_only_the_lead_looks(browser: Browser, family: Rich) -> None:
    family.world.does(
        "Maya", "consent.withdraw", family.refs["family_member"], withdrawn_on="2025-03-18"
    )
    assert browser("Asha").get("/families/F-1042").status_code == 404
    assert "Sharing about this family has stopped" in browser("Asha").get("/").text
    assert "Go on sharing" in browser("Maya").get("/families/F-1042/family").text


def test_a_co_ordinator_of_a_vacant_family_sees_its_reference_and_no_more(
    browser: Browser, family: Rich
) -> None:
    family.world.does("Maya", "lead.take_back", family.refs["handover"])
    family.world.does("Maya", "lead.give_up", family.refs["taf"], reason="Very private reason")
    priya = browser("Priya")
    assert "/do/lead.hand_over/taf-1" in priya.get("/").text
    form = priya.get("/do/lead.hand_over/taf-1")
    assert form.status_code == 200
    assert "F-1042" in form.text
    moved = priya.get(f"/do/meeting.reschedule/{family.refs['meeting']}")
    assert moved.status_code == 200
    shown = re.sub(r"<select id=\"practise-as.*?</select>", "", moved.text, flags=re.DOTALL)
    for word in ("mother", "The Willows", "private", "step-father"):
        assert word not in form.text
        assert word not in shown
    assert priya.get("/families/F-1042").status_code == 404


def test_who_is_offered_the_lead_sees_the_reference_and_no_reason(
    browser: Browser, family: Rich
) -> None:
    family.world.does("Maya", "lead.take_back", family.refs["handover"])
    family.world.given_a_person("Zed", "housing")
    offer = family.world.does(
        "Maya", "lead.hand_over", family.refs["taf"], to=family.world.ref("Zed"), reason="Secret"
    ).about
    page = browser("Zed").get(f"/do/lead.accept/{offer}")
    assert page.status_code == 200
    assert "F-1042" in page.text
    assert "Secret" not in page.text


def test_one_persons_key_does_not_open_anothers_answer(browser: Browser, family: Rich) -> None:
    action = family.refs["action"]
    done = browser("Asha").post(f"/do/action.mark_done/{action}", data={"key": KEY})
    assert done.status_code == 303
    other = browser("Nosy").post(f"/do/action.mark_done/{action}", data={"key": KEY})
    assert other.status_code == 404
    nosy = browser("Nosy")
    nosy.cookies.set("said", done.cookies["said"])
    assert "Marked done" not in nosy.get("/").text
