"""The room: newest first, in pages, new and changed messages arriving."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from storage.rooms import Post
from tests.web.conftest import Browser
from tests.web.looking import Page
from tests.web.rich import Rich

FRESH = re.compile(r"<div data-new>(.*?)</div>\s*<div data-edited>(.*)</div>\s*</div>", re.DOTALL)


def messages(html: str) -> list[int]:
    return [int(one) for one in re.findall(r'data-message="(\d+)"', html)]


def test_newest_first_in_pages_and_nothing_twice_or_lost(browser: Browser, family: Rich) -> None:
    asha, seen, address = browser("Asha"), [], "/families/F-1042"
    for _ in range(10):
        page = asha.get(address)
        shown = messages(page.text)
        assert len(shown) <= 20
        seen += shown
        older = re.search(r'href="(/families/F-1042\?before=\d+)"', page.text)
        if not older:
            break
        address = older[1]
    assert seen == sorted(seen, reverse=True)
    with family.world.database.reading() as session:
        room = session.query(Post.id).where(Post.room_id.isnot(None), Post.person_id.is_(None))
        supervisors = {
            one.id for one in session.query(Post) if "asks for help" in one.card["title"]
        }
        assert set(seen) == {one.id for one in room} - supervisors


def test_a_new_message_arrives_as_a_piece_of_the_page(browser: Browser, family: Rich) -> None:
    asha = browser("Asha")
    newest, since = _place(asha)
    quiet = _news(asha, newest, since)
    assert (messages(quiet[0]), messages(quiet[1])) == ([], [])
    family.world.does("Maya", "outcome.agree", family.refs["taf"], words="Words")
    family.world.does(
        "Maya",
        "action.agree",
        family.refs["taf"],
        words="New",
        list="family_plan",
        owner=family.world.ref("Asha"),
        due_on="2025-04-01",
    )
    new, edited = _news(asha, newest, since)
    assert len(messages(new)) == 1
    assert messages(new)[0] > int(newest)
    assert "Action 8 is open" in new
    assert "/do/action.mark_done/" in new
    assert messages(edited) == []


def test_a_changed_card_arrives_changed(browser: Browser, family: Rich) -> None:
    asha = browser("Asha")
    newest, since = _place(asha)
    family.world.when("Tue 18 March", "11:00")
    family.world.does("Maya", "action.mark_done", family.refs["action"])
    new, edited = _news(asha, newest, since)
    assert messages(new) == []
    assert "Action 1 is done" in edited
    (changed,) = messages(edited)
    assert f'id="message-{changed}"' in edited
    assert f'id="message-{changed}"' in asha.get(f"/families/F-1042?before={changed + 1}").text
    assert "changed" in edited
    assert "18 March 2025 at 11am" in edited


def _place(person: TestClient) -> tuple[str, str]:
    page = person.get("/families/F-1042").text
    found = re.search(r'data-newest="(\d+)" data-since="([^"]+)"', page)
    assert found
    return found[1], found[2]


def _news(person: TestClient, newest: str, since: str) -> tuple[str, str]:
    answer = person.get(f"/families/F-1042/room/after/{newest}?since={since}")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    found = FRESH.search(answer.text)
    assert found
    return found[1], found[2]


def test_without_a_script_new_messages_are_a_link_away(browser: Browser) -> None:
    page = Page(browser("Asha").get("/families/F-1042").text)
    assert "Show new messages" in page.text
    assert page.links.count("/families/F-1042") >= 1


def test_the_room_says_who_is_in_it_and_what_is_late(browser: Browser) -> None:
    text = Page(browser("Asha").get("/families/F-1042").text).text
    assert "Maya Lead Professional" in text
    assert "One action overdue" in text
    assert "Review meeting on 18 March 2025 at 9:30am To be recorded" in text


def test_older_work_with_a_family_has_pages_of_its_own(browser: Browser, family: Rich) -> None:
    world = family.world
    world.does(
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
    world.does(
        "Tom",
        "taf.convene",
        family="F-1042",
        members=[
            {
                "label": "baby",
                "stage": "child",
                "age_band": "0-4",
                "lives": "here",
                "parental_responsibility": "no",
            }
        ],
        lead_professional=world.ref("Tom"),
        statutory_plan="none",
    )
    assert browser("Maya").get("/families/F-1042").status_code == 404
    old = browser("Maya").get("/families/F-1042-1/family")
    assert old.status_code == 200
    assert "/families/F-1042-1/family" in Page(browser("Maya").get("/").text).links
    new = browser("Tom").get("/families/F-1042")
    assert "Welcome to the room" in new.text
    assert "Action 1" not in new.text
    assert browser("Tom").get("/families/F-1042-1").status_code == 200
    assert browser("Tom").get("/families/F-1042-2").status_code == 200
    assert browser("Asha").get("/families/F-1042-2").status_code == 404
