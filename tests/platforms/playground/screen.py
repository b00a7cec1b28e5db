"""Somebody at the Playground, in a real browser: types, presses, fills in, and sees."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.platforms.playground.running import Playground
from tests.platforms.teams.people import App

PATIENT = 15_000
"""Milliseconds to wait for what is to be seen: a busy machine is slow."""


class Screen:
    """The Playground's page. A picture of each step goes into a folder, to be looked at."""

    def __init__(self, page: Page, at: Playground, pictures: Path) -> None:
        self.page, self.at, self.pictures = page, at, pictures
        self.numbers = itertools.count(1)
        page.set_default_timeout(PATIENT)

    @property
    def dialog(self) -> Locator:
        """The dialog in front of them."""
        return self.page.get_by_role("dialog")

    @property
    def _box(self) -> Locator:
        return self.page.locator("[data-lexical-editor=true]")

    def opens(self) -> None:
        """Open the page; the Playground then tells the assistant that it was added."""
        self.page.goto(self.at.url)
        self.sees(self.page.get_by_text("conversationUpdate 200").first)

    def goes_to(self, chat: str) -> None:
        """Choose one of the two chats."""
        self.page.get_by_role("treeitem", name=chat, exact=True).click()

    def types(self, words: str) -> None:
        """Write in the chat, and send it."""
        self._box.fill(words)
        self.page.keyboard.press("Enter")
        self.sees(self.page.get_by_text(words, exact=True).last)

    def mentions(self, words: str) -> None:
        """Write to the assistant in a chat of several, with the menu that `@` opens."""
        named = self.page.get_by_text(App.name, exact=True)
        before = named.count()
        self._box.click()
        self.page.keyboard.type(f"@{App.name[:3]}")
        expect(named).to_have_count(before + 1, timeout=PATIENT)
        named.last.click()
        self.page.keyboard.type(f" {words}")
        self.page.keyboard.press("Enter")

    def card(self, words: str) -> Locator:
        """The newest card with these words, as soon as it is there."""
        found = self.page.locator(".ac-adaptiveCard", has_text=words).last
        self.sees(found)
        return found

    def presses(self, where: Locator, label: str) -> None:
        """Press a button."""
        where.get_by_role("button", name=label, exact=True).click()

    def makes_of_the_last_message(self, command: str) -> None:
        """Start a message action; the Playground reads no manifest, so it asks for its name."""
        self.page.get_by_label("Show more information").last.click()
        self.page.get_by_text("Action Command", exact=True).click()
        self.dialog.get_by_role("textbox").fill(command)
        self.presses(self.dialog, "Create")

    def chooses(self, question: str, choice: str) -> None:
        """Choose from a menu of the dialog."""
        self.dialog.get_by_role("combobox", name=question).click()
        self.page.get_by_role("option", name=choice).click()

    def picks(self, question: str, day: date) -> None:
        """Pick a day of this month in the dialog's calendar."""
        self.dialog.get_by_role("combobox", name=question).click()
        named = f"{day.day}, {day:%B}, {day.year}"
        self.page.get_by_role("gridcell", name=named).click()

    def sees(self, found: Locator) -> None:
        """It is there to be seen."""
        expect(found).to_be_visible(timeout=PATIENT)

    def pictured(self, what: str) -> None:
        """Take a picture."""
        self.page.screenshot(path=self.pictures / f"{next(self.numbers)}-{what}.png")
