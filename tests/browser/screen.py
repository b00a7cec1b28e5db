"""A person at a screen: finds buttons by their words, fills forms by their questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from bot.commands import COMMANDS
from messages.form import Field
from tests.browser.looks import Looks
from tests.browser.serving import Site


class NotOffered(AssertionError):
    """A choice that the page does not have."""


class Said(str):
    """An answer that is chosen by words which its choice holds: a person, an outcome."""

    __slots__ = ()


class Screen:
    """One browser page, whoever sits before it."""

    def __init__(self, page: Page, site: Site, looks: Looks) -> None:
        self.page, self.site, self.looks = page, site, looks
        self.who = ""
        page.set_default_timeout(10_000)
        looks.hear(page)

    @property
    def main(self) -> Locator:
        """The page's own content."""
        return self.page.get_by_role("main")

    def goes_to(self, path: str) -> None:
        """Type an address."""
        self.page.goto(f"{self.site.address}{path}")
        self.looks.at(self.page)

    def sees(self, words: str | re.Pattern[str]) -> None:
        """These words can be read in the page."""
        expect(self.main).to_contain_text(words)

    def sees_not(self, words: str | re.Pattern[str]) -> None:
        """These words are nowhere in the page."""
        expect(self.main).not_to_contain_text(words)

    def follows(self, button: Locator) -> None:
        """Press what leads to another page, and look at that page."""
        with self.page.expect_navigation():
            button.click()
        self.looks.at(self.page)

    def practises_as(self, name: str) -> None:
        """Choose somebody with the people switch."""
        if self.who == name:
            return
        if self.page.url == "about:blank":
            self.goes_to("/welcome")
            button = "Practise as this person"
        else:
            self.opens_practice()
            button = "Change person"
        people = self.page.get_by_label("Practise as", exact=True)
        choose(people, name)
        self.follows(self.page.get_by_role("button", name=button, exact=True))
        expect(self.page.get_by_role("region", name="Practice", exact=True)).to_contain_text(
            f"Practising as {name}, "
        )
        self.who = name

    def opens_practice(self) -> None:
        """Open the practice tools, where they are closed."""
        bar = self.page.get_by_role("region", name="Practice", exact=True)
        if not bar.get_by_role("button", name="Change person").is_visible():
            bar.get_by_text("Practising as").click()

    def moves_the_clock(self, button: str) -> str:
        """Press a button of the practice clock; what the page says happened."""
        self.opens_practice()
        self.follows(self.page.get_by_role("button", name=button, exact=True))
        said = self.page.get_by_role("region", name="Practice", exact=True).get_by_role("status")
        expect(said).to_be_visible()
        return said.inner_text()

    def clicks(self, name: str) -> None:
        """Follow a link."""
        self.follows(self.page.get_by_role("link", name=name, exact=True).first)

    def opens_family(self, reference: str, tab: str = "Room") -> None:
        """Go to a family's page as one does: by its tabs, or from my families."""
        tabs = self.page.get_by_role("navigation", name=reference, exact=True)
        if not tabs.count():
            self.clicks("My families")
            self.follows(self.main.get_by_role("link", name=reference, exact=True))
        link = tabs.get_by_role("link", name=tab, exact=True)
        if link.get_attribute("aria-current") != "page":
            self.follows(link)

    def button(self, command: str, inside: Locator, about: str = "") -> Locator:
        """A command's button, whether it is a link to its form or presses at once."""
        label = re.escape(COMMANDS[command].form.label)
        end = rf"\s*: {re.escape(about)}\s*$" if about else r"\s*(:|$)"
        words = re.compile(f"^{label}{end}")
        hidden = inside.get_by_role("link", name=words, include_hidden=True)
        return hidden.or_(inside.get_by_role("button", name=words, include_hidden=True))

    def presses(self, command: str, inside: Locator, about: str = "") -> None:
        """Press a command's button, behind "More" where it stands there."""
        button = self.button(command, inside, about)
        expect(button).to_have_count(1)
        if not button.is_visible():
            button.locator("xpath=ancestor::details[1]/summary").click()
        self.follows(button)

    def fills(self, command: str, answers: Mapping[str, Any], fields: Sequence[Field] = ()) -> None:
        """Answer a form's questions."""
        fill(self.main, [*COMMANDS[command].form.fields, *fields], answers)

    def sends(self, command: str) -> None:
        """Press the form's own button."""
        form = COMMANDS[command].form
        name = form.submit or form.label
        self.follows(self.main.get_by_role("button", name=name, exact=True))

    def is_told(self, command: str) -> None:
        """The page says that it is done."""
        told = self.page.get_by_role("alert").filter(has_text=COMMANDS[command].form.done)
        expect(told).to_be_visible()


