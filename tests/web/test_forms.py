"""Every command's form: shown, filled in, refused kindly, saved once."""

from __future__ import annotations

import re

import pytest

from bot.commands import COMMANDS
from storage.plan import Action
from tests.web.conftest import Browser
from tests.web.filling import FILLINGS, Posted, day, record
from tests.web.looking import Page
from tests.web.rich import Rich


def address(family: Rich, name: str) -> str:
    on = COMMANDS[name].on
    ref = FILLINGS[name].ref or on
    return f"/do/{name}" + (f"/{family.refs[ref]}" if on else "")


def posted(page: Page, answers: Posted) -> dict[str, list[str]]:
    return page.form().values(**answers)


def test_every_command_has_its_filling() -> None:
    assert set(FILLINGS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_form_is_shown_filled_in_and_saved(browser: Browser, family: Rich, name: str) -> None:
    filling = FILLINGS[name]
    filling.first(family)
    person = browser(filling.who)
    shown = person.get(address(family, name))
    page = Page(shown.text)
    assert shown.status_code == 200, page.text
    assert [tag for tag, _ in page.headings].count("h1") == 1
    assert COMMANDS[name].form.heading in page.title
    assert len(page.ids) == len(set(page.ids))
    unlabelled = set(page.asked) - page.labelled
    assert not unlabelled
    saved = person.post(address(family, name), data=posted(page, filling.answers(family)))
    assert saved.status_code == 303, Page(saved.text).text
    after = person.get(saved.headers["location"])
    assert after.status_code == 200
    assert COMMANDS[name].form.done in Page(after.text).text
    assert COMMANDS[name].form.done not in person.get(saved.headers["location"]).text


@pytest.mark.parametrize("name", [one.id for one in COMMANDS.values() if one.form.fields])
def test_an_empty_form_says_what_is_missing_beside_each_question(
    browser: Browser, family: Rich, name: str
) -> None:
    filling = FILLINGS[name]
    filling.first(family)
    person = browser(filling.who)
    page = Page(person.get(address(family, name)).text)
    key = dict(page.form().fields)["key"]
    answer = person.post(address(family, name), data={"key": key})
    if not any(one.required for one in COMMANDS[name].form.fields):
        assert answer.status_code == 303
        return
    told = Page(answer.text)
    assert answer.status_code == 422
    assert told.title.startswith("Error: ")
    targets = [link for link in told.links if link.startswith("#") and link != "#main-content"]
    assert targets
    assert {target[1:] for target in targets} <= set(told.ids)
    assert "There is a problem" in told.text
    assert dict(told.form().fields)["key"] == key


def test_what_was_typed_is_kept_word_for_word(browser: Browser, family: Rich) -> None:
    maya = browser("Maya")
    page = Page(maya.get(address(family, "meeting.record")).text)
    words = 'Line one\n  line "two" <b>&amp;\n\nline four'
    answers = record(family) | {
        "child_voice_words": "",
        "decisions": words,
        "actions": ["0", "7"],
        "actions-0-words": words,
        "actions-0-list": "professional_task",
        "actions-7-words": "Second",
        "actions-7-owner": family.world.ref("Tom"),
        **day("actions-7-due_on", "2025-13-45"),
        "family-2-attendance": "not_there",
        "next_at": "soon",
    }
    told = Page(maya.post(address(family, "meeting.record"), data=posted(page, answers)).text)
    kept = told.form().values()
    assert kept["decisions"] == [words]
    assert kept["actions-0-words"] == [words]
    assert kept["actions-0-list"] == ["professional_task"]
    assert kept["actions-1-words"] == ["Second"]
    assert kept["actions-1-due_on-month"] == ["13"]
    assert kept["actions-1-due_on-day"] == ["45"]
    assert kept["family-2-attendance"] == ["not_there"]
    assert kept["next_at"] == ["soon"]
    for sentence in (
        "The due date must be a real date, like 27 3 2026",
        "The next time must be a time, like 2pm or 14:30",
        "Choose the owner",
    ):
        assert sentence in told.text
    assert "#actions-1-due_on-day" in told.links
    assert "#actions-0-owner" in told.links


def test_rows_are_added_and_removed_without_a_script(browser: Browser, family: Rich) -> None:
    maya = browser("Maya")
    here = address(family, "taf.convene")
    page = Page(maya.get(here).text)
    first = posted(page, {"members-0-label": "mother", "family": "F-77", "_add": "members"})
    two = Page(maya.post(here, data=first).text)
    assert two.form().values()["members"] == ["0", "1"]
    assert two.form().values()["members-0-label"] == ["mother"]
    assert two.form().values()["family"] == ["F-77"]
    assert not two.title.startswith("Error")
    second = posted(two, {"members-1-label": "child 3", "_remove": "members-0"})
    one = Page(maya.post(here, data=second).text)
    assert one.form().values()["members"] == ["0"]
    assert one.form().values()["members-0-label"] == ["child 3"]
    assert family.world.assistant.database is family.world.database
    none = Page(maya.post(here, data=posted(one, {"_remove": "members-0"})).text)
    assert "members" not in none.form().values()
    assert "Add a family member" in none.text


def test_a_list_never_grows_beyond_what_is_taken(browser: Browser, family: Rich) -> None:
    maya = browser("Maya")
    page = Page(maya.get("/do/taf.convene").text)
    many = posted(page, {"members": [str(one) for one in range(20)], "_add": "members"})
    shown = Page(maya.post("/do/taf.convene", data=many).text)
    assert len(shown.form().values()["members"]) == 20
    assert "Add another family member" not in shown.text


def test_a_double_submit_acts_once_and_shows_the_same(browser: Browser, family: Rich) -> None:
    maya = browser("Maya")
    before = family.world.count(Action)
    here = address(family, "action.agree")
    data = posted(Page(maya.get(here).text), FILLINGS["action.agree"].answers(family))
    answers = [maya.post(here, data=data) for _ in range(3)]
    assert [one.status_code for one in answers] == [303] * 3
    assert len({one.headers["location"] for one in answers}) == 1
    assert family.world.count(Action) == before + 1
    assert "The action is agreed." in maya.get(answers[0].headers["location"]).text


def test_other_answers_under_an_old_key_are_a_new_press(browser: Browser, family: Rich) -> None:
    maya = browser("Maya")
    before = family.world.count(Action)
    here = address(family, "action.agree")
    data = posted(Page(maya.get(here).text), FILLINGS["action.agree"].answers(family))
    maya.post(here, data=data)
    maya.post(here, data=data | {"words": ["Another thing"]})
    assert family.world.count(Action) == before + 2


def test_a_stale_form_is_told_and_keeps_its_answers(browser: Browser, family: Rich) -> None:
    asha, here = browser("Asha"), address(family, "action.ask_for_time")
    page = Page(asha.get(here).text)
    family.world.does(
        "Maya", "action.ask_for_time", family.refs["action"], due_on="2025-04-10", reason="Later"
    )
    answers = posted(page, day("due_on", "2025-04-12") | {"reason": "I was ill"})
    told = asha.post(here, data=answers)
    shown = Page(told.text)
    assert told.status_code == 409
    assert "Somebody changed this while you were looking at it" in shown.text
    assert "10 April 2025" in shown.text
    assert shown.form().values()["reason"] == ["I was ill"]
    assert shown.form().values()["seen"] != page.form().values()["seen"]
    assert family.world.look(family.refs["action"], "due_on").isoformat() == "2025-04-10"
    again = asha.post(here, data=shown.form().values())
    assert again.status_code == 303
    assert family.world.look(family.refs["action"], "due_on").isoformat() == "2025-04-12"


def test_a_stale_button_shows_the_card_as_it_is_now(browser: Browser, family: Rich) -> None:
    action = family.refs["action"]
    asha = browser("Asha")
    press = Page(asha.get("/my").text).form(f"/do/action.mark_done/{action}")
    family.world.does("Maya", "action.ask_for_time", action, due_on="2025-04-10", reason="Later")
    told = asha.post(press.action, data=press.values())
    assert told.status_code == 409
    assert "10 April 2025" in Page(told.text).text
    fresh = Page(told.text).form(f"/do/action.mark_done/{action}")
    assert asha.post(fresh.action, data=fresh.values()).status_code == 303
    assert family.world.look(action, "state") == "done"


def test_somebody_was_first(browser: Browser, family: Rich) -> None:
    action = family.refs["action"]
    asha = browser("Asha")
    press = Page(asha.get("/my").text).form(f"/do/action.mark_done/{action}")
    family.world.does("Maya", "action.mark_done", action)
    told = asha.post(press.action, data=press.values())
    shown = Page(told.text)
    assert told.status_code == 409
    assert "Somebody has marked it done already" in shown.text
    assert "18 March 2025, by Maya" in shown.text
    assert "/families/F-1042/plan" in shown.links or "/my" in shown.links
    assert ("action.reopen", action) in shown.presses()


def test_a_reason_without_a_question_is_told_and_nothing_is_lost(
    browser: Browser, family: Rich
) -> None:
    maya, here = browser("Maya"), address(family, "taf.close")
    answers = FILLINGS["taf.close"].answers(family) | {"told-1-why_not": ""}
    told = maya.post(here, data=posted(Page(maya.get(here).text), answers))
    shown = Page(told.text)
    assert told.status_code == 422
    assert "step-father" in shown.text
    assert shown.form().values()["reason"] == ["needs_met"]
    assert family.world.look(family.refs["taf"], "state") == "open"


def test_a_fault_says_that_nothing_was_saved_and_that_is_true(
    browser: Browser, family: Rich, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    maya, here = browser("Maya"), address(family, "action.mark_done")
    data = posted(Page(maya.get(here).text), {})
    monkeypatch.setattr("bot.boundary.audit.record", broken)
    told = maya.post(here, data=data)
    assert told.status_code == 500
    assert re.search(r"Nothing was saved\. Quote [0-9A-Z]{5} ", Page(told.text).text)
    assert "the disk is full" not in told.text
    monkeypatch.undo()
    assert family.world.look(family.refs["action"], "state") == "open"
    assert maya.post(here, data=data).status_code == 303


def test_a_fault_while_showing_a_page_is_a_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("bot.web.home.team.tafs_of", broken)
    told = browser("Maya").get("/")
    assert told.status_code == 500
    assert "Something went wrong" in told.text
    assert "secret detail" not in told.text
    assert "frame-ancestors 'none'" in told.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "question", "value"),
    [
        ("review.record", "on", "18 3 2025"),
        ("consent.record", "given_on", "18 3 2025"),
        ("action.agree", "due_on", "  "),
        ("meeting.schedule", "on", "  "),
        ("meeting.reschedule", "on", "18 3 2025"),
    ],
)
def test_today_is_filled_in_where_it_is_likely(
    browser: Browser, family: Rich, name: str, question: str, value: str
) -> None:
    page = Page(browser("Maya").get(address(family, name)).text)
    values = page.form().values()
    boxes = [values[f"{question}-{part}"][0] for part in ("day", "month", "year")]
    assert " ".join(boxes) == value


