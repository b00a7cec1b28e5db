"""A family with something of everything, for the pages to show; made by presses alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.app import assemble
from bot.clock import StoppedClock
from bot.platform import Outgoing, Undelivered
from bot.web.platform import WebPlatform
from storage import subjects
from storage.accounts import find
from storage.database import Database
from tests import builders
from tests.world import World
from workflows import accounts
from workflows.policy import load_policy

ARCHIVED = "The channel is archived."
LONG = "Antidisestablishmentarianism" * 4
VOICE = "I want to stay at my school.\nAnd I want Mum to be all right."
DISSENT = "We cannot wait any longer: <b>court action</b> is pending."
WORDS = "Ring the debt agency together, and write down what they say about the arrears"


@dataclass
class Rich:
    """The world of the family F-1042, and the references of what is in it."""

    world: World
    refs: dict[str, str]

    def again(self, database: Database) -> Rich:
        """The same family in a copy of its database."""
        world = copy(self.world)
        world.database = database
        world.clock = StoppedClock(self.world.clock.now())
        world.people = dict(self.world.people)
        _carry_by_web(world)
        return Rich(world, self.refs)


def world_on_the_web(database: Database) -> World:
    """A world whose platform is the web itself."""
    world = World(database)
    _carry_by_web(world)
    return world


def _carry_by_web(world: World) -> None:
    numbers = itertools.count(9001)
    policy = load_policy(Path("app.yaml").read_text())
    world.assistant = assemble(
        policy, world.database, world.clock, references=lambda: f"F-{next(numbers)}"
    )


def rich(world: World) -> Rich:
    """Tell a family's story up to its fourth week."""
    taf = world.given_a_family(
        members=[
            builders.family_member("mother"),
            builders.family_member("step-father", basis="not_yet", notice_on="", basis_on=""),
            builders.family_member("child 12"),
            builders.family_member("child 9", lives="part_of_the_time"),
        ],
        criteria=["crime.on_licence", "finance.out_of_work"],
        assessment="family_caf",
    )
    refs = {"taf": taf}
    with world.database.reading() as session:
        found = subjects.find(session, taf)
        refs["family_member"] = found.members[0].ref
        refs["step_father"] = found.members[1].ref
        refs["plan"] = found.plan.ref
        refs["assessment"] = found.assessments[0].ref
        refs["team_member"] = next(one.ref for one in found.team if one.person.name == "Asha")
    _plan(world, refs)
    _meeting(world, refs)
    _indicators(world, refs)
    _people(world, refs)
    _record(world, refs)
    return Rich(world, refs)


def _plan(world: World, refs: dict[str, str]) -> None:
    taf = refs["taf"]
    world.does(
        "Maya",
        "assessment.contribute",
        refs["assessment"],
        words="The mother talks openly.\nThe step-father holds back.",
    )
    refs["outcome"] = (
        world.does(
            "Maya", "outcome.agree", taf, words="The family keeps its home", need="finance"
        ).about
        or ""
    )
    outcome = {"outcome": refs["outcome"]}
    late = builders.action(world.ref("Asha"), "2025-03-07", words=WORDS, **outcome)
    refs["action"] = world.does("Maya", "action.agree", taf, **late).about or ""
    for owner, words, listed in (
        (world.member("mother"), "Keep to the payment plan", "family_plan"),
        (world.ref("Tom"), LONG, "professional_task"),
    ):
        answers = builders.action(owner, "2025-04-15", words=words, list=listed, **outcome)
        world.does("Maya", "action.agree", taf, **answers)
    refs["delivery"] = _one_that_is_not_delivered(world, taf)
    loose = builders.action(world.ref("Tom"), "2025-03-20", words="Agree a quiet place at school")
    blocked = world.does("Maya", "action.agree", taf, **loose).about or ""
    refs["blocked"] = blocked
    world.does(
        "Tom", "action.block", blocked, blocked_by="waiting_list", words="Six weeks at least"
    )
    done = builders.action(world.ref("Maya"), "2025-03-20", words="Visit the home")
    refs["done"] = world.does("Maya", "action.agree", taf, **done).about or ""
    world.does("Maya", "action.mark_done", refs["done"])
    world.does("Maya", "plan.agree", refs["plan"], agreed_on="2025-03-04")


def _one_that_is_not_delivered(world: World, taf: str) -> str:
    """The card of Maya's action 4 never reaches the room."""
    mine = builders.action(
        world.ref("Maya"),
        "2025-04-15",
        words="Ask about the parenting course",
        list="professional_task",
    )
    with refusing(world):
        world.does("Maya", "action.agree", taf, **mine)
    return next(one.ref for one in world.outbox() if one.state == "dead")


class Refusing(WebPlatform):
    """Takes no message."""

    def post(self, message: Outgoing) -> str:
        raise Undelivered(ARCHIVED, permanent=True)


@contextmanager
def refusing(world: World) -> Iterator[None]:
    """While this lasts, nothing can be posted."""
    delivery = world.assistant.delivery
    usual, delivery.platforms = delivery.platforms, {"web": Refusing(world.database)}
    yield
    delivery.platforms = usual