def fill(inside: Locator, fields: Sequence[Field], answers: Mapping[str, Any]) -> None:
    """Answer questions by their labels; what is revealed by an answer comes after it."""
    by_id = {field.id: field for field in fields}
    for name, answer in answers.items():
        _answer(inside, by_id[name], answer)


def _answer(inside: Locator, field: Field, answer: Any) -> None:
    asked = re.compile(rf"^{re.escape(field.label)}( \(optional\))?$")
    group = inside.get_by_role("group", name=asked)
    match field.kind:
        case "yes_no":
            group.get_by_role("radio", name=str(answer).capitalize(), exact=True).check()
        case "date":
            on = date.fromisoformat(answer)
            for part, number in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
                group.get_by_label(part, exact=True).fill(str(number))
        case "choices":
            _tick(group, answer)
        case "list":
            for number, row in enumerate(answer, 1):
                _list_row(group, field, number, row)
        case "each":
            for row in answer:
                _row_of(group, field, row)
        case "choice":
            _choose(inside, group, asked, field, answer)
        case _:
            inside.get_by_role("textbox", name=asked).fill(str(answer))


def _choose(
    inside: Locator, group: Locator, asked: re.Pattern[str], field: Field, answer: str
) -> None:
    words = _shown(field, answer)
    if group.count():
        group.get_by_role("radio", name=words, exact=True).check()
    elif isinstance(answer, Said) or words != answer:
        choose(inside.get_by_role("combobox", name=asked), words)
    else:
        inside.get_by_role("combobox", name=asked).select_option(answer)


def _shown(field: Field, answer: str) -> str:
    """The words of a choice, where the form itself has them."""
    if isinstance(field.choices, str):
        return answer
    return next(choice.label for choice in field.choices if choice.value == answer)


def choose(select: Locator, words: str) -> None:
    """Choose the one choice of a list that says these words."""
    labels = select.locator("option").all_inner_texts()
    found = [label for label in labels if label == words] or [
        label for label in labels if words in re.sub(r"\s+", " ", label)
    ]
    if len(found) != 1:
        raise NotOffered(f"“{words}” stands for {found} of {labels}")
    select.select_option(label=found[0])


def _tick(group: Locator, answers: Sequence[str]) -> None:
    """Tick exactly these: those said by their words, the framework's by their values."""
    for box in group.get_by_role("checkbox", include_hidden=True).all():
        value = box.get_attribute("value") or ""
        label = (box.locator("xpath=following-sibling::label").text_content() or "").strip()
        spoken = any(isinstance(one, Said) and label.startswith(one) for one in answers)
        wanted = value in answers or spoken
        if box.is_checked() != wanted:
            if not box.is_visible():
                box.locator("xpath=ancestor::details[1]/summary").click()
            box.set_checked(wanted)


def _list_row(group: Locator, field: Field, number: int, row: Mapping[str, Any]) -> None:
    one = field.called.removesuffix("s")
    heading = f"{one.capitalize()} {number}"
    place = group.get_by_role("group", name=heading, exact=True)
    if not place.count():
        group.get_by_role("button", name=re.compile(rf"^Add (an?|another) {one}$")).click()
    fill(place, field.fields, row)


def _row_of(group: Locator, field: Field, row: Mapping[str, Any]) -> None:
    """The row about somebody; with a single question it is a line of choices."""
    who = re.compile(rf"^{re.escape(row['who'])}( \(|$)", re.IGNORECASE)
    place = group.get_by_role("group", name=who)
    answers = {name: answer for name, answer in row.items() if name != "who"}
    if len(field.fields) == 1:
        (inner,) = field.fields
        place.get_by_role("radio", name=_shown(inner, answers[inner.id]), exact=True).check()
    else:
        fill(place, field.fields, answers)