def test_the_record_begins_with_what_people_replied(browser: Browser, family: Rich) -> None:
    meeting = family.refs["meeting"]
    family.world.does("Asha", "meeting.reply", meeting, reply="substitute", substitute="Jo")
    family.world.does("Tom", "meeting.reply", meeting, reply="apologies")
    values = Page(browser("Maya").get(f"/do/meeting.record/{meeting}").text).form().values()
    assert [values[f"attendance-{row}-attendance"] for row in range(3)] == [
        ["attended"],
        ["substitute"],
        ["apologies"],
    ]
    assert "family-0-attendance" not in values
    team = [family.world.ref(one) for one in ("Maya", "Asha", "Tom")]
    assert [values[f"attendance-{row}-who"][0] for row in range(3)] == team


def test_a_meeting_begins_with_the_whole_team_invited(browser: Browser, family: Rich) -> None:
    page = Page(browser("Maya").get(address(family, "meeting.schedule")).text)
    team = {family.world.ref(one) for one in ("Maya", "Asha", "Tom")}
    assert set(page.form().values()["invite"]) == team


def test_criteria_begin_with_those_that_are_kept(browser: Browser, family: Rich) -> None:
    page = Page(browser("Maya").get(address(family, "taf.record_criteria")).text)
    assert set(page.form().values()["criteria"]) == {"crime.on_licence", "finance.out_of_work"}


