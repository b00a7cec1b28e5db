"""The Hardman family's whole story, by hand on a strict Slack, from first contact to closure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import StoppedClock
from bot.demo import story_path
from bot.playing import advance
from bot.scenario import read_scenario
from bot.slack.platform import PURPOSE, TOPIC
from bot.story.log import Log
from storage.database import Database
from storage.outbox import Delivery
from tests.platforms.by_hand import HandPlayer, everybody
from tests.platforms.on_slack.by_hand import ByHand
from tests.platforms.on_slack.town import Town, town
from tests.platforms.slack.workspace import Workspace

pytestmark = pytest.mark.xdist_group("slack-story")


def test_one_family_from_the_first_contact_to_the_closure(file: Database, tmp_path: Path) -> None:
    with played(file, tmp_path) as place:
        assert place.workspace.channel_of("taf-f-1042").is_archived
        stranger = next(one for one in place.hands.values() if one.person.real_name == "Stranger")
        assert not [one for one in stranger.sees if "1042" in str(one.blocks)]
        carries_nothing_of_a_family(place.workspace)
        said_once(place)


def test_the_same_with_faults_at_every_call_of_the_outbox(file: Database, tmp_path: Path) -> None:
    """Answers lost before and after, refusals, waits: nothing is lost, and nothing said twice."""
    with played(file, tmp_path, faulty=True) as place:
        assert place.workspace.channel_of("taf-f-1042").is_archived
        drawn = [one for one in place.workspace.log if one.fault]
        assert len(drawn) > 20, "hardly anything went wrong"
        said_once(place)


OUTBOX = {
    "chat.postMessage",
    "chat.update",
    "conversations.archive",
    "conversations.create",
    "conversations.history",
    "conversations.info",
    "conversations.invite",
    "conversations.kick",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.rename",
    "conversations.setPurpose",
    "conversations.setTopic",
    "pins.add",
    "users.lookupByEmail",
}
RATES = {"500 before": 0.03, "500 after": 0.04, "reset before": 0.03, "reset after": 0.05}
RATES |= {"fatal_error before": 0.02, "internal_error after": 0.02, "ratelimited 1": 0.03}


@contextmanager
def played(file: Database, folder: Path, *, faulty: bool = False) -> Iterator[Town]:
    """The town after the story was played in it, and everything said that was to be said."""
    scenario = read_scenario(story_path(), Path("app.yaml"))
    clock = StoppedClock(scenario.start)
    with town(file, folder, standing=clock, cast_of={}) as place:
        hands = everybody(
            place, scenario.people, scenario.start.date(), "slack", lambda one: str(one.id)
        )
        place.hands |= {one.person.real_name: one for one in hands.values()}
        if faulty:
            place.workspace.faults.methods, place.workspace.faults.rates = OUTBOX, dict(RATES)
        by_hand = ByHand(place, hands)
        player = HandPlayer(by_hand, clock, scenario, Log())  # type: ignore[arg-type]
        player.play(scenario.end)
        place.workspace.faults.clear()
        for hours in (1, 24, 48, 72):
            place.rest()
            advance(place.assistant, clock, scenario.end + timedelta(hours=hours))
        assert player.failed == []
        pressed = [one for one in scenario.events if one.refused is None]
        assert by_hand.given == len(pressed), by_hand.not_offered
        assert not [one.errors for one in hands.values() if one.errors]
        yield place


def said_once(place: Town) -> None:
    """Every message that the outbox calls sent is there, once, and nothing else of ours is."""
    with place.assistant.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.operation.in_(("post", "digest"))).all()
        left = [(one.notice, one.facts) for one in rows if one.state in {"ready", "waiting"}]
        refs = {one.provider_ref for one in rows if one.state == "sent"}
        dead = [(one.notice, one.why) for one in rows if one.state == "dead"]
    assert (left, dead) == ([], [])
    shown = [
        f"{channel.id}:{one.ts}"
        for channel in place.workspace.channels.values()
        for one in channel.standing()
        if one.metadata
    ]
    assert len(shown) == len(set(shown))
    assert set(shown) == refs
    numbers = [
        one.metadata["event_payload"]["delivery"]
        for channel in place.workspace.channels.values()
        for one in channel.standing()
        if one.metadata
    ]
    assert len(numbers) == len(set(numbers))


def carries_nothing_of_a_family(workspace: Workspace) -> None:
    """Names, topics, metadata, values and what a window carries: opaque references alone (R1)."""
    opaque = re.compile(r"[\w.:-]{0,60}( [\w.:-]{0,60})?", re.ASCII)
    for call in workspace.log:
        told = {name: _read(value) for name, value in call.arguments.items()}
        if call.method == "conversations.create":
            assert re.fullmatch(r"taf-(f-\d+(-\d)?|supervision)", str(told["name"]))
        if call.method in {"conversations.setTopic", "conversations.setPurpose"}:
            assert told.get("topic", told.get("purpose")) in {TOPIC, PURPOSE}
        for name in ("metadata", "private_metadata"):
            for found in _every(told, name):
                values = re.findall(r"[:,\[{]\s*\"?([^\"{}\[\],:]+)\"?", json.dumps(_read(found)))
                assert all(opaque.fullmatch(one.strip()) for one in values), found
        for block in _every(told, "elements"):
            for one in block if isinstance(block, list) else []:
                if isinstance(one, dict) and one.get("type") == "button":
                    assert opaque.fullmatch(str(one.get("value", "")))


def _read(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
    except ValueError:
        return value


def _every(part: Any, name: str) -> Iterator[Any]:
    part = _read(part)
    if isinstance(part, dict):
        for key, value in part.items():
            if key == name:
                yield value
            yield from _every(value, name)
    elif isinstance(part, list):
        for one in part:
            yield from _every(one, name)
