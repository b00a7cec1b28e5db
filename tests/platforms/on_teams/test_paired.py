"""Where people make the chats: what waited for one is said in it as soon as it is linked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.clock import StoppedClock
from bot.playing import advance
from bot.teams.calling import Calling
from bot.teams.platform import END_IT
from bot.web.app import web_app
from storage import subjects
from storage.database import Database
from tests import builders
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams.cards import parts
from tests.platforms.teams.chats import Chat
from tests.world import START
from workflows import telling


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """People make the chats; nothing goes on by itself."""
    with town(database, tmp_path, room="paired", standing=StoppedClock(START)) as found:
        yield found


def convened(place: TeamsTown) -> Any:
    """Maya has the app, convenes a team with Asha, and leads it."""
    place["Maya"].types("hello")
    place.rest()
    answers = builders.convening(
        lead_professional=place.ref("Maya"), practitioners=[{"person": place.ref("Asha")}]
    )
    return place.does("Maya", "taf.convene", **answers)


def linked(place: TeamsTown) -> Chat:
    """She makes the chat and says whose it is."""
    people = [place[name].person for name in ("Maya", "Asha")]
    chat = place.workspace.add_chat("TAF F-1042", *people, app=True)
    place["Maya"].types("TAF link F-1042", chat)
    place.rest()
    goes_on(place, minutes=5)
    return chat


def goes_on(place: TeamsTown, **by: int) -> None:
    """Time passes."""
    advance(place.assistant, place.clock, place.clock.now() + timedelta(**by))
    place.rest()


def buttons(place: TeamsTown, words: str) -> list[str]:
    """What Maya may press on the newest message that says this."""
    said = place["Maya"].reads(words)
    return [one["title"] for one in parts(said.card) if "data" in one]


def test_whoever_leads_is_told_at_once_to_make_the_chat(place: TeamsTown) -> None:
    answer = convened(place)
    assert "its chat has to be made" in answer.sentence
    goes_on(place, minutes=1)
    said = place["Maya"].reads("F-1042: Get the room ready")
    assert said.says("link F-1042", place["Maya"].person)
    assert buttons(place, "Get the room ready") == []
    assert not [one for one in place["Maya"].sees if one.says("could not be", place["Maya"].person)]
    linked(place)
    assert place.room_state("F-1042") == "open"
    goes_on(place, days=1)
    for words in ("could not be", "Not delivered", "Get the room ready"):
        said_so = [one for one in place["Maya"].sees if one.says(words, place["Maya"].person)]
        assert len(said_so) == (1 if words == "Get the room ready" else 0), words


def test_whoever_has_no_app_and_is_to_make_the_chat_is_told_by_somebody_else(
    place: TeamsTown,
) -> None:
    place["Priya"].types("hello")
    place.rest()
    answers = builders.convening(
        lead_professional=place.ref("Maya"), practitioners=[{"person": place.ref("Asha")}]
    )
    place.does("Maya", "taf.convene", **answers)
    goes_on(place, days=1)
    said = place["Priya"].reads("Not delivered: Something to do for a room")
    assert said.says("It was for Maya", place["Priya"].person)


def test_the_family_s_page_says_so_until_the_chat_is_there(place: TeamsTown) -> None:
    convened(place)
    pages, cookies = (
        web_app(place.assistant, practice=place.clock),
        {"practise_as": str(place.numbers["Maya"])},
    )
    page = TestClient(pages, base_url="http://taf.test", cookies=cookies)
    assert "link F-1042" in page.get("/families/F-1042").text
    linked(place)
    assert "link F-1042" not in page.get("/families/F-1042").text


def test_a_chat_that_was_emptied_is_closed_without_a_press(place: TeamsTown) -> None:
    taf = convened(place).about
    chat = linked(place)
    with place.assistant.database.writing() as session:
        doing = place.assistant.boundary.doing(session, place.numbers["Maya"], place.clock.now())
        subjects.find(session, taf).state = "closed"
        telling.close_room(doing, subjects.find(session, taf))
    goes_on(place, minutes=1)
    assert place["Maya"].reads("F-1042: End the chat").says(END_IT, place["Maya"].person)
    assert buttons(place, "End the chat") == []
    assert place.room_state("F-1042") == "open"
    place["Maya"].admin.removes(chat, place["Asha"].person)
    place.rest()
    assert place.room_state("F-1042") == "open"
    place["Maya"].admin.removes_bot(chat)
    place.rest()
    assert place.room_state("F-1042") == "closed"


def test_whoever_leaves_the_team_is_named_while_a_stranger_keeps_messages_waiting(
    place: TeamsTown,
) -> None:
    """What is said to nobody holds up neither a removal nor the end of the chat."""
    taf = convened(place).about
    chat = linked(place)
    maya = place["Maya"]
    maya.admin.brings(chat, place["Nosy"].person)
    place.rest()
    place.given_an_action(taf, "Maya")
    goes_on(place, seconds=30)
    assert not [one for one in chat.standing() if one.says("Action 1", maya.person)]
    with place.assistant.database.reading() as session:
        member = next(one for one in subjects.find(session, taf).team if one.person.name == "Asha")
        about = member.ref
    place.does("Maya", "member.remove", about, why="She has another post")
    goes_on(place, seconds=30)
    assert maya.reads("Asha can still read the room")
    assert not [one for one in chat.standing() if one.says("Action 1", maya.person)]
    for one in ("Nosy", "Asha"):
        maya.admin.removes(chat, place[one].person)
    place.rest()
    goes_on(place, minutes=1)
    assert [one for one in chat.standing() if one.says("Action 1", maya.person)]


def test_what_waited_for_the_chat_is_not_said_to_have_come_before(
    database: Database, tmp_path: Path
) -> None:
    """Without a permission nobody can look there; but what was tried before reached nobody."""
    clock = StoppedClock(START)
    with town(database, tmp_path, room="paired", standing=clock) as place:
        place.workspace.app.roles = set()
        convened = builders.convening(
            lead_professional=place.ref("Maya"), practitioners=[{"person": place.ref("Asha")}]
        )
        taf = place.does("Maya", "taf.convene", **convened).about
        place.given_an_action(taf)
        advance(place.assistant, clock, START + timedelta(hours=1))
        people = [place[name].person for name in ("Maya", "Asha")]
        chat = place.workspace.add_chat("TAF F-1042", *people, app=True)
        place["Maya"].types("TAF link F-1042", chat)
        place.rest()
        advance(place.assistant, clock, START + timedelta(hours=2))
        place["Asha"].reads("Action 1 is open")
        said = str([one.blocks for one in chat.standing()])
        assert "Welcome to the room" in said
        assert "may have reached you before" not in said


def test_nobody_waits_while_teams_says_who_the_strangers_in_a_chat_are(
    place: TeamsTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    convened(place)
    maya, nosy, database = place["Maya"], place["Nosy"], place.assistant.database
    chat = maya.admin.makes_chat("TAF F-1042", place["Asha"].person, nosy.person)
    maya.admin.brings_bot(chat)
    place.rest()
    usual, waited = Calling.members, []

    def members(self: Calling, *where: str) -> list[dict[str, Any]]:
        written = Event()
        Thread(target=lambda: database.write(lambda _: written.set()), daemon=True).start()
        waited.append(not written.wait(5))
        return usual(self, *where)

    monkeypatch.setattr(Calling, "members", members)
    maya.types("TAF link F-1042", chat)
    place.rest()
    maya.reads("Nosy is in this chat and not on the team")
    assert len(waited) >= 2
    assert not any(waited)
