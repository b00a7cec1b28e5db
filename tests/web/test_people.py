"""The pages of co-ordinators: who is in the record, who has left, which accounts are unknown."""

from __future__ import annotations

import pytest

from bot.web.people import PAGE
from storage.people import Person
from tests.web.conftest import Browser
from tests.web.looking import Page
from tests.web.rich import Rich
from tests.web.test_buttons import allowed

PAGES = ("/people", "/people/left", "/people/accounts")


@pytest.mark.parametrize("who", ["Maya", "Asha", "Dr Clarke", "Nosy"])
@pytest.mark.parametrize("address", PAGES)
def test_for_anybody_else_there_is_no_such_page(browser: Browser, who: str, address: str) -> None:
    there, nowhere = browser(who).get(address), browser(who).get("/nowhere")
    assert (there.status_code, there.text) == (404, nowhere.text)
    my = Page(browser(who).get("/my").text)
    assert not set(PAGES) & set(my.links)
    assert "nobody knows" not in my.text


def test_a_co_ordinator_is_led_there(browser: Browser) -> None:
    my = Page(browser("Priya").get("/my").text)
    assert {"/people", "/people/accounts"} <= set(my.links)
    assert "One account nobody knows" in my.text


def test_what_the_record_holds_is_shown(browser: Browser) -> None:
    page = Page(browser("Priya").get("/people").text)
    for said in (
        "Mo Khan Agency Housing",
        "Work e-mail matched@housing.example Works on Monday and Tuesday",
        "Identity checked 18 March 2025 Account Slack, U0MO",
        "Account Not matched yet",
        "Roles Co-ordinator",
        "Maya is the Lead Professional of F-1042.",
        "Priya is the last co-ordinator.",
    ):
        assert said in page.text
    assert ("h2", "Lena Gray") not in page.headings
    left = Page(browser("Priya").get("/people/left").text)
    assert [words for tag, words in left.headings if tag == "h2"] == ["Lena Gray"]
    assert "Left 18 March 2025" in left.text


def test_every_button_that_would_work_is_there_and_no_other(browser: Browser, family: Rich) -> None:
    shown = {
        pair
        for address in PAGES
        for pair in Page(browser("Priya").get(address).text).presses()
        if pair[1]
    }
    on_page = allowed(family, "Priya", ("person", "account"))
    matched = ("account.match", family.refs["mo_account"])
    assert matched in on_page, "what is matched can still be matched anew, from its notice"
    assert shown == on_page - {matched}


def test_an_unknown_account_is_shown_as_it_calls_itself_and_no_more(
    browser: Browser, family: Rich
) -> None:
    answer = browser("Priya").get("/people/accounts")
    page = Page(answer.text)
    assert "Zoe <b>B</b> on Slack" in page.text
    assert "<b>B</b>" not in answer.text
    assert (
        "E-mail there person@housing.example Has that e-mail in the record Zoe Begum" in page.text
    )
    assert "First seen 18 March 2025 at 10am" in page.text
    assert "Mo on Slack" not in page.text
    form = Page(browser("Priya").get(f"/do/account.match/{family.refs['account']}").text)
    assert "Zoe <b>B</b> on Slack" in form.text
    family.world.does("Priya", "account.set_aside", family.refs["account"])
    after = Page(browser("Priya").get("/people/accounts").text)
    assert "Everybody who has tried to use the assistant is known" in after.text
    assert "Set aside" in after.text
    assert "Zoe <b>B</b> on Slack" in after.text


def test_a_search_finds_by_name_job_and_e_mail(browser: Browser) -> None:
    priya = browser("Priya")
    for words, found in (("zoe", 1), ("HOUSING officer", 2), ("matched@", 1), ("%", 0)):
        page = Page(priya.get("/people", params={"q": words}).text)
        assert [tag for tag, _ in page.headings].count("h2") == found
        assert page.form("/people").values()["q"] == [words]
    hostile = priya.get("/people", params={"q": '"><script>\x00'})
    assert hostile.status_code == 200
    assert '"><script>' not in hostile.text
    assert "No practitioner found" in Page(hostile.text).text.replace(
        "practitioners", "practitioner"
    )


def test_many_are_shown_page_by_page_and_nobody_is_lost(browser: Browser, family: Rich) -> None:
    with family.world.database.writing() as session:
        for number in range(2 * PAGE):
            session.add(Person(name=f"Ann {number:02}", agency="housing", roles=[]))
    priya, seen = browser("Priya"), []
    for number in (1, 2):
        page = Page(priya.get("/people", params={"q": "Ann", "page": number}).text)
        seen += [words for tag, words in page.headings if tag == "h2"]
        assert f"page {number} of 2" in page.text
        assert f"/people?q=Ann&page={3 - number}" in page.links
    assert seen == [f"Ann {number:02}" for number in range(2 * PAGE)]
    beyond = Page(priya.get("/people", params={"q": "Ann", "page": 99}).text)
    assert "page 2 of 2" in beyond.text
    assert priya.get("/people", params={"page": 0}).status_code == 404


def test_a_press_leads_back_to_the_page_it_came_from(browser: Browser, family: Rich) -> None:
    priya = browser("Priya")
    for name, ref, back, leads in (
        ("person.has_left", "person", "people", "/people"),
        ("person.come_back", "left", "left", "/people/left"),
        ("account.set_aside", "account", "accounts", "/people/accounts"),
    ):
        here = f"/do/{name}/{family.refs[ref]}"
        data = Page(priya.get(f"{here}?from={back}").text).form().values()
        assert priya.post(here, data=data).headers["location"] == leads


def test_who_gives_up_the_role_is_not_led_back_to_its_pages(browser: Browser, family: Rich) -> None:
    family.world.given_a_person("Quinn", "housing", ["co-ordinator"], email="quinn@x.example")
    priya = browser("Quinn")
    here = f"/do/person.change/{family.world.ref('Quinn')}"
    data = Page(priya.get(f"{here}?from=people").text).form().values(roles=None)
    saved = priya.post(here, data=data)
    assert saved.headers["location"] == "/"
    assert "The details are changed." in priya.get("/").text
