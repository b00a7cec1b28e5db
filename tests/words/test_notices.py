"""Every notice has its words, and they are true, short, plain and free of personal details."""

from __future__ import annotations

import re
import typing
from dataclasses import fields
from datetime import date

import jinja2
import pytest

from messages import rendering
from messages.card import Button, Card
from tests.words.samples import (
    IN_MODULES,
    LABELS,
    NOTICES,
    OTHER_LABELS,
    POLICY,
    WORDS,
    shapes,
    usual,
)
from workflows.notice import Notice
from workflows.plan_actions import FAMILYS
from workflows.reminders import RULES
from workflows.reminders.action_overdue import ActionOverdue

DIGEST = "digest"
TITLE = 90
"""What fits on a locked phone, in characters (ours)."""
SENTENCE = 20
"""Words a sentence, on average, in any notice (ours; GOV.UK advises 25 at most)."""

each = pytest.mark.parametrize("notice", NOTICES, ids=lambda one: one.stem())


def said(stem: str, **facts: object) -> Card:
    given = {"about": "action-4", "reference": "F-1042", "labels": LABELS}
    return rendering.card(stem, given | facts)


def test_every_notice_has_a_template_and_every_template_a_notice() -> None:
    assert {notice.stem() for notice in NOTICES} | {DIGEST} == set(rendering.stems())


def test_notices_live_where_the_house_says() -> None:
    assert {notice.__module__ for notice in NOTICES} == IN_MODULES


@each
def test_a_template_uses_every_fact_and_asks_for_no_other(notice: type[Notice]) -> None:
    given = {one.name for one in fields(notice)}
    wanted = rendering.facts_of(notice.stem()) - {"labels"}

    assert wanted <= given
    assert given - wanted <= {"about", "reference"}


@each
def test_a_fact_that_is_missing_is_a_fault_and_never_a_gap(notice: type[Notice]) -> None:
    facts = usual(notice)
    del facts["reference"]

    with pytest.raises(jinja2.UndefinedError):
        rendering.card(notice.stem(), facts)


@each
def test_its_words_are_tidy_in_every_shape(notice: type[Notice]) -> None:
    for facts in shapes(notice):
        card = rendering.card(notice.stem(), facts)
        words = [card.title, *(line.text for line in card.lines)]

        assert facts["reference"] in card.title
        assert card.lines
        for text in words:
            assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|[{}*%]|  |\w_\w| [.,:;]", text), text
            assert not re.search(r"\d{4}-\d\d|\(\)|\.\.|,\.|: ?$", text), text
            assert text[0].isupper() or text[0].isdigit(), text
        for line in card.lines:
            assert line.point != line.text.endswith((".", "!", "?")), line.text


@each
@pytest.mark.parametrize("labels", [LABELS, OTHER_LABELS], ids=["ours", "another place's"])
def test_a_title_fits_on_a_locked_phone(notice: type[Notice], labels: dict[str, str]) -> None:
    for facts in shapes(notice):
        title = rendering.card(notice.stem(), facts | {"labels": labels}).title

        assert len(title) <= TITLE, title
        assert title.startswith(f"{facts['reference']}: ")


@pytest.mark.parametrize("labels", [LABELS, OTHER_LABELS], ids=["ours", "another place's"])
@pytest.mark.parametrize("stem", rendering.stems())
def test_it_has_a_plain_name_that_tells_nothing_of_a_family(
    stem: str, labels: dict[str, str]
) -> None:
    name = rendering.called(stem, labels)

    assert re.fullmatch(r"[A-Z][^_{}*:]*[^_{}*:.?!,\s]", name), name
    assert len(name) <= 60
    for label in LABELS.values():
        assert label.lower() not in rendering._read(stem)[0]["name"].lower()


@each
def test_its_sentences_are_short(notice: type[Notice]) -> None:
    for facts in shapes(notice):
        card = rendering.card(notice.stem(), facts | {"banner": "Call now."})
        text = " ".join(line.text if not line.point else f"{line.text}." for line in card.lines)
        sentences = [one for one in re.split(r"[.?!:] ", text) if one]

        assert len(text.split()) / len(sentences) <= SENTENCE, text
        assert len(text.split()) <= 75, text


@each
def test_it_calls_the_roles_what_the_partnership_calls_them(notice: type[Notice]) -> None:
    _, _, body = rendering.source(notice.stem())
    title, *_ = rendering.source(notice.stem())

    written = re.sub(r"{{.*?}}|{%.*?%}", "", f"{title}\n{body}", flags=re.S)
    for label in LABELS.values():
        assert label.lower() not in written.lower()


@pytest.mark.parametrize("stem", rendering.stems())
def test_strong_words_begin_and_end_on_their_own_line(stem: str) -> None:
    _, _, body = rendering.source(stem)

    for line in re.sub(r"{{.*?}}|{%.*?%}", "", body, flags=re.S).splitlines():
        assert line.count("*") % 2 == 0, line


