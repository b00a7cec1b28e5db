"""Stories of meetings: called, proposed, moved, cancelled, replied to and recorded."""

from __future__ import annotations

from typing import Any

import pytest

from storage.meetings import Dissent, FamilyAttendance, TafMeeting
from storage.plan import Action
from tests import builders
from tests.world import World


def called(world: World, *names: str, by: str = "Maya", **changes: Any) -> str:
    if not world.taf:
        world.given_a_family()
    invite = [world.ref(name) for name in names or ("Maya", "Asha", "Tom")]
    answers = builders.meeting(invite, **changes)
    return world.does(by, "meeting.schedule", world.taf, **answers).about or ""


def recording(world: World, *names: str, **changes: Any) -> dict[str, Any]:
    came = {world.ref(name): "attended" for name in names or ("Maya", "Asha", "Tom")}
    family = {world.member("mother"): "attended", world.member("child 12"): "part"}
    return builders.record(came, family) | changes


def replies(world: World, meeting: str) -> dict[str, str | None]:
    with world.database.reading() as session:
        kept = session.get_one(TafMeeting, int(meeting.split("-")[1]))
        return {one.person.name: one.reply for one in kept.invitations}


def test_whoever_calls_it_comes_and_the_others_are_asked(world: World) -> None:
    meeting = called(world)
    assert replies(world, meeting) == {"Maya": "attending", "Asha": None, "Tom": None}
    world.when_working_days_pass(1)

    world.then("Asha").sees("Can you come to a first TAF meeting")
    world.then("Maya").hears_nothing()
    world.then("Nosy").hears_nothing()
    world.then("the room").sees("First TAF meeting on Tuesday 11 March at 2pm")


def test_the_day_before_and_the_hour_before(world: World) -> None:
    called(world)
    world.when("Mon 10 March", "09:00")
    world.then("Asha").sees("meeting on Tuesday 11 March at 2pm")
    world.when("Tue 11 March", "12:59")
    world.then("Asha").never_sees("It starts on")
    world.when("Tue 11 March", "13:00")

    world.then("Asha").sees("It starts on Tuesday 11 March at 2pm")
    assert world.then("Asha").messages[-1].at.isoformat() == "2025-03-11T13:00:00+00:00"


def test_apologies_end_the_reminders(world: World) -> None:
    meeting = called(world)
    world.does("Tom", "meeting.reply", meeting, reply="apologies")
    report = {"reply": "apologies_with_report", "report": "Attendance is up"}
    world.does("Asha", "meeting.reply", meeting, **report)
    world.when("Tue 11 March", "14:00")

    for name in ("Tom", "Asha"):
        world.then(name).never_sees("Are you coming")
        world.then(name).never_sees("It starts on")
    assert replies(world, meeting)["Asha"] == "apologies_with_report"


def test_replies_of_every_kind(world: World) -> None:
    meeting = called(world)
    missing = world.tries("Tom", "meeting.reply", meeting, reply="substitute")
    assert list(missing.errors) == ["substitute"]
    missing = world.tries("Tom", "meeting.reply", meeting, reply="apologies_with_report")
    assert list(missing.errors) == ["report"]
    world.does("Tom", "meeting.reply", meeting, reply="substitute", substitute="Deputy head")
    assert replies(world, meeting)["Tom"] == "substitute"
    world.does("Tom", "meeting.reply", meeting, reply="attending")
    with world.database.reading() as session:
        kept = session.get_one(TafMeeting, 1).invitations[2]
        assert (kept.reply, kept.substitute) == ("attending", None)

    assert world.refused("Nosy", "meeting.reply", meeting, reply="attending") == "not_a_member"
    world.does("Maya", "taf.add_member", world.taf, person=world.ref("Ola"))
    assert world.refused("Ola", "meeting.reply", meeting, reply="attending") == "not_invited"


def test_a_proposed_date_gets_its_time_later(world: World) -> None:
    meeting = called(world, at="")
    assert world.look(meeting, "state", "starts_at") == ("proposed", None)
    assert world.refused("Asha", "meeting.reply", meeting, reply="attending") == "not_now"
    assert world.refused("Maya", "meeting.record", meeting) == "not_now"
    world.when_working_days_pass(1)
    world.then("Asha").never_sees("meeting")

    moved = {"on": "2025-03-12", "at": "10:00", "mode": "online"}
    assert world.refused("Asha", "meeting.reschedule", meeting, **moved) == "not_the_lead"
    world.does("Maya", "meeting.reschedule", meeting, **moved)
    world.when_working_days_pass(1)
    world.then("Asha").sees("Wednesday 12 March at 10am")
    assert world.look(meeting, "state") == "scheduled"


