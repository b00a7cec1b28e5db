"""The Hardman family's whole story, by hand on a strict Teams, from first contact to closure."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import StoppedClock
from bot.demo import story_path
from bot.playing import advance
from bot.recording import NOBODY_CAN_TELL
from bot.scenario import read_scenario
from bot.story.log import Log
from bot.teams import manifest
from bot.teams.platform import ADD_THEM, AGAIN, END_IT, TAKE_THEM_OUT
from storage import accounts
from storage.database import Database
from storage.outbox import Delivery
from tests.platforms import by_hand
from tests.platforms.by_hand import HandPlayer
from tests.platforms.on_teams.by_hand import ByHand
from tests.platforms.on_teams.in_channels import InChannels
from tests.platforms.on_teams.paired import Paired
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams.cards import parts
from tests.platforms.teams.channels import owners
from tests.platforms.teams.chats import Message
from tests.platforms.teams.hands import Hand

pytestmark = pytest.mark.xdist_group("teams-story")


def test_one_family_from_the_first_contact_to_the_closure(
    database: Database, tmp_path: Path
) -> None:
    with played(database, tmp_path) as (place, doing):
        chat = place.workspace.chat_of("TAF F-1042")
        assert (chat.members, place.room_state("F-1042")) == ([], "closed")
        stranger = next(one for one in place.hands.values() if one.person.real_name == "Stranger")
        told = [one for one in stranger.sees if one.sender != stranger.id]
        assert told
        assert not [one for one in told if one.says("1042", stranger.person)]
        carries_nothing_of_a_family(place, doing)
        said_once(place)


def test_the_same_with_faults_at_every_call_of_the_outbox(file: Database, tmp_path: Path) -> None:
    """Answers lost before and after, refusals, waits: nothing is lost, and nothing said twice."""
    with played(file, tmp_path, rates=RATES) as (place, _):
        assert place.workspace.chat_of("TAF F-1042").members == []
        assert len(place.workspace.calls("chats.create")) > len(MAKING)
        drawn = place.workspace.faults.drawn
        assert len(drawn) > 20, "hardly anything went wrong"
        assert [one for one in drawn if one[0] == "activities.send" and one[1].after]
        assert [one for one in place.workspace.calls("messages.list") if one.status == 200]
        said_once(place)


def test_without_reading_a_lost_answer_means_once_more_and_says_so(
    file: Database, tmp_path: Path
) -> None:
    """Nobody can look: a message stands there twice at most, and the second says so."""
    with played(file, tmp_path, rates=LOST, reads=False) as (place, _):
        assert {one.status for one in place.workspace.calls("messages.list")} <= {403, None}
        with file.reading() as session:
            rows = session.query(Delivery).where(Delivery.operation.in_(("post", "digest"))).all()
            left = [one.notice for one in rows if one.state in {"ready", "waiting", "unknown"}]
            refs = {one.provider_ref for one in rows if one.state == "sent"}
            why = {one.why for one in rows if one.state == "dead"}
        shown = defaultdict(list)
        for one, mark in marked(place):
            shown[mark].append(one)
        assert (left, why - {NOBODY_CAN_TELL}) == ([], set())
        assert refs <= {one.id for each in shown.values() for one in each}
        twice = [each for each in shown.values() if len(each) > 1]
        assert twice
        for first, second in twice:
            assert AGAIN not in json.dumps(first.card)
            assert AGAIN in json.dumps(second.card)


def test_the_same_where_people_make_the_chats(file: Database, tmp_path: Path) -> None:
    """Without any permission from Graph: who is to come or go, the assistant tells a person."""
    with played(file, tmp_path, room="paired") as (place, doing):
        assert isinstance(doing, Paired)
        chat = place.workspace.chat_of("TAF F-1042")
        assert (chat.members, chat.has_app, place.room_state("F-1042")) == ([], False, "closed")
        assert {"make one", ADD_THEM, TAKE_THEM_OUT, END_IT} <= doing.told.keys()
        done = [one.method for one in place.workspace.log if one.status and one.status < 300]
        assert {one.partition(".")[0] for one in done} <= {"activities", "conversations", *SIGNING}
        assert not [one for one, _ in marked(place) if AGAIN in json.dumps(one.card)]
        carries_nothing_of_a_family(place, doing)
        said_once(place)


def test_the_same_in_private_channels(file: Database, tmp_path: Path) -> None:
    """Whoever is told to adds the app; Graph's answers about channels are lost and refused."""
    with played(file, tmp_path, rates=RATES, room="private_channel") as (place, doing):
        assert isinstance(doing, InChannels)
        chat = place.workspace.chat_of("TAF F-1042")
        assert (chat.membership, chat.archived) == ("private", True)
        assert chat.members == owners(chat)
        assert len(chat.members) == 1
        assert place.room_state("F-1042") == "closed"
        assert doing.told.keys() == {"add the app"}
        assert len(place.workspace.faults.drawn) > 20, "hardly anything went wrong"
        assert not [one for one in place.workspace.chats.values() if one.kind == "group"]
        carries_nothing_of_a_family(place, doing)
        said_once(place)


SIGNING = {"keys", "login"}
OF_CHANNELS = {
    "channels.add",
    "channels.archive",
    "channels.change",
    "channels.create",
    "channels.get",
    "channels.list",
    "channels.members",
    "channels.remove",
    "channels.rename",
    "team.members",
}
OUTBOX = {
    "activities.send",
    "activities.update",
    "catalog.find",
    "chats.get",
    "chats.install",
    "chats.installed",
    "chats.rename",
    "conversations.create",
    "conversations.members",
    "members.add",
    "members.list",
    "members.remove",
    "messages.list",
    "users.chat",
    "users.find",
    "users.get",
    "users.install",
    "users.installed",
}
RATES = {"500 before": 0.03, "502 after": 0.03, "504 after": 0.02, "412 before": 0.02}
RATES |= {"reset before": 0.03, "reset after": 0.05, "429 1": 0.03, "revoked": 0.01}
MAKING = ("429 1", "412 before", "partial")
"""What befalls the making of a chat; where its answer is lost, a person looks (test_rooms.py)."""

