"""A family's room is a private channel: the assistant makes it, and a person adds the app."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.teams.graph_channels import NOT_IN_TEAM, OWNER_NOT_IN_TEAM, TAKEN
from bot.teams.opening import ADD_THE_APP, UNFIT
from storage import accounts, rooms, subjects
from storage.database import Database
from storage.outbox import Delivery
from tests.platforms.on_teams.test_rooms import told
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams import activities
from tests.platforms.teams.channels import makes_channel, owners
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.refusing import ClientRefuses
from workflows import telling

ROOM = "private_channel"


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Everybody is known by their account already, and in the team."""
    with town(database, tmp_path, room=ROOM) as found:
        yield found


def hand(place: TeamsTown, name: str) -> Hand:
    """Somebody's hand at Teams."""
    found: Any = place[name]
    return found


def convened(place: TeamsTown) -> str:
    """A family whose channel nobody has added the app to yet."""
    return super(TeamsTown, place).given_a_team()


def channel(place: TeamsTown) -> Chat:
    """Its channel, as soon as it is there."""
    tenant: Any = place.workspace
    found: Chat = place.until(lambda: next(iter(named(tenant, "TAF F-1042")), None), 15)
    return found


def named(tenant: Any, name: str) -> list[Chat]:
    """The channels of this name."""
    return [one for one in tenant.chats.values() if one.topic == name]


def opening(place: TeamsTown) -> tuple[str, str]:
    """How the opening of the room stands, and why."""
    with place.assistant.database.reading() as session:
        found = session.query(Delivery).where(Delivery.operation == "open").one()
        return found.state, found.why or ""


def looked(place: TeamsTown) -> None:
    """Every room was looked at, as once an hour."""
    for look in place.assistant.ticker.auditor.also:
        look()


def sends(place: TeamsTown, chat: Chat) -> list[Any]:
    """What the app tried to write into a conversation."""
    return [
        one for one in place.workspace.calls("activities.send") if one.arguments["chat"] == chat.id
    ]


def test_convening_makes_a_private_channel_with_the_lead_professional_in_it(
    place: TeamsTown,
) -> None:
    convened(place)
    place.until(lambda: place.waits_for_app("F-1042"), 20)
    chat = channel(place)
    assert (chat.kind, chat.membership, chat.topic) == ("channel", "private", "TAF F-1042")
    assert chat.members == owners(chat) == [place["Maya"].id]
    assert "F-1042" not in chat.description


def test_until_the_app_is_added_nothing_is_said_and_the_lead_is_told_what_to_press(
    place: TeamsTown,
) -> None:
    place.given_an_action(convened(place))
    place.until(lambda: place.waits_for_app("F-1042"), 20)
    told(place, "Maya", "room_by_hand", because=ADD_THE_APP.format(name="TAF F-1042"))
    place.quiet()
    chat = channel(place)
    assert not sends(place, chat)
    assert chat.members == [place["Maya"].id]
    hand(place, "Maya").admin.brings_bot(chat)
    place.inside("F-1042", "Maya", "Asha", "Tom")
    place["Asha"].reads("Welcome", 20)
    place["Asha"].reads("Action 1", 20)
    place.quiet()
    with place.assistant.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.notice == "room_by_hand").all()
        assert len(rows) == 1


def test_whoever_names_the_app_in_the_channel_opens_it_too(place: TeamsTown) -> None:
    """Where Teams told nothing of the app's coming."""
    convened(place)
    place.until(lambda: place.waits_for_app("F-1042"), 20)
    chat, tenant = channel(place), place.workspace
    there, tenant.request_url = tenant.request_url, None
    hand(place, "Maya").admin.brings_bot(chat)
    tenant.request_url = there
    hand(place, "Maya").types("TAF hello", chat)
    place.inside("F-1042", "Maya", "Asha", "Tom")


def test_what_happens_to_a_channel_is_no_sign_that_the_app_is_in_it(place: TeamsTown) -> None:
    convened(place)
    place.until(lambda: place.waits_for_app("F-1042"), 20)
    chat, tenant = channel(place), place.workspace
    about: dict[str, Any] = {"channelData": {"eventType": "channelCreated"}}
    sent = activities.of(tenant, chat, "conversationUpdate", place["Maya"].person, **about)  # type: ignore[arg-type]
    assert tenant.outgoing.send(sent).ok  # type: ignore[arg-type]
    place.rest()
    place.quiet()
    assert opening(place)[0] == "dead"
    with place.assistant.database.reading() as session:
        assert accounts.conversation(session, "teams", chat.id) is None


