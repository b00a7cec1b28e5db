"""A county moves house while its work goes on: nothing is lost, and nothing is said twice.

`TAF_LONG=1` makes it a whole county of 2,820 families; else it is a small one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.clock import StoppedClock
from bot.moving import move
from bot.playing import advance
from storage import migrating
from storage.claiming import LEASE
from storage.database import Database
from storage.inbox import Received
from storage.outbox import Delivery
from storage.plan import Action
from storage.rooms import Post
from tests.conftest import another
from tests.reliability import county, going_on
from tests.reliability.checks import wrong_in_the_record

LONG = bool(os.environ.get("TAF_LONG"))
FAMILIES, TEMPLATE = (2820, 10) if LONG else (60, 3)
FASTER = 60 if LONG else 400
MORE = 200 if LONG else 8


class Told:
    """What the lives of the story told of: presses answered, messages shown."""

    def __init__(self) -> None:
        self.pressed: dict[str, dict[str, Any]] = {}
        self.shown: Counter[int] = Counter()

    def hear(self, lines: Iterable[str]) -> None:
        for line in lines:
            one = json.loads(line)
            if "key" in one:
                self.pressed[one["key"]] = one
            elif not one["edited"]:
                self.shown[one["shown"]] += 1

    @property
    def accepted(self) -> dict[str, str]:
        return {key: one["about"] for key, one in self.pressed.copy().items() if one["ok"]}

    def wait_for_more(self) -> None:
        """Until the story has gone on by some presses, and said something."""
        presses, messages = len(self.accepted) + MORE, len(self.shown) + MORE
        until = time.monotonic() + 300
        while len(self.accepted) < presses or len(self.shown) < messages:
            assert time.monotonic() < until, "the story does not go on"
            time.sleep(0.05)


@contextmanager
def living(url: str, life: str, began: float, told: Told) -> Iterator[None]:
    """The story goes on in a process of its own, until it is killed in the midst of it."""
    command = [sys.executable, "-m", "tests.reliability.going_on", url, life, str(began)]
    process = subprocess.Popen([*command, str(FASTER)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    listener = threading.Thread(target=told.hear, args=[process.stdout])
    listener.start()
    try:
        yield
        assert process.poll() is None, "it died before it was killed"
    finally:
        process.kill()
        process.wait()
        listener.join()
        process.stdout.close()


def taf_move(url: str, to: str) -> Result:
    """The command, as somebody would give it."""
    return CliRunner().invoke(move, [], env={"DATABASE_URL": url, "TAF_MOVE_TO": to})


def test_a_county_moves_while_its_work_goes_on(tmp_path: Path, postgres: Database) -> None:
    path = tmp_path / "county.db"
    county.make(path, FAMILIES, TEMPLATE)
    target = another(postgres)
    file, to = f"sqlite:///{path}", target.url.render_as_string(hide_password=False)
    told, began = Told(), time.time()  # noqa: TID251

    with living(file, "on the file", began, told):
        told.wait_for_more()
        first = taf_move(file, to)
        assert (first.exit_code, "Stop the service" in first.stderr) == (3, True), first.output
        told.wait_for_more()
    stopped = time.monotonic()
    second = taf_move(file, to)
    closed_for = time.monotonic() - stopped
    assert second.exit_code == 0, second.output
    assert migrating.fit(target) is None
    left = Database(file)
    assert "was moved to" in (migrating.fit(left) or "")
    left.close()
    with living(to, "on the server", began, told):
        told.wait_for_more()

    told_of = f"{len(told.pressed)} presses, {len(told.shown)} messages"
    sys.stdout.write(f"\n{second.stdout}{told_of}; closed for {closed_for:.1f} s\n")
    mine = going_on.assistant(to, going_on.FastClock(began, FASTER))
    clock = StoppedClock(mine.clock.now() + LEASE)
    mine.clock = mine.ticker.clock = mine.delivery.clock = mine.boundary.clock = clock
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(going_on, "tell", lambda **one: told.hear([json.dumps(one)]))
        advance(mine, clock, clock.now() + timedelta(hours=1))
    every_accepted_press_is_there(mine.database, told)
    everything_was_said_once(mine.database, told)
    assert wrong_in_the_record(mine.database, clock.now(), mine.office.policy) == []
    mine.database.close()
    target.close()


def every_accepted_press_is_there(database: Database, told: Told) -> None:
    answered = told.pressed.values()
    accepted = told.accepted
    assert [one for one in answered if one["fault"]] == []
    assert {key.split("-")[0] for key in accepted} == {"on the file", "on the server"}
    with database.reading() as session:
        kept = {one.key: one for one in session.query(Received).where(Received.key.like("on the%"))}
        actions = {one.words: one.ref for one in session.query(Action)}
    assert set(accepted) <= set(kept)
    for key, about in accepted.items():
        if about.startswith("action"):
            assert actions[key] == about


def everything_was_said_once(database: Database, told: Told) -> None:
    assert told.shown
    assert set(told.shown.values()) == {1}, "a message was shown twice"
    with database.reading() as session:
        rows = session.query(
            Delivery.id,
            Delivery.state,
            Delivery.why,
            Delivery.items,
            Delivery.card_key,
            Delivery.notice,
        ).where(Delivery.made_at >= going_on.OPENS)
        made = {one.id: one for one in rows}
        posts = {number for (number,) in session.query(Post.number)}
    assert {one.state for one in made.values()} <= {
        "sent", "superseded", "cancelled", "waiting", "ready",
    }  # fmt: skip
    new = (one for one in made.values() if one.notice and not one.card_key)
    assert {one.id for one in new if one.state == "sent"} <= posts, "one is lost"
    said = Counter(item for one in made.values() if one.state == "sent" for item in one.items)
    assert set(said.values()) <= {1}, "a notice stands in two digests"
    assert set(told.shown) <= posts
    for one in made.values():
        if one.state == "superseded":
            assert said[one.id] == 1, "a notice that was said in no digest"
        if one.state == "cancelled":
            assert one.why