PLAYED_BY = {"group_chat": ByHand, "paired": Paired, "private_channel": InChannels}
NO_FAULTS: Mapping[str, float] = {}
LOST = {"500 after": 0.05, "504 after": 0.05, "reset after": 0.05, "412 before": 0.03}


@contextmanager
def played(
    file: Database,
    folder: Path,
    *,
    rates: Mapping[str, float] = NO_FAULTS,
    reads: bool = True,
    room: str = "group_chat",
) -> Iterator[tuple[TeamsTown, ByHand]]:
    """The town after the story was played in it, and everything said that was to be said."""
    scenario = read_scenario(story_path(), Path("app.yaml"))
    clock = StoppedClock(scenario.start)
    with town(file, folder, standing=clock, cast_of={}, room=room) as place:
        hands = everybody(place, scenario.people, scenario.start.date())
        # A chat takes two: there is a second supervisor.
        deputy = replace(scenario.people["clin"], name="Deputy Supervisor")
        others = everybody(place, {"deputy": deputy}, scenario.start.date())
        place.hands |= {one.person.real_name: one for one in (*hands.values(), *others.values())}
        if place.workspace.team is not None:
            for one in place.hands.values():
                place.workspace.team.general.adds(one.person, [])
        if not reads:
            place.workspace.app.roles -= set(manifest.LOOKING)
        befallen = OF_CHANNELS if room == "private_channel" else OUTBOX
        place.workspace.faults.methods, place.workspace.faults.rates = befallen, dict(rates)
        if rates and room == "group_chat":
            place.workspace.faults.order("chats.create", *MAKING)
        doing = PLAYED_BY[room](place, hands)
        player = HandPlayer(doing, clock, scenario, Log())  # type: ignore[arg-type]
        player.play(scenario.end)
        place.workspace.faults.clear()
        for hours in (1, 24, 48, 72):
            place.rest()
            advance(doing, clock, scenario.end + timedelta(hours=hours))
        assert player.failed == []
        pressed = [one for one in scenario.events if one.refused is None]
        assert doing.given == len(pressed), doing.not_offered
        assert not [one.errors for one in hands.values() if one.errors]
        yield place, doing


def everybody(place: TeamsTown, people: Mapping[str, Any], known: date) -> dict[int, Hand]:
    """Their hands; everybody has the app, and the directory knows them."""
    hands = by_hand.everybody(place, people, known, "teams", lambda one: str(one.person.mri))
    for one in hands.values():
        one.admin.installs_for(one.person)
    with place.assistant.database.writing() as session:
        for one in hands.values():
            now, about = place.clock.now(), {"directory_id": one.id}
            accounts.remember(session, "teams", one.person.mri, now, **about)
    return hands


def said_once(place: TeamsTown) -> None:
    """Every message that the outbox calls sent is in its chat, once, and nothing else of it is."""
    with place.assistant.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.operation.in_(("post", "digest"))).all()
        left = [(one.notice, one.facts) for one in rows if one.state in {"ready", "waiting"}]
        refs = {one.provider_ref for one in rows if one.state == "sent"}
        dead = [(one.notice, one.why) for one in rows if one.state == "dead"]
        ends = {f"delivery-{one.id}": (one.notice, one.state, one.why) for one in rows}
    assert (left, dead) == ([], [])
    shown = list(marked(place))
    assert [(mark, *ends[mark]) for one, mark in shown if one.id not in refs] == []
    assert {one.id for one, _ in shown} == refs
    marks = [mark for _, mark in shown]
    assert len(marks) == len(set(marks))


def marked(place: TeamsTown) -> Iterator[tuple[Message, str]]:
    """The messages of the outbox that stand anywhere, each with its mark."""
    for chat in place.workspace.chats.values():
        for one in chat.standing():
            mark = str((one.card or {}).get("body", [{}])[0].get("id", ""))
            if mark:
                yield one, mark


OPAQUE = re.compile(r"[\w.:+|/-]{0,60}( [\w.:-]{0,60})?", re.ASCII)
MADE_BY = re.compile(r"TAF Assistant [0-9a-f]*")
TOPIC = re.compile(r"TAF (F-\d+(-\d)?|supervision)")


def carries_nothing_of_a_family(place: TeamsTown, doing: ByHand) -> None:
    """Topics, what buttons and dialogs carry unseen, mentions: opaque references alone (R1)."""
    cards = list(doing.dialogs)
    for call in place.workspace.log:
        if call.method in {"chats.create", "chats.rename"}:
            assert TOPIC.fullmatch(call.arguments["topic"])
        if call.method in {"channels.create", "channels.rename"}:
            assert TOPIC.fullmatch(call.arguments["displayName"])
            assert MADE_BY.fullmatch(call.arguments.get("description", "TAF Assistant "))
        assert not call.arguments.get("entities")
        attached = call.arguments.get("attachments") or ()
        cards += [one["content"] for one in attached]
    assert len(cards) > 200
    for one in parts(cards):
        for name in ("data", "id", "choices.data"):
            carried = _ends(one.get(name))
            assert [end for end in carried if not OPAQUE.fullmatch(str(end))] == []


def _ends(part: Any) -> Iterator[Any]:
    """Everything in nested data that is no list and no table."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
    if inner is None:
        yield "" if part is None else part
        return
    for one in inner:
        yield from _ends(one)
