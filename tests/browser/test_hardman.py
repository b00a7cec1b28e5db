"""The Hardman family's whole story, done by hand through the pages, on a desk and on a phone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.demo import story_path
from bot.scenario import read_scenario
from messages.form import Form
from storage.database import Database
from storage.people import Person
from tests.browser.looks import DESKTOP, FORMS, PHONE, Looks
from tests.browser.screen import Screen
from tests.browser.serving import serving
from tests.browser.telling import FAMILY, Telling

pytestmark = pytest.mark.xdist_group("browser-story")


@pytest.fixture
def telling(template: Path, tmp_path: Path, chromium: Browser, looks: Looks) -> Iterator[Telling]:
    """The people of the scenario, no family, and three in the afternoon of its first day."""
    scenario = read_scenario(story_path(), Path("app.yaml"))
    path = tmp_path / "taf.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        for actor in scenario.people.values():
            known = scenario.start.date() if actor.verified else None
            session.add(
                Person(
                    name=actor.name,
                    agency=actor.agency,
                    roles=list(actor.roles),
                    identity_verified_on=known,
                )
            )
    database.close()
    with serving(path, scenario.start + timedelta(hours=7)) as site:
        desk = chromium.new_context(viewport=DESKTOP)
        phone = chromium.new_context(viewport=PHONE, has_touch=True)
        yield Telling(
            scenario,
            site,
            Screen(desk.new_page(), site, looks),
            Screen(phone.new_page(), site, looks),
        )
        desk.close()
        phone.close()


def test_one_family_from_the_first_contact_to_the_closure(telling: Telling, looks: Looks) -> None:
    _the_team_comes_together(telling)
    _the_first_meeting(telling)
    _a_stranger_sees_nothing(telling)
    _the_plan_at_work(telling)
    _setbacks(telling)
    _better_and_closed(telling)
    _one_message_a_day_at_most(telling)
    _nothing_more_is_said(telling)
    pressed = [one for one in telling.scenario.events if one.refused is None]
    assert telling.told == len(pressed)
    assert len(telling.refused) == len(telling.scenario.events) - len(pressed) - 2


def _looking(telling: Telling, who: str, tab: str) -> Screen:
    found = telling.screen(who)
    found.opens_family(FAMILY, tab)
    return found


def _part(screen: Screen, name: str) -> Locator:
    """A part of a page by what its heading holds."""
    return screen.main.get_by_role("region", name=re.compile(re.escape(name)))


def _the_team_comes_together(telling: Telling) -> None:
    telling.until("2026-03-02")
    page = _looking(telling, "researcher", "Family and team")
    expect(_part(page, "Lead Professional")).to_contain_text("Nobody, since 2 March 2026")
    telling.until("2026-03-03")
    assert "F-1042: Would you be the Lead Professional?" in telling.messages[-1]
    page = _looking(telling, "worker", "Family and team")
    expect(_part(page, "Lead Professional").get_by_role("paragraph").first).to_have_text(
        "Family Worker"
    )
    telling.until("2026-03-05")
    page = _looking(telling, "worker", "Family and team")
    assert _basis_of(page, "Mother") == "Consent, since 5 March 2026"
    assert _basis_of(page, "Step-father") == "None recorded"
    telling.until("2026-03-20")
    page = _looking(telling, "worker", "Family and team")
    assert _basis_of(page, "Step-father").startswith("Consent, since 17 March 2026. After talking")
    assessment = _part(page, "Assessment")
    expect(assessment).to_contain_text("Started by Housing Officer on 4 March 2026")
    expect(assessment).to_contain_text("completed by Family Worker on 20 March 2026")
    for who in ("Housing Officer", "Head of Year", "Class Teacher", "Offender Manager"):
        expect(assessment.get_by_role("heading", name=re.compile(f"^{who}, "))).to_have_count(1)
    expect(_part(page, "The team")).to_contain_text("Family Researcher")
    expect(_part(page, "The team")).to_contain_text("left on 20 March 2026. The research is done")
    page.sees_not("Mentor")


def _basis_of(page: Screen, member: str) -> str:
    """What the page says about sharing what concerns somebody."""
    heading = page.main.get_by_role("heading", name=member, exact=True)
    under = heading.locator("xpath=following-sibling::h4[normalize-space()='Basis for sharing'][1]")
    return under.locator("xpath=following-sibling::p[1]").inner_text()


def _the_first_meeting(telling: Telling) -> None:
    telling.until("2026-04-01")
    page = _looking(telling, "secondary", "Meetings")
    meeting = _part(page, "First TAF meeting on 1 April 2026 at 10am")
    expect(meeting.get_by_role("row").filter(has_text="Class Teacher")).to_contain_text(
        re.compile("Sending somebody: The deputy head.*Substitute", re.S)
    )
    expect(meeting.get_by_role("row").filter(has_text="Child 12")).to_contain_text("Part")
    expect(meeting.get_by_role("row").filter(has_text="Child 9")).to_contain_text("Not there")
    expect(meeting).to_contain_text("I would like it quieter at home and one teacher I can go to")
    expect(meeting.get_by_role("link", name=re.compile("^Action [1-4]$"))).to_have_count(4)
    expect(_part(page, "Review meeting on 13 May 2026 at 10am")).to_be_visible()
    telling.until("2026-04-02")
    page = _looking(telling, "worker", "Plan")
    page.sees("Agreed by the family and the team on 1 April 2026")
    page = _looking(telling, "worker", "Indicators")
    expect(page.main.get_by_role("region", name=re.compile("^Indicator [1-7]: "))).to_have_count(7)
    arrears = _part(page, "the arrears go down")
    expect(arrears).to_contain_text("No reading yet")
    arrears.get_by_text("Where it began").click()
    expect(arrears).to_contain_text("No plan has been kept to")
    expect(arrears).to_contain_text("Court action and then eviction")


def _a_stranger_sees_nothing(telling: Telling) -> None:
    """Every address of the family is for a stranger what one is that does not exist."""
    team = _looking(telling, "worker", "Plan")
    forms = team.page.evaluate(FORMS)
    assert len(forms) > 3
    stranger = telling.screen("stranger")
    stranger.clicks("My families")
    stranger.sees_not(FAMILY)
    pages = ("", "/plan", "/meetings", "/indicators", "/family", "/history", "/room/after/0")
    for page in pages:
        assert _words_at(stranger, f"/families/F-1042{page}") == _words_at(
            stranger, f"/families/F-7777{page}"
        )
    for address in forms:
        elsewhere = re.sub(r"\d+$", "77777", address)
        assert _words_at(stranger, address) == _words_at(stranger, elsewhere)


def _words_at(screen: Screen, path: str) -> str:
    """All that is to be read at an address; the clock goes on from one page to the next."""
    answer = screen.page.goto(f"{screen.site.address}{path}")
    assert answer is not None
    assert answer.status == 404
    expect(screen.page.get_by_role("heading", level=1)).to_have_text(
        "There is nothing here for you"
    )
    text = screen.page.locator("body").inner_text()
    return screen.page.title() + re.sub(r"Practice clock: .*", "", text)


def _the_plan_at_work(telling: Telling) -> None:
    telling.until("2026-04-22")
    page = _looking(telling, "housing", "Plan")
    _action(page, "debt advice service", "Done Housing Officer · done on 22 April 2026")
    _action(page, "Arrange mediation", "Blocked Offender Manager")
    _action(page, "Arrange mediation", "Waiting list. Eight weeks until the first session")
    _action(page, "Clear the kitchen", "Mother (family)")
    telling.until("2026-05-13")
    page = _looking(telling, "worker", "Meetings")
    first_review = _part(page, "Review meeting on 13 May 2026")
    expect(first_review.get_by_role("row").filter(has_text="Offender Manager")).to_contain_text(
        "Apologies with report"
    )
    first_review.get_by_text("The report").click()
    expect(first_review).to_contain_text("All appointments kept; mediation is on a waiting list")
    telling.until("2026-05-26")
    page = _looking(telling, "worker", "Plan")
    _action(page, "accredited parenting course", "Family Worker")
    _action(page, "Clear the kitchen", "due 30 June 2026 · moved once")


def _action(page: Screen, words: str, says: str) -> None:
    """An action of the plan says this of itself."""
    item = page.main.get_by_role("listitem").filter(has_text=words)
    expect(item).to_contain_text(says)


def _setbacks(telling: Telling) -> None:
    telling.until("2026-06-08")
    page = _looking(telling, "housing", "Indicators")
    expect(_part(page, "the arrears go down")).to_contain_text("Was met, and is not any more")
    page = _looking(telling, "worker", "Room")
    page.sees("Indicator 3 no longer meets its target")
    telling.until("2026-06-24")
    page = _looking(telling, "secondary", "Meetings")
    second_review = _part(page, "Review meeting on 24 June 2026")
    dissent = second_review.get_by_role("blockquote")
    expect(dissent).to_have_text(
        "With arrears like these we would be in court by now. I cannot wait for ever."
    )
    expect(second_review.get_by_role("figure")).to_contain_text("Housing Officer")
    telling.until("2026-06-25")
    page = _looking(telling, "housing", "Family and team")
    helped = _part(page, "Help asked for")
    expect(helped).to_contain_text(re.compile("H-1: we disagree between agencies\\s+Answered"))
    expect(helped).to_contain_text("How long do we hold back from court for the plan's sake?")
    expect(helped).to_contain_text("Clinical Supervisor: Agree a date together")
    page = _looking(telling, "worker", "Indicators")
    teeth = page.main.get_by_role("region", name=re.compile("^Indicator 8: "))
    teeth.get_by_text("Where it began").click()
    expect(teeth).to_contain_text(re.compile("Counted from\\s*24 June 2026"))
    telling.until("2026-07-20")
    page = _looking(telling, "health", "Plan")
    _action(page, "Register the children with a dentist", "due 28 August 2026 · moved once")


def _better_and_closed(telling: Telling) -> None:
    telling.until("2026-09-11")
    page = _looking(telling, "worker", "Indicators")
    unknown = page.main.get_by_role("region", name=re.compile("^Indicator 5: "))
    expect(unknown.get_by_role("row").filter(has_text="11 September 2026")).to_contain_text(
        "Not known"
    )
    expect(unknown).to_contain_text("No reading yet")
    expect(_part(page, "the arrears go down")).to_contain_text("Target met")
    telling.until("2026-09-16")
    page = _looking(telling, "worker", "Family and team")
    reviews = _part(page, "Reviews")
    for said in (
        "13 May 2026: some progress, continue",
        "24 June 2026: worse, continue",
        "5 August 2026: good progress, continue",
        "16 September 2026: good progress, close",
    ):
        expect(reviews.get_by_role("heading", name=said, exact=True)).to_be_visible()
    telling.until("2026-09-25")
    told_needed = next(one for one in telling.refused if one.startswith("told_needed"))
    assert "Say when step-father was told of the closure" in told_needed
    page = _looking_at_closed(telling, "worker")
    closing = _part(page, "Closing")
    for said in (
        "25 September 2026, by Family Worker",
        "The needs are met",
        "The arrears are being paid off over two years",
        "Mother: told on 24 September 2026",
        "Step-father: told on 24 September 2026",
    ):
        expect(closing).to_contain_text(said)
    page.opens_family(FAMILY, "Plan")
    expect(page.main.get_by_role("button")).to_have_count(0)
    expect(page.main.locator('a[href^="/do/"]')).to_have_count(0)
    _the_history_is_complete(telling, page)


def _looking_at_closed(telling: Telling, who: str) -> Screen:
    page = telling.screen(who)
    page.clicks("My families")
    page.sees("F-1042, closed on 25 September 2026")
    page.clicks(FAMILY)
    return page


def _called(form: Form) -> str:
    """What the history calls a form that was sent: its heading, unless that is a question."""
    return form.label if form.heading.endswith("?") else form.heading


def _the_history_is_complete(telling: Telling, page: Screen) -> None:
    """Each thing that was done stands there once, back to the very first."""
    page.opens_family(FAMILY, "History")
    found: Counter[str] = Counter()
    while True:
        for heading in page.main.get_by_role("heading", level=2).all_inner_texts():
            found[heading.partition(":")[0]] += 1
        if not page.page.get_by_role("link", name="Older", exact=True).count():
            break
        page.clicks("Older")
    done = [one for one in telling.scenario.events if one.refused is None]
    for what, times in Counter(_called(one.command.form) for one in done if one.to).items():
        assert found[what] == times, f"{what}: {found}"
    assert found["Convene a team around a family"] == 1


SENT = re.compile(r"^(?P<title>.+?) to (?P<to>.+), (?P<day>\w+ \d+ \w+) at (?P<at>\S+)$", re.M)


def _one_message_a_day_at_most(telling: Telling) -> None:
    """However much there is to say, a person gets one digest a day, never at a weekend."""
    digests = [
        (found["to"], found["day"])
        for said in telling.messages
        for found in SENT.finditer(said)
        if found["title"].startswith("Today: ")
    ]
    assert len(digests) > 30
    assert max(Counter(digests).values()) == 1
    assert not [day for _, day in digests if day.startswith(("Saturday", "Sunday"))]
    assert "Friday 3 April" not in {day for _, day in digests}


def _nothing_more_is_said(telling: Telling) -> None:
    """The closure is told once; then the clock finds nothing that waits to happen."""
    last = []
    for _ in range(40):
        said = telling.desk.moves_the_clock("To the next thing that happens")
        if "Nothing is waiting to happen" in said:
            break
        last.append(said)
    else:
        raise AssertionError(f"it does not end: {last}")
    last.extend(telling.desk.moves_the_clock("A week on") for _ in range(4))
    told = [found for said in last for found in SENT.finditer(said)]
    assert {found["day"] for found in told} == {"Monday 28 September"}, last
    assert all("The work is closed" in said for said in last if SENT.search(said)), last
    assert "no message was sent" in last[-1]
