"""Everything works without the page's script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.looks import PHONE
from tests.browser.test_live import action_of

pytestmark = pytest.mark.xdist_group("browser")


def member(label: str, stage: str, age: str) -> dict[str, str]:
    return {
        "label": label,
        "stage": stage,
        "age_band": age,
        "lives": "here",
        "parental_responsibility": "yes" if stage == "adult" else "no",
    }


def test_a_family_of_two_is_convened_and_a_mistake_loses_nothing(screen: Opened) -> None:
    priya = screen("Priya", PHONE, script=False)
    priya.clicks("My families")
    priya.presses("taf.convene", priya.main)
    mother = priya.main.get_by_role("group", name="Family member 1", exact=True)
    priya.fills("taf.convene", {"members": [member("mother", "adult", "25+")]})
    another = priya.main.get_by_role("button", name="Add another family member", exact=True)
    priya.follows(another)
    expect(mother.get_by_role("textbox", name="Who in the family")).to_have_value("mother")
    priya.fills(
        "taf.convene",
        {
            "members": [member("mother", "adult", "25+"), member("Anna Smith", "child", "11-15")],
            "referred_by": "Head of Year, Secondary school",
        },
    )
    priya.sends("taf.convene")
    priya.sees("There is a problem")
    priya.sees("Use a role or initials, never a name")
    child = priya.main.get_by_role("group", name="Family member 2", exact=True)
    expect(mother.get_by_role("radio", name="25 or over")).to_be_checked()
    expect(child.get_by_role("radio", name="11 to 15")).to_be_checked()
    expect(child.get_by_role("textbox", name="Who in the family")).to_have_value("Anna Smith")
    referrer = priya.main.get_by_role("textbox", name="Who referred")
    expect(referrer).to_have_value("Head of Year, Secondary school")
    child.get_by_role("textbox", name="Who in the family").fill("child 12")
    priya.sends("taf.convene")
    priya.is_told("taf.convene")
    priya.clicks("Family and team")
    for label in ("Mother", "Child 12"):
        expect(priya.main.get_by_role("heading", name=label, exact=True)).to_be_visible()


def test_an_action_is_marked_done_and_the_news_is_fetched_by_a_link(screen: Opened) -> None:
    maya, asha = screen("Maya", script=False), screen("Asha", PHONE, script=False)
    maya.goes_to("/families/F-1042")
    news = maya.main.get_by_role("article").filter(has_text="Action 1 is done")
    expect(news).to_have_count(0)
    asha.goes_to("/families/F-1042/plan")
    asha.presses("action.mark_done", action_of(asha))
    asha.is_told("action.mark_done")
    expect(action_of(asha)).to_contain_text("Done")
    maya.clicks("Show new messages")
    expect(news).to_have_count(1)