def test_a_lost_answer_makes_no_second_channel(place: TeamsTown) -> None:
    place.workspace.faults.order("channels.create", "reset after")
    place.given_a_family()
    assert len(named(place.workspace, "TAF F-1042")) == 1
    assert len(place.workspace.calls("channels.create")) == 2


@pytest.mark.parametrize("word", ["NameAlreadyExists", "BadRequest"])
def test_a_channel_that_was_there_before_is_never_taken_over(place: TeamsTown, word: str) -> None:
    tenant: Any = place.workspace
    tenant.team.says_taken = word
    theirs = makes_channel(tenant, tenant.team, "taf f-1042", place["Nosy"].person)
    tenant.faults.order("channels.create", "reset before")
    convened(place)
    told(place, "Maya", "room_not_opened", because=TAKEN.format(name="TAF F-1042"))
    assert (theirs.members, theirs.topic) == ([place["Nosy"].id], "taf f-1042")
    hand(place, "Nosy").admin.renames(theirs, "Another")
    tries_again(place)
    place.adds_app("F-1042")
    place.inside("F-1042", "Maya", "Asha", "Tom")


def tries_again(place: TeamsTown) -> None:
    """Maya presses Try again on the first thing that could not be done."""
    with place.assistant.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.state == "dead").order_by(Delivery.id)
        ref = rows.first().ref  # type: ignore[union-attr]
    place.does("Maya", "delivery.try_again", ref)


def test_a_channel_of_the_same_name_that_was_deleted_is_said(place: TeamsTown) -> None:
    place.workspace.team.names.add("taf f-1042")  # type: ignore[attr-defined]
    convened(place)
    told(place, "Maya", "room_not_opened", because="one that was deleted")


def test_whoever_is_not_in_the_team_is_reported_by_name_with_what_to_do(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, room=ROOM, outside=frozenset({"Tom"})) as place:
        place.given_a_team()
        place.inside("F-1042", "Maya", "Asha")
        told(place, "Maya", "not_let_in", who="Tom", because=NOT_IN_TEAM)
        tenant: Any = place.workspace
        hand(place, "Maya").admin.brings(tenant.team.general, hand(place, "Tom").person)
        tries_again(place)
        place.inside("F-1042", "Maya", "Asha", "Tom")


def test_a_lead_professional_who_is_not_in_the_team_owns_nothing(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, room=ROOM, outside=frozenset({"Maya"})) as place:
        convened(place)
        told(place, "Maya", "room_not_opened", because=OWNER_NOT_IN_TEAM)
        assert not named(place.workspace, "TAF F-1042")


def test_a_guest_is_let_in_and_owns_nothing(database: Database, tmp_path: Path) -> None:
    with town(database, tmp_path, room=ROOM, guests=frozenset({"Tom"})) as place:
        place.given_a_family()
        assert place.channel("F-1042").memberships[place["Tom"].id].roles == ["guest"]


def test_whoever_is_not_known_by_account_is_found_once_the_app_is_there(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, room=ROOM, known=False) as place:
        taf = place.given_a_family()
        action = place.given_an_action(taf)
        card = place["Asha"].reads("Action 1", 15)
        place["Asha"].presses(card, "Mark done")
        place.until(lambda: place.subject(action).state == "done")


def test_a_card_is_pressed_and_changed_where_it_stands(place: TeamsTown) -> None:
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    card = hand(place, "Asha").reads("Action 1", 15)
    assert card.chat == place.channel("F-1042").id
    hand(place, "Asha").presses(card, "Mark done")
    place.until(lambda: place.subject(action).state == "done")
    place.quiet()
    assert card.edits == 1


