"""The page of what could not be delivered: who sees what there, and what they can do."""

from __future__ import annotations

import re

import pytest

from bot.commands import COMMANDS
from storage import inbox
from storage.audit import AuditEntry
from storage.inbox import Arrival
from storage.outbox import Delivery
from storage.people import Person
from tests.web.conftest import Browser
from tests.web.looking import Page
from tests.web.rich import ARCHIVED, LONG, Rich, refusing
from tests.world import World

ADDRESS = "/undelivered"


def asks_for_time(family: Rich, times: int = 1) -> None:
    """Asha's action moves, so often, and no card of it reaches the room."""
    with refusing(family.world):
        for number in range(times):
            family.world.does(
                "Asha",
                "action.ask_for_time",
                family.refs["action"],
                due_on=f"2025-05-{number + 1:02}",
                reason="She is away",
            )


def test_the_lead_and_the_co_ordinators_see_it(browser: Browser, family: Rich) -> None:
    number = f"D-{family.refs['delivery'].rpartition('-')[2]}"
    for who in ("Maya", "Priya"):
        page = Page(browser(who).get(ADDRESS).text)
        assert "F-1042 : A card of an action" in page.text.replace("F-1042:", "F-1042 :")
        for said in (
            "About Action 4",
            "For The family’s room",
            f"Why {ARCHIVED}",
            f"Number {number}",
        ):
            assert said in page.text
        assert "Last tried 4 March 2025 at 9am" in page.text
    assert "/families/F-1042" in Page(browser("Maya").get(ADDRESS).text).links
    assert "/families/F-1042" not in Page(browser("Priya").get(ADDRESS).text).links


def test_the_look_is_written_down(browser: Browser, family: Rich) -> None:
    browser("Priya").get(ADDRESS)
    with family.world.database.reading() as session:
        line = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert line is not None
        assert line.person is not None
        assert (line.person.name, line.taf_id) == ("Priya", 1)
        assert line.facts == {"page": "undelivered"}


@pytest.mark.parametrize("who", ["Asha", "Tom", "Nosy", "Ola", "Dr Clarke"])
def test_for_everybody_else_there_is_no_such_page(browser: Browser, who: str) -> None:
    there, nowhere = browser(who).get(ADDRESS), browser(who).get("/nowhere")
    assert (there.status_code, there.text) == (404, nowhere.text)
    assert ADDRESS not in Page(browser(who).get("/my").text).links
    assert "could not be delivered" not in browser(who).get("/my").text


def test_the_lead_of_another_family_sees_and_counts_nothing(browser: Browser, family: Rich) -> None:
    family.world.given_a_family(
        family="F-2000", lead_professional=family.world.ref("Tom"), practitioners=[]
    )
    page = browser("Tom").get(ADDRESS)
    assert page.status_code == 200
    assert "Everything was delivered." in page.text
    assert "F-1042" not in page.text
    assert "could not be delivered" not in browser("Tom").get("/my").text


def test_my_work_counts_what_one_may_see_to(browser: Browser, family: Rich) -> None:
    for who in ("Maya", "Priya"):
        my = Page(browser(who).get("/my").text)
        assert "One message could not be delivered" in my.text
        assert ADDRESS in my.links
    asks_for_time(family)
    assert "Two messages could not be delivered" in browser("Maya").get("/my").text


def allowed(world: World, who: str) -> set[tuple[str, str]]:
    with world.database.reading() as session:
        doing = world.assistant.boundary.doing(session, world.people[who], world.clock.now())
        return {
            (command.id, one.ref)
            for command in COMMANDS.values()
            if command.on == "delivery"
            for one in session.query(Delivery)
            if command.does.refusal(doing, one) is None
        }


@pytest.mark.parametrize("who", ["Maya", "Priya"])
def test_a_button_is_shown_exactly_when_its_press_would_be_done(
    browser: Browser, family: Rich, who: str
) -> None:
    asks_for_time(family, 2)
    shown = Page(browser(who).get(ADDRESS).text).presses()
    assert shown == allowed(family.world, who)
    assert {name for name, _ in shown} == {"delivery.try_again", "delivery.set_aside"}
    family.world.does("Asha", "action.mark_done", family.refs["action"])
    shown = Page(browser(who).get(ADDRESS).text).presses()
    assert shown == allowed(family.world, who)
    assert len([one for one in shown if one[0] == "delivery.try_again"]) == 1
    said = browser(who).get(ADDRESS).text
    assert said.count("This is not needed any more, so it cannot be tried again.") == 2


