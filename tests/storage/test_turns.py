"""A file's writers go in the order in which they came: a busy one overtakes nobody."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from storage import turns
from storage.database import Database
from storage.turns import Turns
from tests.reliability.waiting import until


def waiting(in_turn: Turns) -> int:
    return len(in_turn._queue) - 1


def test_whoever_asks_again_at_once_overtakes_nobody(file: Database) -> None:
    """A sweep goes from round to round; a press that came in the first waits for no second."""
    said: list[str] = []

    def press() -> None:
        with file.writing() as session:
            session.execute(text("SELECT 1"))
            said.append("press")

    thread = threading.Thread(target=press)
    for number in range(2):
        with file.writing() as session:
            session.execute(text("SELECT 1"))
            said.append(f"round {number}")
            if number == 0:
                thread.start()
                until(lambda: waiting(file._turns) == 1, "the press waits")  # type: ignore[arg-type]
    thread.join()
    assert said == ["round 0", "press", "round 1"]


def test_many_go_in_their_order() -> None:
    in_turn, came = Turns(), []

    def go(number: int) -> None:
        with in_turn.turn():
            came.append(number)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(10)]
    with in_turn.turn():
        for number, thread in enumerate(threads, 1):
            thread.start()
            until(lambda: waiting(in_turn) == number, "it waits")  # noqa: B023  asked at once
    for thread in threads:
        thread.join()
    assert came == list(range(10))


def test_what_is_urgent_goes_next(file: Database) -> None:
    """A press is kept before all that waits, and after whatever is being written."""
    came: list[str] = []
    assert file._turns

    def write(name: str) -> None:
        file.write(lambda _: came.append(name), urgent=name == "urgent")

    threads = [threading.Thread(target=write, args=(one,)) for one in ("a", "b", "urgent")]
    with file.writing():
        for number, thread in enumerate(threads, 1):
            thread.start()
            until(lambda: waiting(file._turns) == number, "it waits")  # type: ignore[arg-type]  # noqa: B023
        came.append("first")
    for thread in threads:
        thread.join()
    assert came == ["first", "urgent", "a", "b"]


def test_whoever_has_waited_too_long_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    in_turn, faults = Turns(), []

    def impatient() -> None:
        try:
            with in_turn.turn():
                faults.append("it had its turn")
        except TimeoutError as error:
            faults.append(str(error))

    thread = threading.Thread(target=impatient)
    with in_turn.turn():
        thread.start()
        thread.join()
    assert faults == ["the database was busy for too long"]
    with in_turn.turn():
        assert waiting(in_turn) == 0


def test_a_fault_inside_lets_the_next_go() -> None:
    in_turn = Turns()
    with pytest.raises(ZeroDivisionError), in_turn.turn():
        raise ZeroDivisionError
    with in_turn.turn():
        assert waiting(in_turn) == 0
