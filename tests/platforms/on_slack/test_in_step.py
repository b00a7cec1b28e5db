"""Each channel on Slack is kept in step with the record, at the pace that Slack asks for."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.platform import Undelivered
from bot.slack.arriving import EVENT
from bot.slack.calling import TIERS
from storage import rooms
from storage.inbox import Received
from tests.platforms.on_slack.test_rooms import told
from tests.platforms.on_slack.town import Town
from workflows.rooms_in_step import compare


def test_whoever_could_not_be_taken_out_is_tried_again_each_hour(place: Town) -> None:
    """It is one line of what could not be delivered, however often it is tried."""
    taf = place.given_a_family()
    place.quiet()
    place.workspace.app.restricted.add("conversations.kick")
    place.leaves_team(taf, "Tom")
    place.until(lambda: place.moves()[-1] == ("remove", "dead"), 30)
    for _ in range(2):
        asked = len(place.workspace.calls("conversations.kick"))
        place.an_hour_later()
        place.until(lambda: len(place.workspace.calls("conversations.kick")) > asked, 30)  # noqa: B023
        place.until(lambda: place.moves()[3:] == [("remove", "dead")], 30)
    told(place, "Maya", "stranger")
    place.workspace.app.restricted.clear()
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha")
    place.until(lambda: place.moves()[3:] == [("remove", "sent")], 30)


def test_whoever_could_not_be_let_in_is_let_in_as_soon_as_slack_lets_us(place: Town) -> None:
    place["Tom"].person.is_restricted = True
    place.given_a_team()
    place.inside("F-1042", "Maya", "Asha")
    place.until(lambda: place.moves().count(("admit", "dead")) == 1, 30)
    place["Asha"].reads("Welcome", 30)
    for _ in range(2):
        asked = len(place.workspace.calls("conversations.invite"))
        place.an_hour_later()
        place.until(lambda: len(place.workspace.calls("conversations.invite")) > asked, 30)  # noqa: B023
        place.until(lambda: place.moves().count(("admit", "dead")) == 1, 30)
    place["Tom"].person.is_restricted = False
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha", "Tom")
    assert len(place.moves()) == 3


def test_a_stranger_who_cannot_be_taken_out_is_listed_once(place: Town) -> None:
    place.given_a_family()
    place.quiet()
    place.workspace.app.restricted.add("conversations.kick")
    place["Maya"].admin.brings(place.channel("F-1042"), place["Nosy"].person)
    place.until(lambda: place.moves()[3:] == [("put_out", "dead")], 30)
    place.an_hour_later()
    place.until(lambda: len(place.workspace.calls("conversations.kick")) == 2, 30)
    place.until(lambda: place.moves()[3:] == [("put_out", "dead")], 30)
    place.workspace.app.restricted.clear()
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha", "Tom")
    place.until(lambda: place.moves()[3:] == [("put_out", "sent")], 30)


def test_what_was_done_since_the_look_is_no_difference(place: Town) -> None:
    taf = place.given_a_family()
    place.quiet()
    everybody = {place[name].id for name in ("Maya", "Asha", "Tom")}
    place.leaves_team(taf, "Tom")
    place.inside("F-1042", "Maya", "Asha")
    place.quiet()
    a_moment = timedelta(milliseconds=1)
    with place.assistant.database.reading() as session:
        room = rooms.named(session, "F-1042")
        assert room is not None
        of = {one.person.name: one for one in room.admissions}
        let_in, out = of["Asha"].admitted_at, of["Tom"].removed_at
        assert out is not None
        before = compare(session, room, everybody - {place["Asha"].id}, let_in)
        assert [one.name for one in before.missing] == []
        after = compare(session, room, everybody - {place["Asha"].id}, let_in + a_moment)
        assert [one.name for one in after.missing] == ["Asha"]
        assert compare(session, room, everybody, out).strangers == ()
        assert compare(session, room, everybody, out + a_moment).strangers == (place["Tom"].id,)


def given_rooms(place: Town, number: int) -> set[str]:
    """Some more open rooms, in which everybody is who is to be there; where they are."""
    channels = [
        place.workspace.add_channel(
            f"taf-f-{one}", place.workspace.app.bot_user, place["Dr Clarke"].id
        )
        for one in range(1, number + 1)
    ]
    with place.assistant.database.writing() as session:
        for channel in channels:
            name = channel.name.removeprefix("taf-").upper()
            room = rooms.Room(name=name, platform="slack", address=channel.id, state="open")
            session.add(room)
    return {one.id for one in channels}


def looked_at(place: Town) -> set[str]:
    """The channels whose members were asked for."""
    return {one.arguments["channel"] for one in place.workspace.calls("conversations.members")}


def test_every_room_is_looked_at_however_slow_slack_wants_it(place: Town) -> None:
    there = given_rooms(place, 12)
    happening = place.listening.doors.happening
    happening.calling.tiers = {"conversations.info": 600}
    used_up = False
    while not used_up:  # what may be asked in one go
        try:
            happening.calling.ask("conversations.info", channel=min(there))
        except Undelivered:
            used_up = True
    happening.in_step.all()
    assert looked_at(place) == there


def test_a_look_that_waits_for_slack_ends_with_the_process(place: Town) -> None:
    given_rooms(place, 2)
    place.workspace.faults.order("conversations.info", "ratelimited 600")
    look = threading.Thread(target=place.listening.doors.happening.in_step.all)
    look.start()
    place.until(lambda: place.workspace.calls("conversations.info"))
    place.assistant.ticker.auditor.stopping.set()
    look.join(10)
    assert not look.is_alive()
    assert not looked_at(place)


def test_what_slack_told_of_is_looked_at_later_where_it_has_to_wait(
    place: Town, caplog: pytest.LogCaptureFixture
) -> None:
    place.given_a_family()
    place.quiet()
    place.workspace.faults.order("conversations.info", "ratelimited 1")
    place["Maya"].admin.brings(place.channel("F-1042"), place["Nosy"].person)
    place.inside("F-1042", "Maya", "Asha", "Tom")
    assert [one.error for one in place.workspace.calls("conversations.info")].count("ratelimited")
    assert not [one for one in caplog.records if one.exc_info]
    with place.assistant.database.reading() as session:
        told_of = session.query(Received).where(Received.kind == EVENT).all()
        assert max(one.attempts for one in told_of) == 1, "that it had to wait does not count"


def test_a_lost_answer_makes_no_second_channel_among_very_many(place: Town) -> None:
    given_rooms(place, 700)
    listed = "conversations.list"
    place.listening.doors.happening.calling.tiers = {listed: TIERS[listed]}
    place.workspace.faults.order("conversations.create", "reset after")
    place.given_a_team()
    place.inside("F-1042", "Maya", "Asha", "Tom")
    made = [one for one in place.workspace.channels.values() if "1042" in one.name]
    assert [one.name for one in made] == ["taf-f-1042"]
    assert len(place.workspace.calls(listed)) == 1