def _meeting(world: World, refs: dict[str, str]) -> None:
    team = [world.ref(name) for name in ("Maya", "Asha", "Tom")]
    meeting = builders.meeting(team, on="2025-03-11")
    refs["held"] = world.does("Maya", "meeting.schedule", refs["taf"], **meeting).about or ""
    world.does("Asha", "meeting.reply", refs["held"], reply="substitute", substitute="A colleague")
    world.does(
        "Tom",
        "meeting.reply",
        refs["held"],
        reply="apologies_with_report",
        report="Attendance is 82%.\nIt was 71%.",
    )
    world.when("Tue 11 March", "16:00")
    world.does(
        "Maya",
        "meeting.record",
        refs["held"],
        attendance=[
            {"who": world.ref("Maya"), "attendance": "attended"},
            {"who": world.ref("Asha"), "attendance": "substitute"},
            {"who": world.ref("Tom"), "attendance": "apologies_with_report"},
        ],
        family=[
            {"who": world.member("mother"), "attendance": "attended"},
            {"who": world.member("step-father"), "attendance": "not_there"},
            {"who": world.member("child 12"), "attendance": "part"},
            {"who": world.member("child 9"), "attendance": "not_there"},
        ],
        child_voice="in_the_meeting",
        child_voice_words=VOICE,
        progress="The house is warmer.",
        decisions="Meet again in a month.",
        dissents=[{"who": world.ref("Asha"), "words": DISSENT}],
        actions=[builders.action(world.ref("Maya"), "2025-03-25", words="Send the notes round")],
        next_on="2025-04-08",
        next_at="10:00",
    )
    world.does("Ola", "my.take_leave", first_day="2025-04-01", last_day="2025-04-04")
    soon = builders.meeting(team, on="2025-03-18", at="09:30", purpose="review")
    refs["meeting"] = world.does("Maya", "meeting.schedule", refs["taf"], **soon).about or ""


def _indicators(world: World, refs: dict[str, str]) -> None:
    taf = refs["taf"]
    kept = world.assistant.office.framework
    by_kind = {one.kind: one.id for one in reversed(kept.indicators)}
    for kind, start, target in (
        ("money", "1200", "300"),
        ("count", "4", "0"),
        ("yes_no", "no", ""),
    ):
        made = world.does(
            "Maya",
            "indicator.choose",
            taf,
            measure=by_kind[kind],
            history="It has been so for two years.",
            forecast="It would get worse.",
            baseline=start,
            target=target,
        )
        refs.setdefault("indicator", made.about or "")
    for day, value, unknown in (
        ("2025-03-11", "1100", None),
        ("2025-03-13", "250.50", None),
        ("2025-03-14", None, "yes"),
        ("2025-03-17", "800", None),
    ):
        world.when(date.fromisoformat(day).strftime("%a %d %B"), "17:00")
        world.does(
            "Maya",
            "indicator.record_reading",
            refs["indicator"],
            value=value,
            not_known=unknown,
            on=day,
            evidence="The rent account",
        )


def _people(world: World, refs: dict[str, str]) -> None:
    taf = refs["taf"]
    world.when("Tue 18 March", "10:00")
    world.does(
        "Maya",
        "review.record",
        taf,
        mode="collated",
        on="2025-03-18",
        progress="some",
        decision="continue",
        words="Slow, and going the right way.",
    )
    proposed = world.does("Asha", "taf.add_member", taf, person=world.ref("Ola"), why="The licence")
    refs["proposed"] = proposed.about or ""
    offer = world.does("Maya", "lead.hand_over", taf, to=world.ref("Tom"), reason="I change jobs")
    refs["handover"] = offer.about or ""
    asked = world.does("Asha", "help.ask", taf, why="disagreement", words="Who is right?\nAnd now?")
    refs["help"] = asked.about or ""


def _record(world: World, refs: dict[str, str]) -> None:
    """Somebody new, somebody who has left, somebody matched, somebody unknown."""
    known = {"agency": "housing", "works_on": ["1", "2"], "job": "Housing officer"}
    for ref, name in (("person", "Zoe Begum"), ("left", "Lena Gray"), ("matched", "Mo Khan")):
        email = f"{ref}@housing.example"
        refs[ref] = world.does("Priya", "person.add", name=name, email=email, **known).about or ""
    world.does("Priya", "person.has_left", refs["left"])
    refs["mo_account"] = _account(world, "U0MO", "Mo")
    world.does("Priya", "account.match", refs["mo_account"], person=refs["matched"])
    refs["account"] = _account(world, "U0SOMEBODY", "Zoe <b>B</b>", "person@housing.example")


def _account(world: World, account: str, name: str, email: str = "") -> str:
    office, now = world.assistant.office, world.clock.now()
    with world.database.writing() as session:
        given = (session, "slack", account, now, office.policy, office.days)
        accounts.somebody_unknown(*given, name=name, email=email)
        found = find(session, "slack", account)
        assert found is not None
        return found.ref
