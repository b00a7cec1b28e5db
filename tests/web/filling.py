"""How each command's form is filled in, by whom and about what, in the rich family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.web.rich import Rich

Posted = dict[str, str | list[str] | None]


def day(name: str, on: str) -> Posted:
    """A date as its three boxes post it."""
    year, month, number = on.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


@dataclass(frozen=True)
class Filling:
    """Who gives a command, about what, with which answers; `first` makes it possible."""

    who: str = "Maya"
    ref: str = ""
    answers: Callable[[Rich], Posted] = field(default=lambda _: {})
    first: Callable[[Rich], Any] = field(default=lambda _: None)


def _ref(family: Rich, who: str) -> str:
    return family.world.ref(who)


def _members(row: str = "members-0") -> Posted:
    return {
        f"{row}-label": "mother",
        f"{row}-stage": "adult",
        f"{row}-age_band": "25+",
        f"{row}-lives": "here",
        f"{row}-parental_responsibility": "yes",
    }


def _child() -> Posted:
    return {
        "members": ["0", "1"],
        "members-1-label": "child 7",
        "members-1-stage": "child",
        "members-1-age_band": "5-10",
        "members-1-lives": "here",
        "members-1-parental_responsibility": "no",
    }


def _step_down(family: Rich) -> Posted:
    return {
        **_members(),
        **_child(),
        "stepped_down_from": "child_in_need",
        **day("lead_by", "2025-04-01"),
        "practitioners": ["0"],
        "practitioners-0-person": _ref(family, "Asha"),
        "actions-0-words": "Finish the housing application",
        "actions-0-owner": _ref(family, "Asha"),
        **day("actions-0-due_on", "2025-04-01"),
        **day("first_on", "2025-03-25"),
        "first_at": "2pm",
        "first_mode": "in_person",
    }


def record(family: Rich) -> Posted:
    """The record of the review meeting."""
    came = {f"attendance-{row}-attendance": "attended" for row in range(3)}
    there = {f"family-{row}-attendance": "part" for row in range(4)}
    voice: Posted = {"child_voice": "observed", "child_voice_words": "She smiled."}
    return {**came, **there, **voice}


def _action(family: Rich) -> Posted:
    return {
        "words": "Ring the school",
        "owner": _ref(family, "Tom"),
        **day("due_on", "2025-04-01"),
    }


def _close(family: Rich) -> Posted:
    return {
        "reason": "needs_met",
        "family_agreed": "yes",
        "team_agreed": "yes",
        **day("told-0-told_on", "2025-03-18"),
        "told-1-why_not": "He is away",
    }


def _stop_sharing(family: Rich) -> None:
    family.world.does(
        "Maya", "consent.withdraw", family.refs["family_member"], withdrawn_on="2025-03-18"
    )


def _take_back_offer(family: Rich) -> None:
    family.world.does("Maya", "lead.take_back", family.refs["handover"])


def _review(family: Rich) -> None:
    world = family.world
    world.does(
        "Maya",
        "meeting.record",
        family.refs["meeting"],
        attendance=[
            {"who": world.ref(one), "attendance": "attended"} for one in ("Maya", "Asha", "Tom")
        ],
        family=[
            {"who": world.member(one), "attendance": "part"}
            for one in ("mother", "step-father", "child 12", "child 9")
        ],
        child_voice="observed",
        child_voice_words="She smiled.",
    )


def _given(**answers: str | list[str]) -> Callable[[Rich], Posted]:
    return lambda _: dict(answers)


def _on(name: str, on: str, **answers: str) -> Callable[[Rich], Posted]:
    return lambda _: {**day(name, on), **answers}


TOM = "Tom"
FILLINGS: dict[str, Filling] = {
    "taf.convene": Filling(answers=lambda _: {**_members(), **_child()}),
    "taf.step_down": Filling(answers=_step_down),
    "taf.add_member": Filling(
        first=lambda one: one.world.given_a_person("Zed", "housing"),
        answers=lambda one: {"person": _ref(one, "Zed")},
    ),
    "taf.add_family_member": Filling(
        answers=_given(
            label="grandmother",
            stage="adult",
            age_band="25+",
            lives="elsewhere",
            parental_responsibility="no",
        )
    ),
    "taf.record_criteria": Filling(answers=_given(high_cost="yes")),
    "taf.close": Filling(answers=_close),
    "member.approve": Filling(ref="proposed"),
    "member.decline": Filling(ref="proposed"),
    "member.remove": Filling(answers=_given(why="She moved on")),
    "member.leave": Filling("Asha", answers=_given(why="I move on")),
    "lead.hand_over": Filling(
        first=_take_back_offer, answers=lambda one: {"to": _ref(one, TOM), "reason": "I leave"}
    ),
    "lead.give_up": Filling(answers=_given(reason="I leave")),
    "lead.accept": Filling(TOM),
    "lead.decline": Filling(TOM),
    "lead.take_back": Filling(),
    "privacy_notice.serve": Filling(ref="step_father", answers=_given(how="by_post")),
    "consent.record": Filling(ref="step_father", answers=_given(basis="consent")),
    "consent.withdraw": Filling(),
    "consent.resume_sharing": Filling(
        first=_stop_sharing, answers=_given(basis="vital_interests", reason="The children")
    ),
    "assessment.initiate": Filling(answers=_given(assessment="early_help")),
    "assessment.contribute": Filling(TOM, answers=_given(words="He is often tired")),
    "assessment.complete": Filling(),
    "meeting.schedule": Filling(answers=_on("on", "2025-04-15", mode="online", at="10:30")),
    "meeting.reschedule": Filling(answers=_on("on", "2025-03-20")),
    "meeting.cancel": Filling(answers=_given(why="Snow")),
    "meeting.reply": Filling("Asha", answers=_given(reply="substitute", substitute="Jo")),
    "meeting.record": Filling(answers=record),
    "outcome.agree": Filling(answers=_given(words="Everybody sleeps well")),
    "plan.agree": Filling(first=_review),
    "action.agree": Filling(answers=_action),
    "action.mark_done": Filling(),
    "action.ask_for_time": Filling("Asha", answers=_on("due_on", "2025-04-02", reason="Ill")),
    "action.block": Filling("Asha", answers=_given(blocked_by="money", words="No money left")),
    "action.unblock": Filling(ref="blocked", answers=_on("due_on", "2025-04-02")),
    "action.not_mine": Filling("Asha", answers=_given(why="It is the school's")),
    "action.give_to": Filling(answers=lambda one: {"owner": _ref(one, TOM)}),
    "action.snooze": Filling("Asha", answers=_on("until", "2025-03-20")),
    "action.withdraw": Filling(answers=_given(why="Not needed")),
    "action.reopen": Filling(ref="done", answers=_on("due_on", "2025-04-02")),
    "indicator.choose": Filling(
        answers=_given(
            measure="crime.asb_incidents", history="Ten a year", forecast="More", baseline="10"
        )
    ),
    "indicator.record_reading": Filling(answers=_given(value="£1,000.50")),
    "indicator.stop": Filling(),
    "review.record": Filling(
        answers=_given(mode="call", progress="good", decision="continue", words="Well done")
    ),
    "help.ask": Filling("Asha", answers=_given(why="relapse", words="What now?")),
    "help.answer": Filling("Dr Clarke", answers=_given(answer="Talk to him first.")),
    "help.take_back": Filling("Asha"),
    "delivery.try_again": Filling("Priya"),
    "delivery.set_aside": Filling("Maya"),
    "person.add": Filling(
        "Priya",
        answers=_given(
            name="Sam Lee",
            agency="housing",
            email="sam.lee@housing.example",
            works_on=["1", "5"],
            roles=["supervisor"],
        ),
    ),
    "person.change": Filling("Priya", answers=_given(name="Zoe B")),
    "person.has_left": Filling("Priya"),
    "person.come_back": Filling("Priya", ref="left"),
    "person.unmatch": Filling("Priya", ref="matched"),
    "account.match": Filling("Priya", answers=lambda one: {"person": one.refs["person"]}),
    "account.set_aside": Filling("Priya"),
    "my.take_leave": Filling(
        "Asha",
        answers=lambda _: {**day("first_day", "2025-04-07"), **day("last_day", "2025-04-08")},
    ),
}