def test_a_question_of_the_agencys_own_is_asked(browser: Browser, family: Rich) -> None:
    here = address(family, "assessment.contribute")
    tom = browser("Tom")
    page = Page(tom.get(here).text)
    assert "Attendance last term, per cent" in page.text
    assert "Attendance last term" not in browser("Maya").get(here).text
    answers = {"words": "He is tired", "attendance_last_term": "82"}
    assert tom.post(here, data=posted(page, answers)).status_code == 303
    assert "82" in Page(tom.get("/families/F-1042/family").text).text


def test_a_person_not_allowed_is_told_who_is(browser: Browser, family: Rich) -> None:
    told = browser("Asha").get(address(family, "taf.close"))
    assert told.status_code == 403
    assert "Only the Lead Professional can do this" in told.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("key", "nonsense"), ("key", ""), ("key", "0" * 33), ("key", "../../etc")],
)
def test_a_press_without_a_proper_key_is_nothing(
    browser: Browser, family: Rich, field: str, value: str
) -> None:
    here = address(family, "action.mark_done")
    assert browser("Maya").post(here, data={field: value}).status_code == 404
    assert family.world.look(family.refs["action"], "state") == "open"


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "nowhere", "plan", ""])
def test_a_press_leads_only_to_our_own_pages(browser: Browser, family: Rich, back: str) -> None:
    maya, here = browser("Maya"), address(family, "action.mark_done")
    data = posted(Page(maya.get(here).text), {"from": back})
    assert maya.post(here, data=data).headers["location"] == "/families/F-1042/plan"


@pytest.mark.parametrize(
    ("back", "leads"),
    [("my", "/my"), ("room", "/families/F-1042"), ("supervision", "/families/F-1042/plan")],
)
def test_a_press_leads_back_to_where_it_came_from(
    browser: Browser, family: Rich, back: str, leads: str
) -> None:
    maya, here = browser("Maya"), address(family, "action.mark_done")
    data = posted(Page(maya.get(f"{here}?from={back}").text), {})
    assert maya.post(here, data=data).headers["location"] == leads


@pytest.mark.parametrize(
    "junk", ["\x00", "\ud7ff", "😀" * 3000, "%ED%A0%80", "' OR 1=1 --", "{{ 7*7 }}"]
)
def test_odd_letters_break_nothing(browser: Browser, family: Rich, junk: str) -> None:
    maya, here = browser("Maya"), address(family, "action.agree")
    page = Page(maya.get(here).text)
    every = {name: junk for name, _ in page.form().fields if name not in {"key", "seen"}}
    answer = maya.post(here, data=posted(page, every))
    assert answer.status_code == 422
    assert "49" not in Page(answer.text).form().values()["words"][0]
