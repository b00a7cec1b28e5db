"""Stories of much that comes in at once: kept together, and each heard of by itself."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot import gathering
from bot.gathering import Gathering
from storage.database import Database
from storage.inbox import Arrival, Received
from tests.world import World


@pytest.fixture
def world(database: Database) -> World:
    """The assistant, on each kind of database."""
    return World(database)


@dataclass
class Slow:
    """A database that takes its time over its first commit, and counts them."""

    database: Database
    entered: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    commits: int = 0

    def __post_init__(self) -> None:
        """Stand before the real one."""
        self._usual: Any = self.database.write
        self.database.write = self._write  # type: ignore[method-assign]

    def _write(self, *given: Any, **named: Any) -> Any:
        self.commits += 1
        if self.commits == 1:
            self.entered.set()
            assert self.go.wait(20)
        return self._usual(*given, **named)

    async def is_at_it(self) -> None:
        """Wait until the first commit is on its way."""
        assert await asyncio.to_thread(self.entered.wait, 20)


def event(key: str, **other: Any) -> Arrival:
    return Arrival(
        **{"platform": "chat", "key": key, "kind": "odd", "body": {"words": "ä"}} | other
    )


def keys(world: World) -> set[str]:
    with world.database.reading() as session:
        return set(session.scalars(select(Received.key)))


def box(world: World) -> Gathering:
    return Gathering(world.assistant.inbox)


async def heard(*taken: asyncio.Task[bool]) -> list[Any]:
    return await asyncio.gather(*taken, return_exceptions=True)


async def begun(into: Gathering, *arrivals: Arrival) -> list[asyncio.Task[bool]]:
    """Let all of these be handed in, so that each waits to hear of its own."""
    made = [asyncio.create_task(into.take(one)) for one in arrivals]
    await asyncio.sleep(0)  # each of them as far as it can go
    return made


def test_what_comes_meanwhile_is_kept_together_and_nobody_hears_before(world: World) -> None:
    slow = Slow(world.database)

    async def story() -> None:
        into = box(world)
        first = await begun(into, event("e0"))
        await slow.is_at_it()
        others = await begun(into, *(event(f"e{number}") for number in range(1, 20)))
        assert not any(one.done() for one in first + others)
        assert keys(world) == set()
        slow.go.set()
        assert await first[0] is True
        assert "e0" in keys(world)
        assert await others[0] is True
        assert len(keys(world)) == 20
        assert await heard(*others) == [True] * 19
        await into.stop()

    asyncio.run(story())
    assert slow.commits == 2
    with world.database.reading() as session:
        kept = session.scalars(select(Received).where(Received.key == "e7")).one()
        assert (kept.state, kept.body, kept.attempts) == ("received", {"words": "ä"}, 0)
        assert kept.received_at == world.clock.now()
        assert kept.next_at == world.clock.now() + world.assistant.inbox.picked_up_after


def test_a_repeat_in_the_same_group_and_in_a_later_one(world: World) -> None:
    slow = Slow(world.database)

    async def story() -> None:
        into = box(world)
        first = await begun(into, event("e1"))
        await slow.is_at_it()
        group = await begun(into, event("e2"), event("e1"), event("e2"), event("e2", platform="x"))
        slow.go.set()
        assert await heard(*first, *group) == [True, True, False, False, True]
        assert await into.take(event("e2")) is False

    asyncio.run(story())
    assert slow.commits == 3


@pytest.mark.parametrize(
    ("bad", "fault"),
    [({"body": {"words": object()}}, TypeError), ({"kind": None}, IntegrityError)],
)
def test_one_that_cannot_be_kept_spoils_no_other(
    world: World, bad: dict[str, Any], fault: type[Exception]
) -> None:
    slow = Slow(world.database)

    async def story() -> None:
        into = box(world)
        first = await begun(into, event("e0"))
        await slow.is_at_it()
        group = await begun(into, event("e1"), event("e2", **bad), event("e3"))
        slow.go.set()
        assert await first[0] is True
        before, spoilt, after = await heard(*group)
        assert (before, after) == (True, True)
        assert isinstance(spoilt, fault)

    asyncio.run(story())
    assert keys(world) == {"e0", "e1", "e3"}


def test_where_the_database_fails_nobody_is_told_that_it_was_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    async def story() -> None:
        into = box(world)
        with monkeypatch.context() as patched:
            patched.setattr(world.database, "write", fails)
            outcomes = await heard(*await begun(into, *(event(f"e{one}") for one in range(5))))
        assert [type(one) for one in outcomes] == [OSError] * 5
        assert keys(world) == set()
        assert await into.take(event("e1")) is True  # and the next is kept as ever

    asyncio.run(story())


def test_whoever_gave_up_is_left_out(world: World) -> None:
    """They were told that it failed: it is not done behind their back."""
    slow = Slow(world.database)

    async def story() -> None:
        into = box(world)
        first = await begun(into, event("e0"))
        await slow.is_at_it()
        gone, still = await begun(into, event("e1"), event("e2"))
        gone.cancel()
        await heard(gone)
        slow.go.set()
        assert await heard(*first, still) == [True, True]

    asyncio.run(story())
    assert keys(world) == {"e0", "e2"}


def test_whatever_waits_is_kept_before_the_end(world: World) -> None:
    slow = Slow(world.database)

    async def story() -> None:
        into = box(world)
        taken = await begun(into, event("e0"))
        await slow.is_at_it()
        taken += await begun(into, event("e1"))
        ending = asyncio.create_task(into.stop())
        slow.go.set()
        await ending
        assert await heard(*taken) == [True, True]

    asyncio.run(story())
    assert keys(world) == {"e0", "e1"}


def test_a_commit_that_hangs_holds_up_nobody_who_comes_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "STUCK", 0.0)
    slow = Slow(world.database)

    async def story() -> None:
        into = box(world)
        hanging = await begun(into, event("e0"))
        await slow.is_at_it()
        assert await into.take(event("e1")) is True
        assert not hanging[0].done()
        slow.go.set()
        assert await hanging[0] is True
        await into.stop()

    asyncio.run(story())
