"""Pressing twice, pressing late, and going back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bot.commands import COMMANDS
from tests.browser.conftest import Opened
from tests.browser.plan import AGREED, action_of, fills_an_action
from tests.browser.screen import Screen

pytestmark = pytest.mark.xdist_group("browser")


def how_many(at: Screen) -> int:
    at.goes_to("/families/F-1042/plan")
    return action_of(at, AGREED["words"]).count()


def test_a_double_click_acts_once(screen: Opened) -> None:
    maya = screen("Maya")
    fills_an_action(maya)
    with maya.page.expect_navigation():
        maya.main.get_by_role("button", name="Agree an action", exact=True).dblclick()
    maya.is_told("action.agree")
    assert how_many(maya) == 1


def test_without_script_a_double_click_acts_once_too(screen: Opened) -> None:
    maya = screen("Maya", script=False)
    fills_an_action(maya)
    maya.main.get_by_role("button", name="Agree an action", exact=True).dblclick()
    maya.is_told("action.agree")  # by the second click's page: it breaks off the first one's
    assert how_many(maya) == 1


def test_the_same_answers_sent_again_from_the_page_before_act_once(screen: Opened) -> None:
    maya = screen("Maya")
    fills_an_action(maya)
    with maya.page.expect_request(lambda one: one.method == "POST") as sent:
        maya.sends("action.agree")
    maya.is_told("action.agree")
    posted = sent.value
    for _ in range(2):
        again = maya.page.request.post(
            posted.url,
            data=posted.post_data or "",
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "origin": maya.site.address,
            },
        )
        assert again.ok
        assert COMMANDS["action.agree"].form.done in again.text()
    assert how_many(maya) == 1


def test_back_after_success_and_forward_again_saves_nothing_more(screen: Opened) -> None:
    maya = screen("Maya")
    fills_an_action(maya)
    maya.sends("action.agree")
    maya.is_told("action.agree")
    maya.page.go_back()
    expect(maya.page.get_by_role("heading", level=1)).to_contain_text("Agree an action")
    maya.page.go_forward()
    expect(maya.page.get_by_role("heading", level=1)).to_contain_text("Family Support Plan")
    expect(maya.page.get_by_role("alert")).to_have_count(0)
    assert how_many(maya) == 1


def test_a_form_that_was_overtaken_says_so_and_keeps_what_was_typed(screen: Opened) -> None:
    maya, asha = screen("Maya"), screen("Asha")
    asha.goes_to("/families/F-1042/plan")
    asha.presses("action.ask_for_time", action_of(asha))
    asha.fills("action.ask_for_time", {"due_on": "2025-03-28", "reason": "The agency is shut"})
    maya.goes_to("/families/F-1042/plan")
    maya.presses("action.give_to", action_of(maya))
    maya.main.get_by_role("combobox").select_option(label="Tom (Secondary school)")
    maya.sends("action.give_to")
    maya.is_told("action.give_to")
    asha.sends("action.ask_for_time")
    expect(asha.main).to_contain_text(re.compile("Nothing was saved"))
    asha.looks.at(asha.page, again=True)


def test_a_button_that_was_overtaken_says_what_has_changed(screen: Opened) -> None:
    maya, asha = screen("Maya"), screen("Asha")
    asha.goes_to("/families/F-1042/plan")
    maya.goes_to("/families/F-1042/plan")
    maya.presses("action.mark_done", action_of(maya))
    maya.is_told("action.mark_done")
    asha.presses("action.mark_done", action_of(asha))
    asha.sees("Nothing was saved")
    asha.sees("done already")
    expect(asha.main.get_by_role("region").filter(has_text="Action 1")).to_contain_text("Done")
    asha.clicks("Look at it as it is now")
    expect(action_of(asha)).to_contain_text("Done")
