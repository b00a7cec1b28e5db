"""A button is shown exactly when its press would be allowed."""

from __future__ import annotations

import pytest

from bot.commands import COMMANDS
from storage import subjects
from storage.accounts import Account
from storage.outbox import Delivery
from storage.people import Person
from tests.web.conftest import Browser
from tests.web.looking import Page
from tests.web.rich import Rich

KINDS = {
    "": ("taf",),
    "/plan": ("action", "plan"),
    "/meetings": ("meeting",),
    "/indicators": ("indicator",),
    "/family": ("family_member", "team_member", "handover", "assessment", "help"),
}
"""The kinds of subject each page shows all of."""


def allowed(family: Rich, who: str, kinds: tuple[str, ...]) -> set[tuple[str, str]]:
    world = family.world
    with world.database.reading() as session:
        doing = world.assistant.boundary.doing(
            session, world.people[who], world.assistant.clock.now()
        )
        taf = subjects.find(session, family.refs["taf"])
        found = {
            "taf": [taf],
            "action": taf.actions,
            "plan": [taf.plan],
            "meeting": taf.meetings,
            "indicator": taf.indicators,
            "family_member": taf.members,
            "team_member": [one for one in taf.team if one.state in {"joined", "proposed"}],
            "handover": taf.handovers,
            "assessment": taf.assessments,
            "help": taf.help_requests,
            "delivery": session.query(Delivery).all(),
            "person": session.query(Person).all(),
            "account": session.query(Account).all(),
        }
        return {
            (command.id, one.ref)
            for command in COMMANDS.values()
            if command.on in kinds
            for one in found[command.on]
            if command.does.refusal(doing, one) is None
        }


@pytest.mark.parametrize("who", ["Maya", "Asha", "Tom"])
@pytest.mark.parametrize("page", KINDS)
def test_buttons_are_those_that_would_work(
    browser: Browser, family: Rich, who: str, page: str
) -> None:
    shown = Page(browser(who).get(f"/families/F-1042{page}").text).presses()
    on_page = {pair for pair in shown if pair[1].rpartition("-")[0] in KINDS[page]}
    assert on_page == allowed(family, who, KINDS[page])
    assert on_page


@pytest.mark.parametrize("who", ["Maya", "Asha", "Tom"])
def test_every_button_of_a_card_would_work(browser: Browser, family: Rich, who: str) -> None:
    kinds = tuple({one.on for one in COMMANDS.values() if one.on})
    works = allowed(family, who, kinds)
    for address in ("/families/F-1042", "/my"):
        shown = Page(browser(who).get(address).text).presses()
        assert {pair for pair in shown if pair[1]} <= works


def test_done_is_shown_in_place_of_a_button(browser: Browser, family: Rich) -> None:
    action = family.refs["action"]
    asha = browser("Asha")
    assert ("action.mark_done", action) in Page(asha.get("/my").text).presses()
    family.world.does("Maya", "action.mark_done", action)
    assert ("action.mark_done", action) not in Page(asha.get("/my").text).presses()
    room = asha.get("/families/F-1042?before=20").text
    assert "Action 1 is done" in room
    assert ("action.mark_done", action) not in Page(room).presses()
    assert ("action.reopen", action) in Page(room).presses()


def test_after_closing_no_button_is_left(browser: Browser, family: Rich) -> None:
    family.world.does(
        "Maya",
        "taf.close",
        family.refs["taf"],
        reason="moved",
        family_agreed="no",
        team_agreed="yes",
        told=[
            {"who": family.refs["family_member"], "told_on": "2025-03-18"},
            {"who": family.refs["step_father"], "why_not": "He is away"},
        ],
    )
    for page in KINDS:
        answer = browser("Maya").get(f"/families/F-1042{page}")
        assert answer.status_code == 200
        assert not {pair for pair in Page(answer.text).presses() if pair[1]}
    home = browser("Maya").get("/").text
    assert "closed on 18 March 2025" in home
    assert "He is away" in browser("Maya").get("/families/F-1042/family").text


def test_single_presses_are_forms_and_the_rest_are_links(browser: Browser, family: Rich) -> None:
    page = Page(browser("Asha").get("/my").text)
    action = family.refs["action"]
    form = page.form(f"/do/action.mark_done/{action}")
    assert form.method == "post"
    assert {name for name, _ in form.fields} == {"key", "seen", "from"}
    assert f"/do/action.block/{action}?from=my" in page.links


@pytest.mark.parametrize(
    ("who", "sees"), [("Maya", True), ("Priya", True), ("Ola", False), ("Dr Clarke", False)]
)
def test_convening_is_offered_to_those_who_may(browser: Browser, who: str, sees: bool) -> None:
    page = browser(who).get("/")
    assert (("taf.convene", "") in Page(page.text).presses()) is sees
    assert browser(who).get("/do/taf.convene").status_code == (200 if sees else 403)
