"""Everything works without the page's script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.looks import PHONE
from tests.browser.plan import AGREED, action_of, fills_an_action
from tests.browser.screen import Said

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
            "practitioners": [{"person": Said("Priya")}],
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


def test_an_action_is_agreed_and_done_and_a_link_fetches_the_news(screen: Opened) -> None:
    maya, asha = screen("Maya", script=False), screen("Asha", PHONE, script=False)
    asha.goes_to("/families/F-1042")
    newest = asha.main.get_by_role("article").first
    expect(newest).not_to_contain_text("To do")
    fills_an_action(maya)
    maya.sends("action.agree")
    maya.is_told("action.agree")
    asha.clicks("Show new messages")
    expect(newest).to_contain_text("To do")
    asha.clicks("Plan")
    asha.presses("action.mark_done", action_of(asha, AGREED["words"]))
    asha.is_told("action.mark_done")
    expect(action_of(asha, AGREED["words"])).to_contain_text("Done")


def test_what_was_not_delivered_is_tried_again_or_set_aside(screen: Opened) -> None:
    priya = screen("Priya", PHONE, script=False)
    priya.clicks("My work")
    priya.clicks("One message could not be delivered")
    priya.presses("delivery.set_aside", priya.main)
    priya.sees("Does everybody who needs this know it another way?")
    priya.clicks("Cancel")
    priya.presses("delivery.try_again", priya.main)
    priya.is_told("delivery.try_again")
    priya.sees("Everything was delivered.")
