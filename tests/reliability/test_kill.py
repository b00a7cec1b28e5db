"""Killed at any moment: no accepted press is lost, and no notice is shown twice or never."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.clock import StoppedClock
from bot.playing import advance
from storage import claiming
from storage.database import Database
from storage.inbox import Received
from storage.outbox import Delivery
from storage.plan import Action
from storage.rooms import Post
from storage.supervision import HelpRequest
from tests.reliability.pressing import START, FastClock, assistant
from tests.world import World

LIVES = 15


@pytest.fixture
def path(file: Database) -> str:
    """A family on a file that nobody has open."""
    world = World(file)
    world.platform.post = lambda message: str(message.number)  # type: ignore[method-assign]
    world.given_a_family()
    file.close()
    return str(file.url.database)


@contextmanager
def waiting(path: str, began: float) -> Iterator[subprocess.Popen[str]]:
    """The process whose forks are the lives."""
    command = [sys.executable, "-m", "tests.reliability.pressing", path, str(began)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def one_life(process: Any, life: int, retried: int, seconds: float) -> list[dict[str, Any]]:
    """What a process answered before it was killed."""
    process.stdin.write(f"{life} {retried}\n")
    process.stdin.flush()
    said, child = [], 0
    while child == 0:
        line = process.stdout.readline()
        if line.strip().isdigit():
            child = int(line)
        else:
            said.append(json.loads(line))
    said.append(json.loads(process.stdout.readline()))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    while not (line := process.stdout.readline()).startswith("over"):
        said.append(json.loads(line))
    assert line == f"over -{signal.SIGKILL.value}\n", "it died before it was killed"
    return said


def test_killed_again_and_again(path: str, seed: int) -> None:
    luck, began = Random(seed), time.time()  # noqa: TID251
    said: list[dict[str, Any]] = []
    retried = 0
    with waiting(path, began) as process:
        for life in range(LIVES):
            found = one_life(process, life, retried, luck.uniform(0.05, 0.45))
            mine = [one for one in found if one["key"].startswith(f"{life}-")]
            retried = len(mine)
            said += found

    assert [one for one in said if one["fault"]] == []
    accepted = {one["key"]: one["about"] for one in said if one["ok"]}
    assert len(accepted) > LIVES
    now = FastClock(began).now()
    mine = assistant(path, FastClock(began))
    clock = StoppedClock(max(now, START) + claiming.LEASE)
    mine.clock = mine.ticker.clock = mine.delivery.clock = mine.boundary.clock = clock
    advance(mine, clock, clock.now() + timedelta(days=20))
    every_accepted_press_is_in_the_record(mine.database, accepted, said)
    every_notice_was_shown_once(mine.database)
    with mine.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    mine.database.close()


def every_accepted_press_is_in_the_record(
    database: Database, accepted: dict[str, str], said: list[dict[str, Any]]
) -> None:
    with database.reading() as session:
        kept = {one.key: one.answer["about"] for one in session.query(Received)}
        for key, about in accepted.items():
            assert kept[key] == about
        made = Counter(one.words for one in session.query(Action))
        made += Counter(one.words for one in session.query(HelpRequest))
        assert set(made.values()) == {1}
        refs = {one.words: one.ref for one in session.query(Action)}
        refs |= {one.words: one.ref for one in session.query(HelpRequest)}
        for key, about in accepted.items():
            assert refs.get(key, about) == about
        done = {one.about for one in session.query(Received) if one.command == "action.mark_done"}
        assert done == {one.ref for one in session.query(Action) if one.state == "done"}
    again = Counter(one["key"] for one in said if one["ok"])
    assert again.most_common(1)[0][1] > 1, "no press was ever tried again"


def every_notice_was_shown_once(database: Database) -> None:
    with database.reading() as session:
        sent = session.query(Delivery).where(Delivery.state == "sent").all()
        shown = {str(one.id): one for one in session.query(Post)}
        rest = session.query(Delivery).where(Delivery.state != "sent").all()
        digests = Counter((one.lane_id, one.slot) for one in sent if one.operation == "digest")
        posts = [one for one in sent if one.operation in {"post", "digest"} and one.made_at > START]
        assert posts, "nothing was said"
        assert all(one.provider_ref in shown for one in posts)
        numbers = Counter(one.number for one in shown.values())
        assert set(numbers.values()) == {1}
        assert set(numbers) <= {one.id for one in sent}
        assert set(digests.values()) == {1}
        assert {one.state for one in rest} <= {"cancelled", "superseded"}
        assert all(one.why for one in rest)
        words = [one.card for one in shown.values()]
        for one in session.query(Delivery).where(Delivery.notice == "action_for_you"):
            title = f"F-1042: Action {one.facts['number']} is yours"
            times = sum(
                inner["title"].startswith(f"{title},") for card in words for inner in card["cards"]
            )
            assert times == (one.state == "superseded"), (title, one.state, times)
        for request in session.query(HelpRequest):
            assert sum(_tells(card, request.reference) for card in words) == 1, request.reference


def _tells(card: dict[str, Any], reference: str) -> bool:
    """Whether this is the supervisors' card of a request."""
    text = " ".join("".join(part[0] for part in line["spans"]) for line in card["lines"])
    return text.startswith(f"Request {reference},")
