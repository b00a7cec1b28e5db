"""Stories of what could not be delivered: who is told, what can be done, and that it ends well."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from jinja2 import UndefinedError

from bot.platform import Outgoing, Place, Undelivered
from bot.recording import BACKOFF, MOST_ATTEMPTS
from messages import rendering
from storage import subjects, undelivered
from storage.audit import AuditEntry
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from tests.world import RememberingPlatform, World
from workflows import rooms_in_step

WHY = "The channel is archived."


@dataclass
class Broken(RememberingPlatform):
    """Refuses for good what it is told to: an operation, a place, or both ("" stands for any)."""

    refused: set[tuple[str, str]] = field(default_factory=set)
    silent: bool = False
    """Takes every message, and answers nothing."""

    def _check(self, operation: str, to: Place) -> None:
        if {(operation, to.name), (operation, ""), ("", to.name)} & self.refused:
            raise Undelivered(WHY, permanent=True)

    def _is_there(self, to: Place) -> None:
        if to.room_id and to.name not in self.inside:
            raise Undelivered("There is no such room.", permanent=True)

    def open_room(self, room: Place, number: int) -> str:
        self._check("open", room)
        return super().open_room(room, number)

    def admit(self, room: Place, person_id: int, at: datetime) -> None:
        self._check("admit", room)
        self._is_there(room)
        super().admit(room, person_id, at)

    def remove(self, room: Place, person_id: int, at: datetime) -> None:
        self._check("remove", room)
        self._is_there(room)
        super().remove(room, person_id, at)

    def name_room(self, room: Place) -> None:
        self._check("name", room)
        super().name_room(room)

    def pin(self, room: Place, message: str) -> None:
        self._check("pin", room)
        super().pin(room, message)

    def close_room(self, room: Place, at: datetime) -> None:
        self._check("close", room)
        super().close_room(room, at)

    def post(self, message: Outgoing) -> str:
        self._check("post", message.to)
        self._is_there(message.to)
        found = super().post(message)
        if self.silent:
            raise Undelivered("No answer within 10 seconds.", unknown=True)
        return found

    def find(self, message: Outgoing) -> tuple[str, ...]:
        if self.silent:
            raise Undelivered("No answer within 10 seconds.", unknown=True)
        return super().find(message)


@pytest.fixture
def broken(world: World) -> Broken:
    platform = Broken()
    world.platform = platform
    world.assistant.delivery.platforms = {"web": platform}
    return platform


def dead(world: World, operation: str = "post") -> list[Delivery]:
    """What could not be delivered, without what a digest held."""
    return [
        one
        for one in world.outbox()
        if one.state == "dead" and one.operation == operation and one.attempts
    ]


def told(world: World, *stems: str) -> list[str]:
    """Whom the outbox has told of something undelivered, oldest first."""
    wanted = stems or ("not_delivered",)
    with world.database.reading() as session:
        found = session.query(Delivery).where(Delivery.notice.in_(wanted)).order_by(Delivery.id)
        return [one.lane.person.name for one in found if one.lane.person]


def proposes(world: World) -> None:
    """Something is said in the room."""
    world.given_an_agreed_action(owner="Asha", due="Tue 25 March")


def test_the_lead_hears_once_a_day_of_a_room_that_takes_nothing(
    world: World, broken: Broken
) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    proposes(world)
    proposes(world)
    assert told(world) == ["Maya"]
    world.when("Wed 5 March")
    maya = world.then("Maya")
    maya.sees("F-1042: Not delivered: A card of an action")
    maya.sees("It was for the room.")
    maya.sees(f"Why: {WHY}")
    maya.sees("quote D-")
    assert maya.messages[-1].text.count("Not delivered") == 1

    proposes(world)
    assert told(world) == ["Maya", "Maya"]
    world.then("Priya").hears_nothing()
    world.then("Nosy").hears_nothing()


def test_what_was_meant_for_the_lead_goes_to_the_co_ordinators(
    world: World, broken: Broken
) -> None:
    world.given_a_family()
    request = world.does("Maya", "help.ask", world.taf, **builders.help_wanted()).about or ""
    broken.refused = {("", "Maya")}
    world.does("Dr Clarke", "help.answer", request, answer="x")

    assert told(world) == ["Priya"]
    world.when("Wed 5 March")
    world.then("Priya").sees("F-1042: Not delivered: A request for help is answered")
    world.then("Priya").sees("It was for Maya.")


def test_without_a_lead_the_co_ordinators_hear(world: World, broken: Broken) -> None:
    world.given_a_family()
    world.does("Maya", "lead.give_up", world.taf, reason="x")
    broken.refused = {("post", "F-1042")}
    proposes_help(world)

    assert told(world) == ["Priya"]


def proposes_help(world: World) -> None:
    world.does("Asha", "help.ask", world.taf, **builders.help_wanted())


def test_a_digest_is_about_no_family_and_goes_to_the_co_ordinators(
    world: World, broken: Broken
) -> None:
    world.given_a_family()
    broken.refused = {("", "Asha")}
    world.when("Wed 5 March")
    (digest,) = dead(world, "digest")

    assert told(world) == ["Priya"]
    world.when("Thu 6 March")
    world.then("Priya").sees(f"{digest.reference}: Not delivered: The daily message")
    world.then("Priya").sees("It was for Asha.")


def test_the_telling_itself_tells_nobody_further(world: World, broken: Broken) -> None:
    world.given_a_person("Quinn", "advice-and-coordination", ["co-ordinator"])
    world.given_a_family()
    broken.refused = {("", name) for name in ("Asha", "Tom", "Maya", "Priya", "Quinn")}
    for day in ("Wed 5 March", "Thu 6 March", "Fri 7 March", "Mon 10 March"):
        world.when(day)

    assert dead(world, "digest")
    before = len(world.outbox())
    world.when("Fri 21 March")
    assert len(world.outbox()) <= before + 30, "the rules' own reminders, and no echo of echoes"
    assert len(told(world)) <= 20
    with world.database.reading() as session:
        for one in session.query(Delivery).where(Delivery.notice == "not_delivered"):
            meant = one.facts["message"]
            assert meant != "not_delivered"


def test_a_removal_that_is_refused_is_told_at_once(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("remove", "")}
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.does("Maya", "member.remove", world.place("Asha"), why="x")

    titles = [one.title for one in world.then("Maya").messages]
    assert titles == ["F-1042: Tom can still read the room", "F-1042: Asha can still read the room"]
    world.then("Maya").sees("Take them out yourself now.")
    world.then("Tom").never_sees("can still read")


def test_a_room_that_does_not_open_says_what_it_means_and_opens_later(
    world: World, broken: Broken
) -> None:
    broken.refused = {("open", "")}
    world.given_a_family()
    assert told(world, "room_not_opened", "not_let_in", "not_delivered") == ["Maya"]
    world.when("Wed 5 March")
    world.then("Maya").sees("F-1042: The room could not be opened")
    world.then("Maya").sees("Nobody can talk there.")
    (opening,) = dead(world, "open")
    admits = dead(world, "admit")
    assert len(admits) == 3
    assert world.refused("Maya", "delivery.try_again", admits[0].ref) == "room_not_open"

    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    broken.refused = set()
    world.does("Maya", "delivery.try_again", opening.ref)
    assert broken.inside["F-1042"] == {world.people["Maya"], world.people["Asha"]}
    world.then("the room").sees("Welcome")
    first = world.then("the room").messages[0]
    assert first.notice == "welcome", "what came first is said first"
    assert world.refused("Maya", "delivery.try_again", opening.ref) == "already_seen_to"


def test_somebody_not_let_in_is_named_and_let_in_later(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("admit", "")}
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.does("Maya", "member.approve", world.place("Ola"))
    world.when("Wed 5 March")
    world.then("Maya").sees("F-1042: Ola could not be let in")

    broken.refused = set()
    (admit,) = dead(world, "admit")
    world.does("Maya", "delivery.try_again", admit.ref)
    assert world.people["Ola"] in broken.inside["F-1042"]


def test_nobody_is_let_in_who_has_left_meanwhile(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("admit", "")}
    world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
    world.does("Maya", "member.approve", world.place("Ola"))
    broken.refused = set()
    world.does("Maya", "member.remove", world.place("Ola"), why="x")

    (admit,) = dead(world, "admit")
    assert world.refused("Maya", "delivery.try_again", admit.ref) == "no_longer_needed"
    world.does("Maya", "delivery.set_aside", admit.ref)
    assert world.people["Ola"] not in broken.inside["F-1042"]


def test_nobody_is_taken_out_who_has_come_back_meanwhile(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("remove", "")}
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    broken.refused = set()
    (removal,) = dead(world, "remove")
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Tom"))

    assert world.refused("Maya", "delivery.try_again", removal.ref) == "no_longer_needed"
    assert world.people["Tom"] in broken.inside["F-1042"]


def test_after_closing_only_what_ends_the_room_is_tried_again(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    proposes(world)
    (card,) = dead(world)
    broken.refused = {("close", "")}
    world.does(
        "Maya",
        "taf.close",
        world.taf,
        **builders.closing({world.member("mother"): {"told_on": "2025-03-04"}}),
    )
    (closing,) = dead(world, "close")

    assert world.refused("Maya", "delivery.try_again", card.ref) == "no_longer_needed"
    world.when("Wed 5 March")
    world.then("Maya").sees("F-1042: The room could not be closed")
    broken.refused = set()
    world.does("Maya", "delivery.try_again", closing.ref)
    assert "F-1042" not in broken.inside
    world.does("Maya", "delivery.set_aside", card.ref)


def test_tried_again_when_the_platform_is_well_it_arrives_once_and_in_order(
    world: World, broken: Broken
) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.does("Maya", "member.remove", world.place("Asha"), why="x")
    tom, asha = dead(world)
    broken.refused = set()
    version = world.look(tom.ref, "version")
    with world.database.reading() as session:
        assert undelivered.count(session, None) == 2

    drain, world.assistant.delivery.drain = world.assistant.delivery.drain, lambda: 0  # type: ignore[method-assign]
    world.does("Maya", "delivery.try_again", asha.ref)
    world.does("Priya", "delivery.try_again", tom.ref)
    world.assistant.delivery.drain = drain  # type: ignore[method-assign]
    world.assistant.delivery.drain()
    left = [one.title for one in world.then("the room").messages if "has left" in one.title]
    assert left == ["F-1042: Tom has left the team", "F-1042: Asha has left the team"]
    assert world.look(tom.ref, "state", "attempts", "version") == ("sent", 1, version + 1)
    assert world.refused("Maya", "delivery.try_again", tom.ref) == "already_seen_to"


def test_what_had_arrived_after_all_is_found_and_not_sent_twice(
    world: World, broken: Broken
) -> None:
    world.given_a_family()
    broken.silent = True
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    for _ in range(MOST_ATTEMPTS + 1):
        world.clock.set(world.clock.now() + timedelta(seconds=BACKOFF[-1]))
        world.assistant.delivery.drain()
    broken.silent = False
    lost = next(one for one in dead(world) if one.notice == "left_the_team")

    world.does("Maya", "delivery.try_again", lost.ref)
    assert world.look(lost.ref, "state") == "sent"
    said = [one for one in broken.said if one.notice == "left_the_team"]
    assert len(said) == 1


def test_an_older_card_never_comes_after_a_newer_one(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    action = world.given_an_agreed_action(owner="Asha", due="Tue 25 March")
    broken.refused = set()
    (card,) = dead(world)
    world.does("Asha", "action.mark_done", action)

    assert world.refused("Maya", "delivery.try_again", card.ref) == "no_longer_needed"
    world.does("Maya", "delivery.set_aside", card.ref)
    state, why = world.look(card.ref, "state", "why")
    assert (state, why) == ("cancelled", f"{WHY} Set aside by the Lead Professional.")
    assert world.refused("Maya", "delivery.set_aside", card.ref) == "already_seen_to"


@pytest.mark.parametrize("later", ["the same day", "the next day"])
def test_a_dead_digest_tried_again_says_all_that_is_true_and_nothing_twice(
    world: World, broken: Broken, later: str
) -> None:
    world.given_a_family()
    moot = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
    world.given_an_agreed_action(owner="Asha", due="Tue 25 March")
    broken.refused = {("", "Asha")}
    world.when("Wed 5 March")
    (digest,) = dead(world, "digest")
    assert len(digest.items) == 3
    world.does("Maya", "action.give_to", moot, owner=world.ref("Tom"))
    broken.refused = set()
    if later == "the next day":
        world.when("Wed 5 March", "20:00")
        proposes(world)
    world.does("Priya", "delivery.try_again", digest.ref)
    world.when("Thu 6 March", "12:00")

    said = "\n".join(one.title + one.text for one in world.then("Asha").messages)
    assert said.count("You are on the team now") == 1
    assert said.count("Action 2 is yours") == 1
    assert "Action 1 is yours" not in said
    assert all(world.look(f"delivery-{one}", "state") != "dead" for one in digest.items)
    mine = [one for one in world.then("Asha").messages if one.notice == "digest"]
    assert len(mine) == 1
    assert undelivered_now(world) == 0


def undelivered_now(world: World) -> int:
    with world.database.reading() as session:
        return undelivered.count(session, None)


def test_a_digest_set_aside_takes_what_it_held_with_it(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("", "Asha")}
    world.when("Wed 5 March")
    (digest,) = dead(world, "digest")
    assert undelivered_now(world) == 1
    for command in ("delivery.try_again", "delivery.set_aside"):
        assert world.refused("Priya", command, f"delivery-{digest.items[0]}") == "not_now"
    world.does("Priya", "delivery.set_aside", digest.ref)

    held = world.look(f"delivery-{digest.items[0]}", "state", "why")
    assert held == ("cancelled", f"{WHY} Set aside by a co-ordinator.")
    assert undelivered_now(world) == 0


def test_it_is_not_said_any_more_once_somebody_has_seen_to_it(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    proposes(world)
    (card,) = dead(world)
    world.does("Priya", "delivery.set_aside", card.ref)
    world.when("Wed 5 March")

    world.then("Maya").never_sees("Not delivered")


def test_who_does_not_lead_any_more_is_not_told(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    proposes(world)
    offer = world.does("Maya", "lead.hand_over", world.taf, to=world.ref("Asha"), reason="x").about
    world.does("Asha", "lead.accept", offer or "")
    world.when("Wed 5 March")

    world.then("Maya").never_sees("Not delivered")


@pytest.mark.parametrize("command", ["delivery.try_again", "delivery.set_aside"])
def test_for_everybody_else_there_is_nothing(world: World, broken: Broken, command: str) -> None:
    world.given_a_family(family="F-2000", lead_professional=world.ref("Asha"), practitioners=[])
    world.given_a_family()
    broken.refused = {("post", "F-1042"), ("", "Tom")}
    proposes(world)
    world.when("Wed 5 March")
    (card,), (digest,) = dead(world), dead(world, "digest")

    for who in ("Nosy", "Asha", "Tom", "Dr Clarke", "Ola"):
        assert world.refused(who, command, card.ref) == "not_a_member"
        assert world.refused(who, command, digest.ref) == "not_a_member"
    assert world.refused("Maya", command, digest.ref) == "not_a_member"
    with world.database.reading() as session:
        asha = session.get_one(Person, world.people["Asha"])
        assert undelivered.listed(session, asha, before=None, limit=9) == []
        assert undelivered.count(session, asha) == 0


def test_what_was_done_is_in_the_audit_with_who_did_it(world: World, broken: Broken) -> None:
    world.given_a_family()
    broken.refused = {("post", "F-1042")}
    proposes(world)
    (card,) = dead(world)
    world.does("Priya", "delivery.set_aside", card.ref)

    with world.database.reading() as session:
        line = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert line is not None
        assert line.person is not None
        assert (line.person.name, line.command) == ("Priya", "delivery.set_aside")
        assert (line.about, line.taf_id) == (card.ref, 1)


def test_what_cannot_be_put_in_words_goes_to_the_co_ordinators_with_a_number(
    world: World, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.given_a_family()
    usual = rendering.card

    def card(name: str, *rest: Any) -> Any:
        if name in {"left_the_team", "you_joined"}:
            raise UndefinedError("nothing of that name")
        return usual(name, *rest)

    monkeypatch.setattr(rendering, "card", card)
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.when("Wed 5 March")
    world.when("Thu 6 March")
    lost = next(one for one in dead(world) if one.notice == "left_the_team")
    item = next(one for one in dead(world) if one.notice == "you_joined")

    world.then("Priya").sees(f"quote {lost.reference}")
    world.then("Maya").never_sees("Not delivered")
    monkeypatch.undo()
    assert undelivered_now(world) == len(dead(world))
    world.does("Priya", "delivery.try_again", item.ref)
    world.then("Asha").sees("You are on the team now")
    world.does("Maya", "delivery.try_again", lost.ref)
    world.then("the room").sees("Tom has left the team")


def test_a_room_is_told_by_its_own_database_too(database: Database) -> None:
    """What is asked of the database, on both kinds."""
    world = World(database)
    broken = Broken()
    world.platform = broken
    world.assistant.delivery.platforms = {"web": broken}
    world.given_a_family()
    broken.refused = {("post", "F-1042"), ("", "Asha")}
    proposes(world)
    proposes(world)
    world.when("Wed 5 March")
    first, second = dead(world)
    (digest,) = dead(world, "digest")
    with database.reading() as session:
        maya = session.get_one(Person, world.people["Maya"])
        assert [one.id for one in undelivered.listed(session, maya, before=None, limit=9)] == [
            second.id,
            first.id,
        ]
        everything = undelivered.listed(session, None, before=None, limit=9)
        assert [one.id for one in everything] == [second.id, first.id, digest.id]
        older = undelivered.listed(session, None, before=first.id, limit=9)
        assert [one.id for one in older] == [digest.id]
        assert (undelivered.count(session, maya), undelivered.count(session, None)) == (2, 3)
        assert undelivered.leads_anywhere(session, maya)
        assert not undelivered.leads_anywhere(session, session.get_one(Person, world.people["Tom"]))
    broken.refused = set()
    world.does("Priya", "delivery.try_again", digest.ref)
    world.does("Maya", "delivery.try_again", first.ref)
    world.does("Maya", "delivery.set_aside", second.ref)
    assert world.look(first.ref, "state") == "sent"
    assert undelivered_now(world) == 0
    world.then("Asha").sees("Action 2 is yours")


def test_a_new_room_is_named_after_the_team_is_in_and_its_welcome_pinned(
    world: World, broken: Broken
) -> None:
    broken.refused = {("name", "")}
    world.given_a_family()
    assert world.then("the room").messages[0].notice == "welcome"
    assert broken.pinned == [min(broken.numbers.values(), key=int)]

    world.when("Wed 5 March")
    world.then("Maya").sees("F-1042: The room is open, but not quite ready")
    broken.refused = set()
    (naming,) = dead(world, "name")
    world.does("Maya", "delivery.try_again", naming.ref)
    assert broken.named == ["F-1042"]


def test_where_the_opening_was_set_aside_nobody_waits_to_be_let_in(
    world: World, broken: Broken
) -> None:
    broken.refused = {("open", "")}
    world.given_a_family()
    (opening,) = dead(world, "open")
    world.does("Maya", "delivery.set_aside", opening.ref)
    before = len(dead(world, "admit"))
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    assert len(dead(world, "admit")) == before + 1


def test_every_co_ordinator_hears_of_a_room_with_a_stranger_in_it(world: World) -> None:
    """Also of a family that somebody leads, who may be away."""
    world.given_a_family()
    world.when("Wed 5 March", "10:00")
    office = world.assistant.office
    with world.database.writing() as session:
        room = subjects.find(session, world.taf).room
        now = world.clock.now()
        rooms_in_step.tell_astray(session, room, "public", "", now, office.policy, office.days)
    world.when("Thu 6 March")

    for name in ("Maya", "Priya"):
        world.then(name).sees("The room is not private any more")