@each
def test_it_blames_nobody(notice: type[Notice]) -> None:
    _, _, body = rendering.source(notice.stem())

    for word in (
        "failed",
        "failure",
        "must have",
        "should have",
        "your fault",
        "neglect",
        "urgent",
    ):
        assert word not in body.lower()


REMINDERS = [notice for notice in NOTICES if "reminders" in notice.__module__]
ESCALATIONS = [notice for notice in REMINDERS if "rung" in {one.name for one in fields(notice)}]


@pytest.mark.parametrize("notice", REMINDERS, ids=lambda one: one.stem())
def test_every_reminder_says_why_it_is_seen(notice: type[Notice]) -> None:
    """Every escalation shows its rule (R17)."""
    settings = {*type(POLICY.reminders).model_fields, "ladder"}
    for facts in shapes(notice):
        (why,) = [
            line.text
            for line in rendering.card(notice.stem(), facts).lines
            if line.text.startswith("Why you see this: ")
        ]
        named = re.findall(r"\(setting: ([a-z ]+)\)", why)

        assert {one.replace(" ", "_") for one in named} <= settings
        assert named or notice.stem() == "action_due", "no setting decides it"


def test_there_is_a_reminder_for_every_rule() -> None:
    assert len(REMINDERS) == len(RULES) == 14


RUNGS = {
    "lead_professional": "the Lead Professional, or the co-ordinators where there is none",
    "co_ordinator": "the co-ordinators",
    "supervisor": "the clinical supervisors",
}


@pytest.mark.parametrize("notice", ESCALATIONS, ids=lambda one: one.stem())
@pytest.mark.parametrize("rung", RUNGS)
def test_an_escalation_names_its_rung_and_how_long_it_waited(
    notice: type[Notice], rung: str
) -> None:
    facts = usual(notice) | {"rung": rung, "after": "10 working days"}

    why = rendering.card(notice.stem(), facts).lines[-1]

    assert why.text.startswith("Why you see this: 10 working days after ")
    assert [span.text for span in why.spans if span.strong] == [RUNGS[rung]]
    assert why.text.endswith("(setting: ladder).")


def overdue(**facts: object) -> Card:
    given = {"number": 4, "due_on": "2026-03-04", "after": "1 working day", "rung": "owner"}
    return said("action_overdue", **(given | {"owner": "Asha", "yours": False} | facts))


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({"yours": True}, "F-1042: Your action 4 is overdue"),
        ({}, "F-1042: Asha's action 4 is overdue"),
        ({"owner": "James Hodges"}, "F-1042: James Hodges' action 4 is overdue"),
        ({"owner": ""}, "F-1042: The family's action 4 is overdue"),
    ],
)
def test_an_overdue_action_is_somebodys(facts: dict[str, object], title: str) -> None:
    assert overdue(**facts).title == title


def test_an_overdue_action_in_full() -> None:
    assert overdue(yours=True).text == (
        "It was due on Wednesday 4 March and is still open.\n"
        "If it is done, mark it done. If not, ask for more time or say what is in the way.\n"
        "Why you see this: 1 working day after its date, an open action goes to its owner "
        "(setting: ladder)."
    )


def test_a_familys_own_action_goes_to_the_lead_for_them() -> None:
    assert overdue(owner="").lines[-1].text == (
        "Why you see this: 1 working day after its date, an open action goes to the Lead "
        "Professional, or the co-ordinators where there is none (setting: ladder)."
    )


def test_a_late_record_is_asked_for_before_the_ladder_begins() -> None:
    facts = {
        "purpose": "initial",
        "on": "2026-03-04",
        "notes_due_on": "2026-03-11",
        "after": "1 working day",
    }

    card = said("meeting_not_recorded", **facts, rung="owner")

    assert card.title == "F-1042: The first TAF meeting is not recorded yet"
    assert card.lines[1].text == "Notes due by Wednesday 11 March"
    assert card.lines[-1].text == (
        "Why you see this: 1 working day after a meeting, its record is asked for. The first step "
        "is the Lead Professional, or whoever called it where there is none "
        "(setting: meeting not recorded)."
    )


@pytest.mark.parametrize("stem", ["welcome", "step_up_decided"])
def test_the_safeguarding_words_stand_in_full(stem: str) -> None:
    banner = POLICY.safeguarding.banner

    card = said(stem, banner=banner, lead="Asha", assessment_due_on="2026-03-04")

    assert card.lines[-1].text == banner
    assert all(span.strong for span in card.lines[-1].spans)


def test_a_room_without_a_lead_says_so() -> None:
    card = said("welcome", banner="Call.", lead="", assessment_due_on="2026-03-04")

    assert "Nobody is the Lead Professional yet; the co-ordinators are told" in card.text


