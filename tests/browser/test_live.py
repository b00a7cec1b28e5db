"""The room as others see it while somebody works in it; and working by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from bot.commands import COMMANDS
from tests.browser.conftest import Opened
from tests.browser.looks import PHONE
from tests.browser.plan import AGREED, action_of, fills_an_action
from tests.browser.screen import Screen

pytestmark = pytest.mark.xdist_group("browser")

ARRIVES = 15_000
"""The room looks for news every four seconds."""


def test_what_others_do_shows_in_an_open_room(screen: Opened) -> None:
    maya, tom, asha = screen("Maya"), screen("Tom"), screen("Asha", PHONE)
    tom.goes_to("/families/F-1042")
    tom.page.evaluate("window.opened = 'before'")
    newest = tom.main.get_by_role("article").first
    fills_an_action(maya)
    maya.sends("action.agree")
    maya.is_told("action.agree")
    expect(newest).to_contain_text("Asha", timeout=ARRIVES)
    expect(newest).to_contain_text("To do")
    expect(tom.main.get_by_role("status").filter(has_text="One new message")).to_have_count(1)
    card = tom.main.locator(f'[id="{newest.get_attribute("id")}"]')
    asha.goes_to("/families/F-1042/plan")
    asha.presses("action.mark_done", action_of(asha, AGREED["words"]))
    asha.is_told("action.mark_done")
    expect(card).to_contain_text("is done", timeout=ARRIVES)
    expect(tom.button("action.mark_done", card)).to_have_count(0)
    assert tom.page.evaluate("window.opened") == "before", "the page was loaded again"
    tom.looks.at(tom.page, again=True)


def test_whoever_is_taken_off_the_team_sees_nothing_more(screen: Opened) -> None:
    maya, asha = screen("Maya"), screen("Asha")
    asha.goes_to("/families/F-1042")
    maya.goes_to("/families/F-1042/family")
    maya.presses("member.remove", maya.main, "Asha")
    maya.fills("member.remove", {"why": "Moved on"})
    maya.sends("member.remove")
    nothing = asha.page.get_by_role("heading", name="There is nothing here for you")
    expect(nothing).to_be_visible(timeout=ARRIVES)


def tab_to(at: Screen, target: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(80):
        at.page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError("Tab never comes there")


def test_the_keyboard_alone_marks_an_action_done(screen: Opened) -> None:
    asha = screen("Asha")
    asha.goes_to("/families/F-1042/plan")
    asha.page.keyboard.press("Tab")
    skip = asha.page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    asha.page.keyboard.press("Enter")
    button = asha.button("action.mark_done", action_of(asha))
    tab_to(asha, button)
    outline = "(one) => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow"
    assert button.evaluate(outline) != "nonenone", "the focus cannot be seen"
    with asha.page.expect_navigation():
        asha.page.keyboard.press("Enter")
    asha.is_told("action.mark_done")


def test_the_keyboard_alone_records_a_reading(screen: Opened) -> None:
    maya = screen("Maya")
    maya.goes_to("/families/F-1042/indicators")
    first = maya.main.get_by_role("region", name=re.compile("^Indicator 1: "))
    tab_to(maya, maya.button("indicator.record_reading", first))
    with maya.page.expect_navigation():
        maya.page.keyboard.press("Enter")
    tab_to(maya, maya.main.get_by_role("textbox", name="Reading"))
    maya.page.keyboard.type("£300")
    with maya.page.expect_navigation():
        maya.page.keyboard.press("Enter")
    maya.is_told("indicator.record_reading")
    maya.sees("£300")


def test_the_focus_goes_to_what_is_wrong_and_from_there_to_the_question(screen: Opened) -> None:
    maya = screen("Maya")
    maya.goes_to("/families/F-1042/plan")
    maya.presses("action.agree", maya.main)
    maya.sends("action.agree")
    summary = maya.page.get_by_role("alert").filter(has_text="There is a problem")
    expect(maya.page.locator(":focus").filter(has=summary)).to_have_count(1)
    assert maya.page.title().startswith("Error: ")
    maya.page.keyboard.press("Tab")
    maya.page.keyboard.press("Enter")
    label = COMMANDS["action.agree"].form.fields[0].label
    expect(maya.main.get_by_role("textbox", name=label)).to_be_focused()
