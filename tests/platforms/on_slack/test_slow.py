"""A slow or stopped database: windows open at once, nothing is claimed to be saved that is not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from storage.drafts import Draft
from tests.platforms.on_slack.town import Town


@contextmanager
def held(place: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A database whose writers wait until they are let go."""
    go = threading.Event()
    usual: Callable[..., Any] = place.assistant.database.write

    def waiting(*given: Any, **named: Any) -> Any:
        go.wait(20)
        return usual(*given, **named)

    monkeypatch.setattr(place.assistant.database, "write", waiting)
    try:
        yield go
    finally:
        go.set()


def title(place: Town, who: str) -> str:
    view = place[who].view
    return str(view.body["title"]["text"]) if view else ""


def test_a_window_opens_whatever_the_database_is_doing(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    usual = place.assistant.database.reading

    @contextmanager
    def waiting() -> Iterator[Any]:
        go.wait(20)
        with usual() as session:
            yield session

    monkeypatch.setattr(place.assistant.database, "reading", waiting)
    began = time.monotonic()
    answer = place["Maya"].types("/taf new")
    assert answer.ok
    assert time.monotonic() - began < 2.5
    assert title(place, "Maya") == "One moment"
    go.set()
    place.until(lambda: "Convene" in title(place, "Maya"))


def test_a_form_that_takes_long_says_so_and_then_that_it_is_saved(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    asha = place["Asha"]
    asha.presses(asha.reads("Action 1"), "Ask for more time")
    place.until(lambda: title(place, "Asha") not in {"", "One moment"})
    place.quiet()
    asha.fills(asha.view, {"due_on": "2025-03-25", "reason": "The landlord is away"})
    with held(place, monkeypatch) as go:
        assert asha.submits(asha.view).ok
        assert title(place, "Asha") == "Saving"
        assert str(place.subject(action).due_on) == "2025-03-18"
        go.set()
        place.until(lambda: title(place, "Asha") == "Saved")
    assert str(place.subject(action).due_on) == "2025-03-25"
    assert asha.errors == []


def test_a_press_that_cannot_be_kept_is_said_to_have_failed(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    taf = place.given_a_family()
    place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    place.quiet()
    with held(place, monkeypatch):
        answer = place["Asha"].presses(card, "Mark done")
        assert not answer.ok
    assert len(place["Asha"].errors) == 1


def test_a_half_filled_form_is_kept_and_offered_again(place: Town) -> None:
    taf = place.given_a_family()
    place.given_an_action(taf)
    asha = place["Asha"]
    card = asha.reads("Action 1")
    asha.presses(card, "Ask for more time")
    place.until(lambda: title(place, "Asha") not in {"", "One moment"})
    asha.fills(asha.view, {"reason": "The landlord is away"})
    asha.closes(asha.view)
    place.workspace.settle()

    def is_kept() -> bool:
        with place.assistant.database.reading() as session:
            return session.query(Draft).count() == 1

    place.until(is_kept)
    asha.presses(card, "Ask for more time")
    place.until(lambda: title(place, "Asha") not in {"", "One moment"})
    shown = json.dumps(asha.view.blocks if asha.view else [])
    assert "The landlord is away" in shown
    assert "not given yet" in shown