def test_words_in_the_channel_are_answered_in_ones_own_chat(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    before = len(chat.standing())
    hand(place, "Asha").types("TAF help", chat)
    answer = hand(place, "Asha").reads("convene a team around a family", 15)
    assert answer.chat == hand(place, "Asha").personal.id
    assert len(chat.standing()) == before + 1


def test_a_message_there_is_made_an_action(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    asha = hand(place, "Asha")
    asha.shortcut("make_action", asha.writes(place.channel("F-1042"), "Ring the landlord"))
    assert asha.view is not None
    assert "Ring the landlord" in json.dumps(asha.view.card)


def test_whoever_leaves_the_team_on_teams_is_named_and_not_let_in_again(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    hand(place, "Tom").admin.leaves_team()
    place.inside("F-1042", "Maya", "Asha")
    told(place, "Maya", "not_let_in", who="Tom", because=NOT_IN_TEAM)


def test_a_stranger_is_taken_out_and_reads_nothing(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    hand(place, "Maya").admin.brings(place.channel("F-1042"), hand(place, "Nosy").person)
    place.given_an_action(taf)
    place.inside("F-1042", "Maya", "Asha", "Tom")
    told(place, "Maya", "room_astray", what="stranger")
    place["Asha"].reads("Action 1", 40)
    assert not [one for one in place["Nosy"].sees if "Action 1" in str(one.blocks)]


@pytest.mark.parametrize("kind", ["standard", "shared"])
def test_where_others_could_read_it_nothing_is_said(place: TeamsTown, kind: str) -> None:
    taf = place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    before = len(sends(place, chat))
    chat.membership = kind
    place.given_an_action(taf)
    wrong = {"standard": "public"}.get(kind, kind)

    def refused() -> bool:
        with place.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.why == UNFIT[wrong]).all()
            return any(one.state == "dead" for one in rows)

    place.until(refused, 20)
    assert len(sends(place, chat)) == before
    looked(place)
    told(place, "Maya", "room_astray", what=wrong)


def test_in_an_open_channel_of_the_team_nothing_of_a_family_is_said(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    tenant: Any = place.workspace
    hand(place, "Asha").types("TAF F-1042", tenant.team.general)
    hand(place, "Asha").types("TAF link F-1042", tenant.team.general)
    place.rest()
    said = [one for one in tenant.team.general.standing() if one.sender == tenant.app.mri]
    assert "1042" not in json.dumps([one.card for one in said])
    with place.assistant.database.reading() as session:
        assert rooms.at(session, "teams", tenant.team.general.id) is None


def test_a_name_that_was_changed_by_hand_is_put_back(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    hand(place, "Maya").admin.renames(chat, "The Hardman family")
    place.until(lambda: chat.topic == "TAF F-1042", 15)
    told(place, "Maya", "room_astray", what="renamed")


def test_a_channel_that_was_archived_by_hand_is_noticed(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    hand(place, "Maya").admin.archives(place.channel("F-1042"))
    looked(place)
    told(place, "Maya", "room_astray", what="archived")


def test_an_app_that_was_taken_out_is_noticed(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    hand(place, "Maya").admin.removes_bot(place.channel("F-1042"))
    told(place, "Maya", "room_astray", what="gone")


def test_when_the_only_owner_goes_somebody_else_is_made_one_first(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    chat, graph = place.channel("F-1042"), place.assistant.delivery.platforms["teams"].rooms  # type: ignore[attr-defined]
    graph.remove(chat.id, place["Maya"].id)
    assert place["Maya"].id not in chat.members
    assert len(owners(chat)) == 1


def test_closing_archives_it_and_takes_out_everybody_but_one_owner(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.quiet()
    chat = place.channel("F-1042")
    maya, now = place.numbers["Maya"], place.assistant.clock.now()
    with place.assistant.database.writing() as session:
        doing = place.assistant.boundary.doing(session, maya, now)
        telling.close_room(doing, subjects.find(session, taf))
    place.assistant.send_soon()
    place.until(lambda: place.room_state("F-1042") == "closed", 15)
    assert (chat.archived, chat.members) == (True, [place["Maya"].id])


def test_only_an_owner_adds_the_app_and_only_where_its_package_says_so(place: TeamsTown) -> None:
    """What the fake stands on: else nothing here would show that the package is right."""
    convened(place)
    chat, tenant = channel(place), place.workspace
    with pytest.raises(ClientRefuses):
        hand(place, "Asha").admin.brings_bot(chat)
    tenant.app.in_channels = False
    with pytest.raises(ClientRefuses):
        hand(place, "Maya").admin.brings_bot(chat)