def test_a_new_time_asks_everybody_again(world: World) -> None:
    meeting = called(world)
    world.does("Asha", "meeting.reply", meeting, reply="apologies")
    world.does("Maya", "meeting.reschedule", meeting, on="2025-03-13", at="10:00", mode="in_person")

    assert replies(world, meeting) == {"Maya": "attending", "Asha": None, "Tom": None}
    world.when("Wed 12 March", "09:00")
    world.then("Asha").sees("The first TAF meeting has a new time")
    world.then("Asha").sees("Are you coming")


def test_nobody_is_told_a_time_that_no_longer_holds(world: World) -> None:
    meeting = called(world)
    world.does("Maya", "meeting.reschedule", meeting, on="2025-03-13", at="10:00", mode="in_person")
    world.when_working_days_pass(1)

    world.then("Asha").sees("Thursday 13 March at 10am")
    world.then("Asha").never_sees("Tuesday 11 March")


def test_moved_twice_in_a_day_only_the_last_time_is_told(world: World) -> None:
    meeting = called(world)
    for day in ("2025-03-13", "2025-03-14"):
        world.does("Maya", "meeting.reschedule", meeting, on=day, at="10:00", mode="in_person")
    world.when_working_days_pass(1)

    world.then("Asha").sees("Friday 14 March at 10am")
    world.then("Asha").never_sees("Thursday 13 March")


def test_an_old_time_brings_no_reminder(world: World) -> None:
    meeting = called(world)
    world.when("Mon 10 March", "07:00")
    world.does("Maya", "meeting.reschedule", meeting, on="2025-03-20", at="10:00", mode="in_person")
    world.when("Tue 11 March", "14:00")

    world.then("Asha").never_sees("It starts on")


def test_cancelled_with_a_reason_and_told(world: World) -> None:
    meeting = called(world)
    world.does("Maya", "meeting.cancel", meeting, why="The family is away")
    world.when_working_days_pass(1)

    world.then("Asha").sees("The first TAF meeting is cancelled")
    world.then("Asha").never_sees("Can you come")
    world.when("Wed 12 March", "12:00")
    world.then("Asha").never_sees("It starts on")
    assert world.refused("Maya", "meeting.cancel", meeting, why="x") == "already_cancelled"
    assert world.refused("Maya", "meeting.record", meeting) == "already_cancelled"
    assert world.look(meeting, "cancelled_why") == "The family is away"


def test_cancelled_on_the_day_is_told_at_once(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "11:00")
    world.does("Maya", "meeting.cancel", meeting, why="Ill")

    last = world.then("Asha").messages[-1]
    assert last.at.isoformat() == "2025-03-11T11:00:00+00:00"
    assert "is cancelled" in last.title


def test_cancelled_in_the_evening_is_told_when_quiet_hours_end(world: World) -> None:
    meeting = called(world, on="2025-03-11", at="08:20")
    world.when("Mon 10 March", "19:00")
    heard = len(world.then("Asha").messages)
    world.does("Maya", "meeting.cancel", meeting, why="Ill")
    assert len(world.then("Asha").messages) == heard
    world.when("Tue 11 March", "09:00")

    last = world.then("Asha").messages[heard]
    assert last.at.isoformat() == "2025-03-11T08:00:00+00:00"
    assert "is cancelled" in last.title


def test_a_meeting_called_for_today_asks_at_once(world: World) -> None:
    called(world, on="2025-03-04", at="09:40")

    world.then("Asha").sees("Can you come to a first TAF meeting")


def test_a_meeting_called_for_early_tomorrow_asks_in_time(world: World) -> None:
    called(world, on="2025-03-05", at="08:15")
    world.when("Wed 5 March", "12:00")

    told = [one for one in world.then("Asha").messages if "Can you come" in one.title + one.text]
    assert [one.at.isoformat() for one in told] == ["2025-03-04T09:00:00+00:00"]


