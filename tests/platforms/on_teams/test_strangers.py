"""A stranger in a family's chat reads nothing more, and whoever is taken out of a team is out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.in_step import InStep
from bot.platform import Place
from bot.teams.graph_chats import GraphChats
from bot.teams.platform import STRANGERS
from storage import rooms
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests.platforms.on_teams.town import TeamsTown, town


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Everybody is known by their account already."""
    with town(database, tmp_path) as found:
        yield found


def test_a_stranger_of_whom_teams_did_not_tell_is_out_before_the_next_message(
    place: TeamsTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    taf = place.given_a_family()
    place.quiet()
    monkeypatch.setattr(InStep, "look", lambda *_: None)  # nobody notices
    chat, nosy = place.channel("F-1042"), place["Nosy"]
    place["Maya"].admin.brings(chat, nosy.person)  # type: ignore[arg-type]
    place.given_an_action(taf)
    place.inside("F-1042", "Maya", "Asha", "Tom")
    place["Asha"].reads("Action 1", 20)
    assert not [one for one in nosy.sees if one.says("Action 1", nosy.person)]  # type: ignore[arg-type]


@pytest.mark.parametrize("refuses", [True, False])
def test_a_message_waits_for_a_stranger_whom_teams_leaves_inside(
    place: TeamsTown, monkeypatch: pytest.MonkeyPatch, *, refuses: bool
) -> None:
    """Whether Teams says so, or says that they are out."""
    taf = place.given_a_family()
    place.quiet()
    monkeypatch.setattr(InStep, "look", lambda *_: None)  # nobody notices
    usual = GraphChats.remove
    if refuses:
        place.workspace.app.restricted.add("members.remove")  # type: ignore[attr-defined]
    else:
        monkeypatch.setattr(GraphChats, "remove", lambda *_: None)
    chat, nosy, asha = place.channel("F-1042"), place["Nosy"], place["Asha"]
    place["Maya"].admin.brings(chat, nosy.person)  # type: ignore[arg-type]
    place.given_an_action(taf)
    place.until(lambda: STRANGERS in waiting(place))
    assert nosy.id in chat.members
    assert not [one for one in nosy.sees if one.says("Action 1", nosy.person)]  # type: ignore[arg-type]
    place.workspace.app.restricted.clear()
    monkeypatch.setattr(GraphChats, "remove", usual)
    asha.reads("Action 1", 40)
    assert nosy.id not in chat.members
    assert not [one for one in nosy.sees if one.says("Action 1", nosy.person)]  # type: ignore[arg-type]


def waiting(place: TeamsTown) -> list[str]:
    """Why what waits to be sent was not taken when it was tried."""
    with place.assistant.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.state == "ready", Delivery.attempts > 0)
        return [str(one.why) for one in rows]


def test_whoever_is_inside_and_not_matched_yet_is_taken_out_all_the_same(place: TeamsTown) -> None:
    place.given_a_family()
    place.quiet()
    platform, asha = place.assistant.delivery.platforms["teams"], place["Asha"]
    with place.assistant.database.writing() as session:
        session.get_one(Person, place.numbers["Asha"]).platform_id = None
        room = rooms.named(session, "F-1042")
        assert room is not None
        to = Place(room.id, None, room.name, room.address)
    platform.remove(to, place.numbers["Asha"], place.clock.now())
    assert asha.id not in place.channel("F-1042").members


def test_a_message_is_found_behind_older_ones_that_were_edited(place: TeamsTown) -> None:
    taf = place.given_a_family()
    place.given_an_action(taf)
    place.given_an_action(taf, "Tom")
    place["Tom"].reads("Action 2", 20)
    place["Asha"].presses(place["Asha"].reads("Action 1", 20), "Mark done")
    place.quiet()
    chats = place.assistant.delivery.platforms["teams"].chats  # type: ignore[attr-defined]
    chat = place.channel("F-1042")
    ours = [one for one in chat.messages if one.card is not None]  # type: ignore[attr-defined]
    edited, newest = next(one for one in ours if one.edited), ours[-1]
    assert edited is not newest
    since = datetime.fromtimestamp(newest.at, UTC) - timedelta(milliseconds=2)
    found = [one["id"] for one in chats.said(chat.id, since)]
    assert newest.id in found
    assert edited.id not in found