def recorded(**facts: object) -> str:
    given = {
        "purpose": "review",
        "on": "2026-03-04",
        "by": "Asha",
        "attended": 4,
        "invited": 5,
        "family_came": 2,
        "actions": 3,
        "dissents": 0,
        "lead_took_notes": False,
    }
    return said("meeting_recorded", **(given | facts)).text


def test_a_recorded_meeting_counts_who_came() -> None:
    assert recorded() == (
        "Asha has recorded the meeting of Wednesday 4 March. The record has the details.\n"
        "- Practitioners: 4 of 5 invited came\n"
        "- Family: two people came\n"
        "- New actions: 3"
    )


def test_a_recorded_meeting_says_gently_what_would_be_better() -> None:
    text = recorded(family_came=0, lead_took_notes=True, dissents=1, actions=0)

    assert "Family: nobody came" in text
    assert "Nobody from the family was there. It may help to ask" in text
    assert "Next time it is best if somebody else does" in text
    assert "One disagreement kept word for word" in text
    assert "New actions: none" in text


def test_a_step_up_refers_nobody_by_itself() -> None:
    card = said("step_up_decided", banner="Call.")

    assert card.lines[0].text.startswith("The assistant refers nobody.")
    assert card.buttons == ()


def test_a_reading_that_is_not_known_is_never_called_a_missed_target() -> None:
    text = said("reading_recorded", number=2, by="Asha", met=False).text

    assert "not met" not in text
    assert "0" not in text


@pytest.mark.parametrize(("number", "things"), [(1, "one thing"), (3, "three things")])
def test_the_digest_counts_what_is_in_it(number: int, things: str) -> None:
    inside = tuple(overdue() for _ in range(number))

    card = rendering.card(
        "digest", {"about": "person-3", "count": number, "labels": LABELS}, inside
    )

    assert card.title == f"Today: {things} across your families"
    assert card.cards == inside
    assert card.text.count("is overdue") == number
    assert rendering.facts_of("digest") <= {"about", "count", "labels"}


def test_a_notice_nobody_wrote_is_a_fault() -> None:
    with pytest.raises(rendering.NoSuchNotice):
        said("action_forgotten")


def test_a_title_too_long_for_any_platform_is_cut() -> None:
    title = overdue(owner="A" * 200).title

    assert len(title) == rendering.TITLE_LIMIT
    assert title.endswith("…")


ON_KINDS = {
    "taf": """taf.add_member taf.add_family_member taf.record_criteria taf.close lead.hand_over
        lead.give_up consent.resume_sharing assessment.initiate meeting.schedule outcome.agree
        action.agree indicator.choose review.record help.ask""",
    "team_member": "member.approve member.decline member.remove",
    "handover": "lead.accept lead.decline lead.take_back",
    "assessment": "assessment.contribute assessment.complete",
    "meeting": "meeting.reply meeting.record meeting.reschedule meeting.cancel",
    "plan": "plan.agree",
    "action": """action.mark_done action.ask_for_time action.block action.unblock action.not_mine
        action.give_to action.snooze action.withdraw action.reopen""",
    "indicator": "indicator.record_reading",
    "help": "help.answer help.take_back",
    "delivery": "delivery.try_again delivery.set_aside",
    "account": "account.match account.set_aside",
}


@pytest.mark.parametrize("stem", rendering.stems())
def test_its_buttons_are_few_and_all_of_one_subject(stem: str) -> None:
    _, buttons, _ = rendering.source(stem)

    assert len(buttons) == len(set(buttons)) <= 5
    assert any(set(buttons) <= set(known.split()) for known in ON_KINDS.values())


def test_a_button_acts_on_what_the_notice_is_about() -> None:
    assert overdue().buttons[0] == Button("action.mark_done", "action-4")


def test_a_card_survives_being_written_down() -> None:
    card = rendering.card("digest", {"about": "person-3", "count": 1}, (overdue(),))

    assert Card.from_json(card.as_json()) == card


@each
def test_no_fact_can_carry_what_somebody_typed(notice: type[Notice]) -> None:
    """R1: numbers, dates, yes and no, and only the texts that `WORDS` explains."""
    for name, kind in typing.get_type_hints(notice).items():
        parts = set(typing.get_args(kind) or (kind,)) - {type(None)}

        assert len(parts) == 1
        assert parts <= {int, bool, date} or (parts == {str} and name in WORDS), name


def test_every_explained_text_is_still_in_use() -> None:
    used = {name for notice in NOTICES for name in typing.get_type_hints(notice)}

    assert set(WORDS) <= used


def test_a_familys_own_action_is_never_signed_by_a_label() -> None:
    assert FAMILYS == "The family"
    assert {one.name for one in fields(ActionOverdue)} == {
        "about", "reference", "number", "due_on", "owner", "yours", "after", "rung",
    }  # fmt: skip
