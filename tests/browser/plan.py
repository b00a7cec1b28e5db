"""What the browser tests do on the plan's page."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.screen import Screen
from tests.web.rich import WORDS

AGREED = {"words": "Bring the letters to the next visit", "owner": "Asha", "due_on": "2025-03-28"}


def fills_an_action(at: Screen) -> None:
    """Open the form of a new action for Asha and fill it in."""
    at.goes_to("/families/F-1042/plan")
    at.presses("action.agree", at.main)
    at.main.get_by_role("textbox", name="What will be done").fill(AGREED["words"])
    at.main.get_by_role("combobox", name="Who will do it").select_option(label="Asha (Housing)")
    due = at.main.get_by_role("group", name="Due date")
    for part, number in (("Day", "28"), ("Month", "3"), ("Year", "2025")):
        due.get_by_label(part, exact=True).fill(number)


def action_of(at: Screen, words: str = WORDS) -> Locator:
    """An action on the plan's page, found by its words."""
    return at.main.get_by_role("listitem").filter(has_text=words)
