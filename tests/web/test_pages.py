"""What the pages of a family say."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from tests import builders
from tests.web.conftest import Browser
from tests.web.looking import Page
from tests.web.rich import DISSENT, LONG, VOICE, Rich


def words(browser: Browser, path: str, who: str = "Maya") -> str:
    answer = browser(who).get(path)
    assert answer.status_code == 200
    return Page(answer.text).text


def test_my_families_say_where_each_stands(browser: Browser) -> None:
    text = words(browser, "/")
    for said in (
        "F-1042",
        "You are Lead Professional",
        "Next meeting Review meeting on 18 March 2025 at 9:30am",
        "My actions 2 to do",
        "One action overdue",
    ):
        assert said in text
    assert "You are Team member" in words(browser, "/", "Asha")
    assert "1 to do , 1 overdue" in words(browser, "/", "Asha")
    assert "You are not on the team of any family now" in words(browser, "/", "Ola")


def test_the_plan_keeps_the_two_kinds_of_actions_apart(browser: Browser) -> None:
    text = words(browser, "/families/F-1042/plan")
    assert "Outcome 1: The family keeps its home" in text
    assert text.index("The family’s plan") < text.index("2. Keep to the payment plan")
    assert text.index("2. Keep to the payment plan") < text.index("Professionals’ tasks")
    assert text.index("Professionals’ tasks") < text.index(LONG)
    assert "Agreed by the family and the team on 4 March 2025" in text
    assert "In the way: Waiting list. Six weeks at least" in text
    assert "Mother (family)" in text
    assert "Overdue Asha · due 7 March 2025" in text
    assert "Done Maya · done on 4 March 2025" in text


def test_the_meetings_keep_every_word(browser: Browser) -> None:
    text = words(browser, "/families/F-1042/meetings")
    for said in (
        "First TAF meeting on 11 March 2025 at 2pm Recorded",
        "Sending somebody: A colleague",
        "Apologies with report",
        "Attendance is 82%. It was 71%.",
        "Child 12 Part",
        "Step-father Not there",
        " ".join(VOICE.split()),
        DISSENT,
        "Meet again in a month.",
        "Action 7 : Send the notes round",
    ):
        assert said in text, said
    html = browser("Maya").get("/families/F-1042/meetings").text
    assert "Mum to be all right" in html
    assert VOICE in html


def test_indicators_are_drawn_and_told(browser: Browser) -> None:
    html = browser("Maya").get("/families/F-1042/indicators").text
    text = Page(html).text
    assert "Was met, and is not any more" in text
    assert "Latest known reading £800" in text
    assert "Distance travelled £400 better than at the start, 44% of the way" in text
    drawing = re.search(r"<svg.*?</svg>", html, re.DOTALL)
    assert drawing
    svg = drawing[0]
    assert 'role="img"' in svg
    assert svg.count("<circle") == 3
    assert svg.count("<polyline") == 1
    assert svg.count('class="taf-trend__unknown"') == 1
    assert "14 March 2025: not known" in svg
    assert "Target £300" in svg
    assert "taf-trend__target" in svg
    assert "taf-trend__baseline" in svg
    assert text.count("No reading yet") >= 2


def test_the_family_page_says_why_it_is_eligible_and_on_which_basis(browser: Browser) -> None:
    text = words(browser, "/families/F-1042/family")
    for said in (
        "Eligible: two of the six problems are present, and two are needed",
        "Step-father",
        "Fair Processing Notice Not given yet",
        "Basis for sharing None recorded",
        "Consent, since 3 March 2025",
        "The mother talks openly. The step-father holds back.",
        "Ola BENCH Community Rehabilitation Company The licence",
        "Offered to Tom, from Maya",
        "H-1: we disagree between agencies Waiting for an answer",
        "18 March 2025: some progress, continue",
        "Linked plan None",
    ):
        assert said in text, said


def test_history_is_told_in_words(browser: Browser) -> None:
    maya = browser("Maya")
    seen, address = "", "/families/F-1042/history"
    while address:
        html = maya.get(address).text
        seen += Page(html).text
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = older[1] if older else ""
    for said in (
        "Record the meeting: First TAF meeting on 11 March 2025 at 2pm",
        "Asha: Substitute",
        "Child 12: Part",
        "They said it in the meeting",
        "Reply: First TAF meeting",
        "Lead Professional Maya",
        "crime or anti-social behaviour: An adult with parenting responsibilities is on licence",
        "Basis for sharing about them: Consent",
        "Which need it meets",
        "For which outcome 1. The family keeps its home",
        "To whom Tom",
        "Convene a team around a family",
    ):
        assert said in seen, said
    assert not re.search(r"(person|family_member|outcome|meeting|taf)-\d", seen)


def test_supervisors_see_the_question(browser: Browser, family: Rich) -> None:
    page = Page(browser("Dr Clarke").get("/supervision").text)
    assert "H-1, about F-1042" in page.text
    assert "Who is right? And now?" in page.text
    assert "We disagree between agencies" in page.text
    assert ("help.answer", family.refs["help"]) in page.presses()


def test_my_work_gathers_everything_of_mine(browser: Browser, family: Rich) -> None:
    page = Page(browser("Asha").get("/my").text)
    assert "F-1042, action 1 : Ring the debt agency together" in page.text
    assert "Review meeting on 8 April 2025 at 10am" in page.text
    assert "You said: nothing yet" in page.text
    assert ("my.take_leave", "") in page.presses()
    assert "1 April 2025 to 4 April 2025" in words(browser, "/my", "Ola")


def test_this_partnerships_own_words_are_used(browser: Browser, family: Rich) -> None:
    office = family.world.assistant.office
    labels = office.policy.labels.model_copy(update={"lead_professional": "lead practitioner"})
    policy = office.policy.model_copy(update={"labels": labels})
    object.__setattr__(office, "policy", policy)
    for path in ("/", "/families/F-1042", "/families/F-1042/family", "/do/taf.convene"):
        text = words(browser, path)
        assert "lead practitioner" in text.lower()
        assert "Lead Professional" not in text.replace("Would you be the Lead Professional", "")


@pytest.mark.parametrize("path", ["/", "/my"])
def test_fifty_families_are_asked_for_together(browser: Browser, family: Rich, path: str) -> None:
    def asked() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        engine = family.world.database.looking
        event.listen(engine, "before_cursor_execute", counted)
        assert browser("Maya").get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", counted)
        return count

    few = asked()
    for number in range(12):
        family.world.does(
            "Maya",
            "taf.convene",
            **builders.convening(
                family=f"G-{100 + number}", lead_professional=family.world.ref("Maya")
            ),
        )
    assert asked() <= few + 6
