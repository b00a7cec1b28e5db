"""A family's room is a group chat that the assistant makes, and its members are the team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.platform import CannotLook, Outgoing, Place, Undelivered
from bot.teams import showing
from bot.teams.platform import TeamsPlatform
from messages.card import Card
from storage import rooms, subjects
from storage.database import Database
from storage.outbox import Delivery
from tests import builders
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams.inputs import inputs_of
from tests.world import START
from workflows import telling


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Everybody is known by their account already."""
    with town(database, tmp_path) as found:
        yield found


def told(place: TeamsTown, hearer: str, notice: str, **facts: str) -> None:
    """Wait until somebody is to hear of something."""

    def waits() -> bool:
        with place.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.notice == notice).all()
            return any(
                one.lane.person_id == place.numbers[hearer]
                and all(value in str(one.facts[name]) for name, value in facts.items())
                for one in rows
            )

    place.until(waits, 20)


def test_convening_makes_a_group_chat_of_the_team(place: TeamsTown) -> None:
    place.given_a_family()
    chat = place.channel("F-1042")
    assert (chat.topic, chat.kind) == ("TAF F-1042", "group")
    place["Asha"].reads("Welcome", 15)


def test_members_are_guests_where_the_directory_says_so(database: Database, tmp_path: Path) -> None:
    with town(database, tmp_path, guests=frozenset({"Tom"})) as place:
        place.given_a_family()
        members = place.channel("F-1042").memberships
        assert members[place["Tom"].id].roles == ["guest"]
        assert members[place["Asha"].id].roles == ["owner"]


def test_whoever_is_not_known_by_account_is_found_by_their_work_email(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, known=False) as place:
        taf = place.given_a_family()
        action = place.given_an_action(taf)
        card = place["Asha"].reads("Action 1", 15)
        place["Asha"].presses(card, "Mark done")
        place.until(lambda: place.subject(action).state == "done")


def test_whoever_signs_in_with_another_address_than_their_mail_is_no_stranger(
    database: Database, tmp_path: Path
) -> None:
    """As in many organisations; the record has one of the two."""
    with town(database, tmp_path, known=False) as place:
        place["Asha"].person.email = "a.jones@mail.example.org"
        place["Tom"].person.upn = "t0042@example.org"
        taf = place.given_a_family()
        action = place.given_an_action(taf)
        place["Asha"].presses(place["Asha"].reads("Action 1", 20), "Mark done")
        place.until(lambda: place.subject(action).state == "done")
        place.quiet()
        assert not [one for one in place.moves() if one != ("admit", "sent")]


def test_whoever_writes_first_is_known_by_the_address_they_sign_in_with(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, known=False) as place:
        place["Asha"].person.email = "a.jones@mail.example.org"
        place["Asha"].types("actions")
        place.until(lambda: place.person("Asha").platform_id == place["Asha"].person.mri)


def test_a_lost_answer_while_somebodys_chat_is_begun_is_no_message_in_doubt(
    place: TeamsTown,
) -> None:
    """Nothing was sent yet, so nobody has to look whether it arrived."""
    account = place["Asha"].person.mri  # type: ignore[attr-defined]
    to, knowing = Place(None, place.numbers["Asha"], "Asha", account), on_teams(place).knowing
    place.workspace.faults.order("users.install", "reset after")
    with pytest.raises(Undelivered) as lost:
        knowing.personal(to, START)
    assert not lost.value.unknown
    address, _ = knowing.personal(to, START)
    assert address == place["Asha"].personal.id  # type: ignore[attr-defined]