PAST: list[tuple[dict[str, Any], str, str]] = [
    ({"on": "2025-03-03"}, "date_in_the_past", "on"),
    ({"on": "2025-03-04", "at": "08:59"}, "date_in_the_past", "on"),
    ({"on": "2028-03-04"}, "date_too_far", "on"),
    ({"invite": []}, "not_taken", "invite"),
    ({"invite": ["person-7"]}, "not_taken", "invite"),
    ({"at": "25:00"}, "not_taken", "at"),
    ({"mode": "séance"}, "not_taken", "mode"),
    ({"place": "x" * 301}, "not_taken", "place"),
]


@pytest.mark.parametrize(("changes", "reason", "field"), PAST)
def test_what_cannot_be_called(
    world: World, changes: dict[str, Any], reason: str, field: str
) -> None:
    world.given_a_family()
    answers = builders.meeting([world.ref("Asha")]) | changes

    answer = world.tries("Maya", "meeting.schedule", world.taf, **answers)

    assert (answer.refused, list(answer.errors)) == (reason, [field])
    assert world.count(TafMeeting) == 0


def test_recorded_with_every_kind_of_attendance(world: World) -> None:
    for name in ("Ola", "Priya", "Dr Clarke"):
        if not world.taf:
            world.given_a_family()
        world.does("Maya", "taf.add_member", world.taf, person=world.ref(name))
    kinds = {
        "Maya": "attended",
        "Asha": "part",
        "Tom": "substitute",
        "Ola": "apologies_with_report",
        "Priya": "apologies",
        "Dr Clarke": "no_reply",
    }
    meeting = called(world, *kinds)
    world.when("Tue 11 March", "15:00")
    came = {world.ref(name): kind for name, kind in kinds.items()}
    family = {world.member("mother"): "not_there", world.member("child 12"): "part"}
    world.does("Asha", "meeting.record", meeting, **builders.record(came, family))

    with world.database.reading() as session:
        kept = session.get_one(TafMeeting, 1)
        assert {one.person.name: one.attendance for one in kept.invitations} == kinds
        assert {one.family_member.label: one.attendance for one in kept.family_attendance} == {
            "mother": "not_there",
            "child 12": "part",
        }
    world.then("the room").sees("Practitioners: 3 of 6 invited came")
    world.then("the room").sees("Family: one person came")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"child_voice_words": ""}, "child_voice_words"),
        ({"child_voice": ""}, "child_voice"),
        ({"attendance": []}, "attendance"),
        ({"family": []}, "family"),
        ({"actions": [{"words": "Ring", "owner": "", "due_on": ""}]}, "actions-0-owner"),
        ({"next_on": "2025-03-01"}, "next_on"),
        ({"dissents": [{"who": "person-7", "words": "No"}]}, "dissents-0-who"),
    ],
)
def test_half_a_record_saves_nothing(world: World, changes: dict[str, Any], field: str) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    good = {"actions": [builders.action(world.ref("Asha"))], "next_on": "2025-04-22"}

    answer = world.tries("Maya", "meeting.record", meeting, **recording(world, **(good | changes)))

    assert answer.refused
    assert field in answer.errors
    assert world.look(meeting, "state", "child_voice", "recorded_at") == ("scheduled", None, None)
    kept = [world.count(model) for model in (Action, Dissent, FamilyAttendance, TafMeeting)]
    assert kept == [0, 0, 0, 1]