def test_tried_again_it_stands_in_the_room_and_leaves_the_list(
    browser: Browser, family: Rich
) -> None:
    priya, ref = browser("Priya"), family.refs["delivery"]
    form = Page(priya.get(ADDRESS).text).form(f"/do/delivery.try_again/{ref}")
    answer = priya.post(form.action, data=form.values())
    assert (answer.status_code, answer.headers["location"]) == (303, ADDRESS)
    page = priya.get(ADDRESS).text
    assert "It is tried again now." in page
    assert "Everything was delivered." in page
    assert "Action 4 is open" in browser("Maya").get("/families/F-1042").text
    again = priya.post(form.action, data=form.values())
    assert again.status_code == 303
    late = browser("Maya").post(form.action, data=form.values(key="0" * 32))
    assert late.status_code == 409
    assert "Somebody has seen to this already" in late.text


def test_setting_aside_asks_first(browser: Browser, family: Rich) -> None:
    maya, ref = browser("Maya"), family.refs["delivery"]
    asked = Page(maya.get(f"/do/delivery.set_aside/{ref}?from=undelivered").text)
    assert "Does everybody who needs this know it another way?" in asked.text
    assert "A card of an action" in asked.text
    assert ARCHIVED in asked.text
    form = asked.form()
    answer = maya.post(f"/do/delivery.set_aside/{ref}", data=form.values())
    assert answer.headers["location"] == ADDRESS
    assert "It is set aside, and not sent any more." in maya.get(ADDRESS).text
    history = Page(browser("Maya").get("/families/F-1042/history").text).text
    assert "Set it aside" in history


def test_a_digest_that_is_about_no_family_has_its_pages_too(browser: Browser, family: Rich) -> None:
    with refusing(family.world):
        family.world.when("Wed 19 March")
    digests = [one for one in family.world.outbox() if (one.operation, one.state) == DEAD_DIGEST]
    assert digests
    priya = browser("Priya")
    page = Page(priya.get(ADDRESS).text)
    assert "The daily message" in page.text
    asked = priya.get(f"/do/delivery.set_aside/{digests[0].ref}?from=undelivered")
    assert asked.status_code == 200
    assert digests[0].reference in asked.text
    there = browser("Maya").get(f"/do/delivery.set_aside/{digests[0].ref}")
    nowhere = browser("Maya").get("/do/delivery.set_aside/delivery-987654")
    assert (there.status_code, there.text) == (404, nowhere.text)


DEAD_DIGEST = ("digest", "dead")


def test_page_by_page_nothing_is_left_out(browser: Browser, family: Rich) -> None:
    asks_for_time(family, 27)
    maya, address = browser("Maya"), ADDRESS
    seen: list[list[str]] = []
    while address:
        html = maya.get(address).text
        seen.append(re.findall(r'id="(delivery-\d+)"', html))
        following = re.search(r'rel="next" href="([^"]+)"', html)
        address = following[1] if following else ""
    assert [len(one) for one in seen] == [25, 3]
    everything = [ref for page in seen for ref in page]
    assert len(set(everything)) == 28
    assert everything[-1] == family.refs["delivery"]
    older = maya.get(f"{ADDRESS}?before=1")
    assert "Nothing older." in older.text
    assert maya.get(f"{ADDRESS}?before=nothing").status_code == 404


def test_what_came_in_and_was_not_done_is_for_co_ordinators(browser: Browser, family: Rich) -> None:
    world = family.world
    with world.database.writing() as session:
        for number, kind in enumerate(("press", "member_left")):
            now = world.clock.now()
            body = {"answers": {"words": "Something private"}}
            inbox.receive(session, [Arrival("teams", f"key-{number}", kind, body)], now, now)
            found = inbox.find(session, "teams", f"key-{number}")
            assert found is not None
            inbox.settle(found, "dead", {})
            found.why = "A fault: quote 7F3K9."
    priya = Page(browser("Priya").get(ADDRESS).text)
    for said in ("Could not be worked on", "A press", "Member left", "A fault: quote 7F3K9."):
        assert said in priya.text
    assert "private" not in priya.text
    assert "7F3K9" not in browser("Maya").get(ADDRESS).text


def test_a_long_name_breaks_and_is_escaped(browser: Browser, family: Rich) -> None:
    with family.world.database.writing() as session:
        lost = session.get_one(Delivery, int(family.refs["delivery"].rpartition("-")[2]))
        lost.operation, lost.person_id = "remove", family.world.people["Tom"]
        session.get_one(Person, family.world.people["Tom"]).name = f"<b>{LONG[:60]}"
    page = browser("Maya").get(ADDRESS).text
    assert "<b>Anti" not in page
    assert "is not taken out, and can still read the room" in page
