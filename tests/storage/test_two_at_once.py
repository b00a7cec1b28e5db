"""Two people, four threads, two workers: one wins, nothing is lost and nothing happens twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.boundary import Answer, Press
from storage import claiming, finishing, lanes, outbox, rooms, subjects
from storage.audit import AuditEntry
from storage.database import Database
from storage.families import Family, TeamAroundFamily
from storage.inbox import Received
from storage.outbox import Delivery
from storage.people import Person
from storage.plan import Action
from storage.team import TeamMember
from tests import builders
from tests.storage.racing import race
from tests.world import START, World
from workflows import linking
from workflows.refusals import RoomTaken


@pytest.fixture
def world(database: Database) -> World:
    """A world on each kind of database."""
    return World(database)


def press(world: World, key: str, who: str, command: str, about: str, **answers: Any) -> Answer:
    pressed = Press("web", key, world.people[who], command, about, answers)
    return world.assistant.boundary.press(pressed)


def test_a_guarded_change_has_one_winner(world: World) -> None:
    ref = world.given_an_agreed_action()

    def done(number: int) -> bool:
        with world.database.writing() as session:
            action = session.get_one(Action, 1)
            return subjects.change_where(
                session, action, frozenset({"open"}), {"state": "done", "done_on": date(2025, 3, 4)}
            )

    for _ in range(5):
        with world.database.writing() as session:
            session.get_one(Action, 1).state = "open"
        version = world.look(ref, "version")
        assert sorted(race(done)) == [False, False, False, True]
        assert world.look(ref, "version", "state") == (version + 1, "done")


def test_two_press_the_same_button_and_the_second_is_told(world: World) -> None:
    for round_ in range(4):
        action = world.given_an_agreed_action()
        who = ["Asha", "Maya", "Asha", "Maya"]

        def mark(number: int, action: str = action, who: list[str] = who) -> Answer:
            return press(world, f"{action} {number}", who[number], "action.mark_done", action)

        answers = race(mark)
        assert [one.fault for one in answers] == [None] * 4
        assert sorted(one.refused or "" for one in answers) == ["", *["already_done"] * 3], round_


def test_the_same_press_four_times_at_once_acts_once_and_answers_alike(world: World) -> None:
    world.given_a_family()
    for number in range(4):
        answers = builders.action(world.ref("Asha"))

        def pressed(_: int, key: str = f"press-{number}", given: Any = answers) -> Answer:
            return press(world, key, "Maya", "action.agree", world.taf, **given)

        found = race(pressed)
        assert found[0].ok, found
        assert found == [found[0]] * 4
    assert world.count(Action) == 4


def test_the_same_press_of_what_can_be_done_once_answers_alike(world: World) -> None:
    for number in range(6):
        action = world.given_an_agreed_action()

        def pressed(_: int, key: str = f"done-{number}", about: str = action) -> Answer:
            return press(world, key, "Asha", "action.mark_done", about)

        found = race(pressed)
        assert found[0].ok, found
        assert found == [found[0]] * 4


def test_the_same_press_from_nowhere_four_times_at_once(world: World) -> None:
    """A command on no subject has no row to wait for; only the inbox tells the twins apart."""
    for reference in ("", "F-1042", "F-2000"):
        answers = builders.convening(lead_professional=world.ref("Maya"), family=reference)

        def pressed(_: int, key: str = f"key {reference}", given: Any = answers) -> Answer:
            return press(world, key, "Maya", "taf.convene", "", **given)

        found = race(pressed)
        assert found[0].ok, found
        assert found == [found[0]] * 4
    assert world.count(Family) == world.count(TeamAroundFamily) == world.count(Received) == 3
    leave = {"first_day": "2025-03-10", "last_day": "2025-03-11"}
    found = race(lambda _: press(world, "away", "Maya", "my.take_leave", "", **leave))
    assert found == [Answer(found[0].sentence)] * 4
    with world.database.reading() as session:
        assert len(session.get_one(Person, world.people["Maya"]).leave) == 1


def test_the_same_press_later_answers_alike_whatever_has_changed(world: World) -> None:
    action = world.given_an_agreed_action()
    first = press(world, "one", "Asha", "action.mark_done", action)
    world.does("Maya", "action.reopen", action, due_on="2025-03-18")

    assert press(world, "one", "Asha", "action.mark_done", action) == first
    assert world.look(action, "state") == "open"


def test_two_try_the_same_again_and_it_arrives_once(world: World) -> None:
    for round_ in range(3):
        world.given_a_family(family=f"F-20{round_}")
        with world.database.writing() as session:
            card = session.query(outbox.Delivery).where(outbox.Delivery.notice == "welcome")
            lost = card.order_by(outbox.Delivery.id.desc()).limit(1).one()
            lost.state, lost.why, ref = "dead", "The channel is archived.", lost.ref
        world.platform.numbers.clear()
        version, said = world.look(ref, "version"), len(world.platform.said)
        who = ["Maya", "Priya", "Maya", "Priya"]

        def again(number: int, ref: str = ref, who: list[str] = who) -> Answer:
            return press(world, f"{ref} {number}", who[number], "delivery.try_again", ref)

        answers = race(again)
        assert [one.fault for one in answers] == [None] * 4
        assert sorted(one.refused or "" for one in answers) == ["", *["already_seen_to"] * 3]
        world.assistant.delivery.drain()
        assert world.look(ref, "version", "state") == (version + 1, "sent")
        assert len(world.platform.said) == said + 1


def test_somebody_elses_press_tells_a_stranger_nothing(world: World) -> None:
    action = world.given_an_agreed_action()
    press(world, "one", "Asha", "action.mark_done", action)

    found = press(world, "one", "Nosy", "action.mark_done", action)
    assert (found.refused, found.about) == ("gone", None)


@pytest.mark.parametrize(
    "about", ["action-99", "action-²", "action-", "action--1", "x" * 500, "", "person-1"]
)
def test_a_reference_to_nothing_is_gone_and_no_fault(world: World, about: str) -> None:
    world.given_an_agreed_action()
    assert press(world, "one", "Maya", "action.mark_done", about).refused == "gone"


def test_a_command_there_is_none_of_is_gone_and_no_fault(world: World) -> None:
    world.given_a_family()
    assert press(world, "one", "Maya", "taf.delete", world.taf).refused == "gone"


def test_four_convene_the_same_family_at_once(world: World) -> None:
    answers = builders.convening(lead_professional=world.ref("Maya"))

    found = race(lambda number: press(world, f"{number}", "Maya", "taf.convene", "", **answers))

    assert sorted(one.refused or one.fault or "" for one in found) == ["", *["family_known"] * 3]
    assert world.count(TeamAroundFamily) == 1


def test_four_ask_for_help_in_four_families_and_one_room_opens(world: World) -> None:
    tafs = [world.given_a_family(family=f"F-200{number}") for number in range(4)]
    wanted = builders.help_wanted()

    found = race(
        lambda number: press(world, f"{number}", "Tom", "help.ask", tafs[number], **wanted)
    )

    assert all(one.ok for one in found), found
    opened = [one for one in world.outbox() if one.operation == "open" and one.taf_id is None]
    assert len(opened) == 1


def test_everybody_works_on_one_family_at_once_without_a_fault(world: World) -> None:
    """Deadlocks, lost updates and two actions of one number would show here."""
    world.given_a_family()
    actions = [world.given_an_agreed_action(owner=name) for name in ("Asha", "Tom", "Maya", "Asha")]

    def work(number: int) -> list[Answer]:
        who = ("Asha", "Tom", "Maya", "Asha")[number]
        owner = world.ref(("Tom", "Maya", "Asha", "Maya")[number])
        return [
            press(world, f"a{number}", who, "action.agree", world.taf, **builders.action(owner)),
            press(
                world,
                f"b{number}",
                who,
                "action.ask_for_time",
                actions[number],
                due_on="2025-03-25",
                reason="x",
            ),
            press(world, f"c{number}", who, "help.ask", world.taf, **builders.help_wanted()),
            press(world, f"d{number}", who, "action.mark_done", actions[number]),
        ]

    found = [one for answers in race(work) for one in answers]
    assert [one for one in found if not one.ok] == []
    with world.database.reading() as session:
        numbers = [one.number for one in session.query(Action)]
    assert sorted(numbers) == list(range(1, 9))


def test_two_meetings_recorded_at_once_number_their_actions_apart(world: World) -> None:
    world.given_a_family()
    invited = builders.meeting([world.ref("Asha")], on="2025-03-05", at="10:00")
    refs = [world.does("Maya", "meeting.schedule", world.taf, **invited).about for _ in range(4)]
    world.when("Wed 5 March", "12:00")
    family = {world.member(label): "attended" for label in ("mother", "child 12")}

    def record(number: int) -> Answer:
        row = builders.action(world.ref("Asha"), words=f"meeting {number}")
        answers = builders.record({world.ref("Asha"): "attended"}, family, actions=[row])
        return press(world, f"{number}", "Asha", "meeting.record", refs[number] or "", **answers)

    assert [one.refused or one.fault for one in race(record)] == [None] * 4
    with world.database.reading() as session:
        assert sorted(one.number for one in session.query(Action)) == [1, 2, 3, 4]


def test_a_key_is_queued_once_for_ever(world: World) -> None:
    with world.database.writing() as session:
        lane = lanes.lane_for(session, person_id=1)

    def queue(number: int) -> bool:
        with world.database.writing() as session:
            values = {"operation": "post", "made_at": START, "available_at": START}
            return outbox.queue(session, lane, "the key", **values) is not None

    assert sorted(race(queue)) == [False, False, False, True]
    assert race(queue) == [False] * 4
    assert len(world.outbox()) == 1


def test_what_is_being_queued_holds_its_lane(world: World) -> None:
    """Whoever would let the lane sleep meanwhile passes it over, or waits (decision 12)."""
    with world.database.writing() as session:
        lane = lanes.lane_for(session, person_id=world.people["Asha"])
    holding = text("SELECT id FROM lane FOR UPDATE SKIP LOCKED")

    with world.database.writing() as session:
        row = {"lane_id": lane, "dedup_key": "k", "available_at": START}
        same = {"operation": "post", "state": "waiting", "made_at": START}
        assert outbox.queue_many(session, [row], **same) == ["k"]
        if not world.database.is_file:
            with world.database.engine.connect() as other:
                assert other.execute(holding).all() == []
    if not world.database.is_file:
        with world.database.engine.connect() as other:
            assert other.execute(holding).scalars().all() == [lane]


def test_nothing_is_queued_where_there_is_no_lane(world: World) -> None:
    rows = [{"lane_id": 99, "dedup_key": "k", "available_at": START}]
    same = {"operation": "post", "state": "ready", "made_at": START}
    with pytest.raises(IntegrityError), world.database.writing() as session:
        outbox.queue_many(session, rows, **same)
    assert world.count(Delivery) == 0


def test_a_lane_is_made_once(world: World) -> None:
    def lane(number: int) -> int:
        with world.database.writing() as session:
            return lanes.lane_for(session, person_id=3)

    assert len(set(race(lane))) == 1


def queued(world: World, *persons: int, count: int = 1) -> None:
    with world.database.writing() as session:
        for person in persons:
            lane = lanes.lane_for(session, person_id=person)
            for number in range(count):
                outbox.queue(
                    session,
                    lane,
                    f"{person} {number}",
                    operation="post",
                    made_at=START,
                    available_at=START,
                )


def claim(world: World, owner: str, now: datetime = START) -> list[claiming.Claim]:
    with world.database.writing() as session:
        return claiming.claim(session, now, owner)


def test_a_lane_belongs_to_one_worker_at_a_time(world: World) -> None:
    queued(world, 1, 2, 3, 4, 5, count=3)

    found = race(lambda number: claim(world, f"worker {number}"))

    lanes = [one.delivery.lane_id for claims in found for one in claims]
    assert len(lanes) == len(set(lanes)) == 5
    assert claim(world, "another") == []
    later = START + claiming.LEASE
    again = claim(world, "another", later)
    assert len(again) == 5
    assert all(one.again for one in again)
    assert {one.delivery.id for one in again} == {
        one.delivery.id for claims in found for one in claims
    }


def test_the_oldest_of_a_lane_goes_first_and_alone(world: World) -> None:
    queued(world, 1, count=3)
    order = []
    for _ in range(3):
        (one,) = claim(world, "worker")
        order.append(one.delivery.dedup_key)
        with world.database.writing() as session:
            assert finishing.finish(session, one, "sent", START)
    assert order == ["1 0", "1 1", "1 2"]


def test_a_late_finish_changes_nothing(world: World) -> None:
    queued(world, 1)
    (late,) = claim(world, "frozen")
    (now,) = claim(world, "awake", START + claiming.LEASE)
    with world.database.writing() as session:
        assert not finishing.finish(session, late, "dead", START, why="too late")
    assert world.outbox()[0].state == "sending"
    with world.database.writing() as session:
        assert finishing.finish(session, now, "sent", START)
    with world.database.writing() as session:
        assert claiming.reclaim(session, late, START) is None
    assert (world.outbox()[0].state, world.outbox()[0].why) == ("sent", None)


def test_a_lane_keeps_its_pace(world: World) -> None:
    queued(world, 1, count=2)
    (first,) = claim(world, "worker")
    pace = START + timedelta(seconds=1)
    with world.database.writing() as session:
        finishing.finish(session, first, "sent", pace)

    assert claim(world, "worker", START + timedelta(milliseconds=999)) == []
    assert len(claim(world, "worker", pace)) == 1


def test_what_waits_for_a_digest_is_never_claimed(world: World) -> None:
    with world.database.writing() as session:
        lane = lanes.lane_for(session, person_id=1)
        values = {"operation": "post", "made_at": START, "available_at": START}
        outbox.queue(session, lane, "one", state="waiting", **values)

    assert claim(world, "worker", START + timedelta(days=9)) == []


def test_a_family_has_one_open_work(world: World) -> None:
    world.given_a_family()

    def second(session: Any) -> None:
        first = session.get_one(TeamAroundFamily, 1)
        session.add(
            TeamAroundFamily(
                family_id=first.family_id,
                framework=first.framework,
                convened_at=START,
                convened_by_id=1,
                assessment_due_on=date(2025, 3, 25),
            )
        )

    with pytest.raises(IntegrityError):
        world.database.write(second)
    with world.database.writing() as session:
        session.get_one(TeamAroundFamily, 1).state = "closed"
    world.database.write(second)
    assert world.count(TeamAroundFamily) == 2


@pytest.mark.parametrize("state", ["proposed", "joined", "away"])
def test_a_practitioner_has_one_current_place(world: World, state: str) -> None:
    world.given_a_family()

    def place(**values: Any) -> TeamMember:
        return TeamMember(taf_id=1, person_id=world.people["Asha"], asked_by_id=1, **values)

    with pytest.raises(IntegrityError), world.database.writing() as session:
        session.add(place(state=state))
    with world.database.writing() as session:
        session.add(place(state="left"))
        session.add(place(state="declined"))


def test_the_audit_only_grows(world: World) -> None:
    def lines() -> list[tuple[Any, ...]]:
        with world.database.reading() as session:
            return [
                (one.id, one.at, one.entry, one.person_id, one.command, one.about, str(one.facts))
                for one in session.query(AuditEntry).order_by(AuditEntry.id)
            ]

    before: list[tuple[Any, ...]] = []
    action = world.given_an_agreed_action()
    for command, answers in (
        ("action.block", {"blocked_by": "money", "words": "x"}),
        ("action.unblock", {"due_on": "2025-03-20"}),
        ("action.mark_done", {}),
        ("action.reopen", {"due_on": "2025-03-21"}),
    ):
        world.does("Asha", command, action, **answers)
        now = lines()
        assert now[: len(before)] == before
        assert len(now) > len(before)
        before = now
    moves = [one[6] for one in before if one[2] == "state" and one[5] == action]
    assert [eval(one) for one in moves] == [  # noqa: S307
        {"from": "open", "to": "blocked"},
        {"from": "blocked", "to": "open"},
        {"from": "open", "to": "done"},
        {"from": "done", "to": "open"},
    ]


def test_a_refused_press_leaves_no_trace(world: World) -> None:
    action = world.given_an_agreed_action()
    counted = [world.count(one) for one in (AuditEntry, Received)]
    rows = len(world.outbox())
    world.refused("Nosy", "action.mark_done", action)
    world.refused("Asha", "action.block", action, blocked_by="money", words="")

    assert [world.count(one) for one in (AuditEntry, Received)] == counted
    assert len(world.outbox()) == rows


def test_a_full_disk_says_that_nothing_was_saved_and_nothing_was(file: Database) -> None:
    world = World(file)
    world.given_a_family()
    counted = [world.count(one) for one in (Action, AuditEntry, Received)]
    with file.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    rows = builders.action(world.ref("Asha"), words="x" * 500)
    found = [press(world, f"{n}", "Maya", "action.agree", world.taf, **rows) for n in range(60)]

    faults = [one for one in found if one.fault]
    assert faults, "the disk never filled"
    assert "Nothing was saved" in faults[0].sentence
    saved = len(found) - len(faults)
    assert world.count(Action) == counted[0] + saved
    assert world.count(Received) == counted[2] + saved
    with file.writing() as session:
        session.execute(text("PRAGMA max_page_count=1073741823"))
    assert press(world, "after", "Maya", "action.agree", world.taf, **rows).ok


def test_a_deadlock_is_tried_again_and_another_fault_is_not(world: World) -> None:
    class Met(Exception):
        sqlstate = "40P01"

    tries = []

    def work(fault: Exception) -> Any:
        def once(session: Any) -> int:
            tries.append(1)
            if len(tries) < 3:
                raise DBAPIError("update", {}, fault)
            return len(tries)

        return once

    assert world.database.write(work(Met())) == 3
    tries.clear()
    with pytest.raises(DBAPIError):
        world.database.write(work(ValueError()))
    assert len(tries) == 1


def test_a_chat_is_one_family_s_room_and_a_room_one_chat(world: World) -> None:
    """Two chats and two rooms, linked crosswise at one moment."""
    for round_ in range(6):
        names = [f"F-{round_}-{one}" for one in range(2)]
        with world.database.writing() as session:
            for one in names:
                room = rooms.Room(name=one, platform="teams")
                session.add(room)
                session.flush()
                lanes.lane_for(session, room_id=room.id)

        def link(number: int, names: list[str] = names) -> bool:
            chat = f"{names[0]} chat {number // 2}"
            try:
                with world.database.writing() as session:
                    doing = world.assistant.boundary.doing(session, world.people["Maya"], START)
                    linking.link(doing, rooms.named(session, names[number % 2]), chat, ())
            except RoomTaken:
                return False
            return True

        assert sorted(race(link)) == [False, False, True, True]
        with world.database.reading() as session:
            assert len({rooms.named(session, one).address for one in names}) == 2  # type: ignore[union-attr]