def test_a_late_field_that_is_refused_undoes_the_early_ones(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    rows = [builders.action(world.ref("Asha")), builders.action(world.ref("Asha"), "2025-03-10")]

    answer = world.tries("Maya", "meeting.record", meeting, **recording(world, actions=rows))

    assert list(answer.errors) == ["actions-1-due_on"]
    assert world.look(meeting, "state") == "scheduled"
    assert world.count(Action) == 0
    assert [one for one in world.outbox() if one.notice == "action_card"] == []


def test_why_the_childs_voice_is_missing_will_do(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    silent = {"child_voice": "not_gathered", "child_voice_words": "She was at camp"}
    world.does("Maya", "meeting.record", meeting, **recording(world, **silent))

    assert world.look(meeting, "child_voice_words") == "She was at camp"


def test_dissent_is_kept_word_for_word_and_told_nowhere(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    words = "The flat is *not* safe.\n\n- I said so in May -- twice; & nobody <listened>"
    rows = [
        {"who": world.ref("Asha"), "words": words},
        {"who": world.member("mother"), "words": "I do not agree"},
    ]
    world.does("Maya", "meeting.record", meeting, **recording(world, dissents=rows))

    with world.database.reading() as session:
        kept = [
            (
                one.person and one.person.name,
                one.family_member and one.family_member.label,
                one.words,
            )
            for one in session.query(Dissent)
        ]
    assert kept == [("Asha", None, words), (None, "mother", "I do not agree")]
    world.then("the room").sees("Two disagreements kept word for word")
    for said in world.platform.said:
        assert "The flat" not in said.title + said.text
        assert "I do not agree" not in said.title + said.text


def test_new_actions_and_the_next_date_come_with_the_record(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    rows = [builders.action(world.ref("Tom")), builders.action(world.member("mother"))]
    answer = world.does(
        "Maya",
        "meeting.record",
        meeting,
        **recording(world, actions=rows, next_on="2025-04-22", next_at="14:00"),
    )

    assert answer.made["actions"] == {0: "action-1", 1: "action-2"}
    assert world.look("action-1", "meeting_id") == 1
    assert world.look("meeting-2", "state", "purpose") == ("scheduled", "review")
    assert replies(world, "meeting-2") == {"Maya": "attending", "Asha": None, "Tom": None}
    world.when_working_days_pass(1)
    world.then("Tom").sees("Action 1 is yours")
    world.then("Tom").sees("Tuesday 22 April at 2pm")


def test_a_next_time_without_its_date_is_asked_for(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    answer = world.tries("Maya", "meeting.record", meeting, **recording(world, next_at="14:00"))

    assert answer.errors == {"next_on": "Enter the date as well as the time."}
    assert world.look(meeting, "state") == "scheduled"


def test_whoever_left_is_not_invited_again(world: World) -> None:
    meeting = called(world, "Tom", "Asha")
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.when("Tue 11 March", "15:00")
    answers = recording(world, "Tom", "Asha", next_on="2025-04-22")
    world.does("Asha", "meeting.record", meeting, **answers)

    assert list(replies(world, "meeting-2")) == ["Asha"]


def test_when_all_who_were_invited_have_left_the_next_date_still_stands(world: World) -> None:
    meeting = called(world, "Tom")
    world.does("Maya", "member.remove", world.place("Tom"), why="x")
    world.when("Tue 11 March", "15:00")
    world.does("Maya", "meeting.record", meeting, **recording(world, "Tom", next_on="2025-04-22"))

    assert replies(world, "meeting-2") == {"Maya": "attending"}


def test_not_before_its_time_and_not_twice(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "13:59")
    early = world.tries("Maya", "meeting.record", meeting, **recording(world))
    assert early.refused == "not_yet_held"
    assert "Tuesday 11 March at 2pm" in early.sentence
    world.when("Tue 11 March", "14:00")
    world.does("Maya", "meeting.record", meeting, **recording(world))

    assert world.refused("Asha", "meeting.record", meeting, **recording(world)) == "already_held"
    assert world.refused("Maya", "meeting.cancel", meeting, why="x") == "already_held"
    assert world.count(FamilyAttendance) == 2


def test_somebody_else_better_takes_the_notes(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    world.does("Asha", "meeting.record", meeting, **recording(world, notes_by=world.ref("Maya")))
    world.then("the room").sees("The Lead Professional took the notes")


def test_no_hint_where_somebody_else_took_them(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    world.does("Maya", "meeting.record", meeting, **recording(world, notes_by=world.ref("Tom")))
    world.then("the room").never_sees("took the notes")


def test_a_meeting_nobody_recorded_climbs(world: World) -> None:
    called(world, by="Asha")
    world.when("Wed 12 March", "12:00")
    world.then("Lead Professional").sees("is not recorded yet")
    world.then("Dr Clarke").hears_nothing()
    world.when("Wed 2 April", "12:00")

    world.then("Dr Clarke").sees("is not recorded yet")
    world.then("Tom").never_sees("is not recorded yet")


def test_the_first_meeting_starts_the_reviews(world: World) -> None:
    meeting = called(world)
    world.when("Tue 11 March", "15:00")
    world.does("Maya", "meeting.record", meeting, **recording(world))

    assert world.look(world.taf, "review_due_on").isoformat() == "2025-04-22"
    world.when("Tue 8 April", "12:00")
    world.then("Lead Professional").sees("The review is due by Tuesday 22 April")


def test_recorded_long_after_it_still_asks_for_the_review(world: World) -> None:
    meeting = called(world)
    world.when("Mon 30 June", "15:00")
    world.does("Maya", "meeting.record", meeting, **recording(world))
    world.when("Thu 3 July", "12:00")

    world.then("Lead Professional").sees("The review is late")