def test_among_more_messages_than_are_read_nobody_can_look(
    place: TeamsTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.given_an_action(place.given_a_family())
    place["Asha"].reads("Action 1", 20)
    place.quiet()
    teams, chat = on_teams(place), place.channel("F-1042")
    with place.assistant.database.reading() as session:
        room = rooms.named(session, "F-1042")
        first = session.query(Delivery).where(Delivery.provider_ref == chat.standing()[0].id).one()
        to = Place(room.id, None, room.name, room.address)  # type: ignore[union-attr]
        number, name = first.id, first.provider_ref
    said = Outgoing(number, to, Card(""), datetime(2000, 1, 1, tzinfo=UTC))
    assert teams.find(said) == (name,)
    monkeypatch.setattr("bot.teams.graph_chats.MOST_READ", 1)
    with pytest.raises(CannotLook):
        teams.find(said)


def on_teams(place: TeamsTown) -> TeamsPlatform:
    """The assistant's own side of Teams."""
    found = place.assistant.delivery.platforms["teams"]
    assert isinstance(found, TeamsPlatform)
    return found


def test_a_lost_answer_makes_no_second_chat_and_a_person_looks(place: TeamsTown) -> None:
    """Graph makes a second chat when it is asked twice, and cannot be asked which it made."""
    place.workspace.faults.order("chats.create", "reset after")
    answers = builders.convening(
        lead_professional=place.ref("Maya"),
        practitioners=[{"person": place.ref("Asha")}, {"person": place.ref("Tom")}],
    )
    place.does("Maya", "taf.convene", **answers)
    told(place, "Maya", "room_not_opened", because="did not say whether it made the chat")
    made = [one for one in place.workspace.chats.values() if one.kind == "group"]
    assert len(made) == 1


def test_a_chat_that_could_not_be_made_is_made_later(place: TeamsTown) -> None:
    place.workspace.faults.order("chats.create", "429 1")
    place.given_a_family()
    made = [one for one in place.workspace.chats.values() if one.kind == "group"]
    assert len(made) == 1


def test_somebody_who_is_not_in_the_directory_is_reported_by_name(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, known=False) as place:
        place["Tom"].admin.deletes_account(place["Tom"].person)
        answers = builders.convening(
            lead_professional=place.ref("Maya"),
            practitioners=[{"person": place.ref("Asha")}, {"person": place.ref("Tom")}],
        )
        place.does("Maya", "taf.convene", **answers)
        place.inside("F-1042", "Maya", "Asha")
        told(place, "Maya", "not_let_in", who="Tom", because="directory")


def test_whoever_is_brought_in_by_hand_is_taken_out_and_reads_nothing(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    place["Maya"].admin.brings(chat, place["Nosy"].person)
    place.given_an_action(taf)
    place.inside("F-1042", "Maya", "Asha", "Tom")
    told(place, "Maya", "room_astray", what="stranger")
    place["Asha"].reads("Action 1", 40)
    assert not [one for one in place["Nosy"].sees if "Action 1" in str(one.blocks)]


def test_whoever_left_and_belongs_there_is_put_in_again(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    place["Tom"].admin.leaves(place.channel("F-1042"))
    place.inside("F-1042", "Maya", "Asha", "Tom")
    told(place, "Priya", "room_astray", what="missing")


def test_a_name_that_was_changed_by_hand_is_put_back(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    place["Maya"].admin.renames(chat, "The Hardman family")
    place.until(lambda: chat.topic == "TAF F-1042", 15)
    told(place, "Maya", "room_astray", what="renamed")


def test_an_app_that_was_taken_out_is_noticed(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    place["Maya"].admin.removes_bot(place.channel("F-1042"))
    told(place, "Maya", "room_astray", what="gone")


def closes(place: TeamsTown, taf: str) -> None:
    """Ask for a family's room to be closed."""
    maya, now = place.numbers["Maya"], place.assistant.clock.now()
    with place.assistant.database.writing() as session:
        doing = place.assistant.boundary.doing(session, maya, now)
        telling.close_room(doing, subjects.find(session, taf))
    place.assistant.send_soon()


def test_closing_takes_everybody_out(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    closes(place, taf)
    place.until(lambda: chat.members == [], 15)


@pytest.mark.parametrize("room", ["group_chat", "private_channel"])
def test_a_room_that_was_deleted_is_closed_and_nobody_is_in_it(
    database: Database, tmp_path: Path, room: str
) -> None:
    with town(database, tmp_path, room=room) as place:
        taf = place.given_a_family()
        place.quiet()
        place["Maya"].admin.deletes(place.channel("F-1042"))
        place.leaves_team(taf, "Tom")
        place.until(lambda: place.moves()[-1] == ("remove", "sent"), 15)
        closes(place, taf)
        place.until(lambda: place.room_state("F-1042") == "closed", 15)


def test_a_chat_that_the_app_was_taken_out_of_is_not_closed(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    place["Maya"].admin.removes_bot(place.channel("F-1042"))
    closes(place, taf)
    told(place, "Maya", "room_not_closed")
    assert place.room_state("F-1042") == "open"


def test_where_the_team_of_the_channels_is_not_found_nothing_counts_as_closed(
    database: Database, tmp_path: Path
) -> None:
    """A wrong setting is no deleted channel."""
    with town(database, tmp_path, room="private_channel") as place:
        taf = place.given_a_family()
        place.quiet()
        place.workspace.team.id = "7af00000-0000-4000-8000-00000000dead"  # type: ignore[attr-defined]
        closes(place, taf)
        told(place, "Maya", "room_not_closed")
        assert place.room_state("F-1042") == "open"


def test_once_an_hour_every_room_is_looked_at(place: TeamsTown) -> None:
    """Also where Teams told of nothing."""
    place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    there, place.workspace.request_url = place.workspace.request_url, None
    place["Maya"].admin.brings(chat, place["Nosy"].person)
    assert place["Nosy"].id in chat.members
    place.workspace.request_url = there
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha", "Tom")


def test_of_a_family_with_much_to_be_done_the_rest_is_searched(
    place: TeamsTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "OFFERED", 2)
    place.given_a_family()
    hand = place["Maya"]
    hand.types("F-1042")
    more = "Something else about this family"
    hand.presses(hand.reads(more, 15), more)
    assert [len(one["choices"]) for one in inputs_of(hand.view.card)] == [2]
    found = hand.searches(hand.view, showing.CHOSEN, "agree action")
    chosen = next(one["value"] for one in found if one["value"].startswith("action.agree "))
    hand.fills(hand.view, {showing.CHOSEN: chosen})
    hand.presses(hand.view, "Continue", showing.REACH)
    assert any(one["id"] == "f_words" for one in inputs_of(hand.view.card))


def test_one_supervisor_alone_is_asked_for_help_in_their_own_chat(place: TeamsTown) -> None:
    """Teams makes no group chat of one; the answer reaches whoever asked, as from a room."""
    taf = place.given_a_family()
    clarke, tom = place["Dr Clarke"], place["Tom"]
    for one in (clarke, tom):
        one.types("hello")
    place.does("Tom", "help.ask", taf, **builders.help_wanted())
    request = clarke.reads("Tom asks for help", 20)
    assert request.chat == clarke.personal.id
    made = [one for one in place.workspace.chats.values() if one.kind == "group"]
    assert [one.topic for one in made] == ["TAF F-1042"]
    clarke.presses(request, "Answer")
    clarke.fills(clarke.view, {"f_answer": "Try a joint visit"})
    clarke.presses(clarke.view, "Save")  # type: ignore[arg-type]
    tom.reads("Request H-1 is answered", 20)
    place.until(lambda: request.says(clarke.notices[-1], clarke.person))
    with place.assistant.database.reading() as session:
        assert session.query(Delivery).where(Delivery.state == "dead").all() == []


def test_whoever_could_not_be_taken_out_is_tried_again_within_the_hour(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    place.workspace.app.restricted.add("members.remove")
    place.leaves_team(taf, "Tom")
    place.until(lambda: place.moves()[3:] == [("remove", "dead")], 15)
    told(place, "Maya", "not_taken_out", who="Tom")
    place.workspace.app.restricted.clear()
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha")
    told(place, "Maya", "room_astray", what="stranger")
    place.an_hour_later()
    assert ("remove", "dead") not in place.moves()


def test_whoever_could_not_be_let_in_is_let_in_within_the_hour(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    place.workspace.app.restricted.add("members.add")
    place.does("Maya", "taf.add_member", taf, person=place.ref("Ola"))
    place.until(lambda: place.moves()[3:] == [("admit", "dead")], 15)
    place.workspace.app.restricted.clear()
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha", "Tom", "Ola")
    place.until(lambda: place.moves()[3:] == [("admit", "sent")])
