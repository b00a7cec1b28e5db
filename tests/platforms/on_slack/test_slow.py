"""A slow or stopped database: windows open at once, nothing is claimed to be saved that is not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.boundary import Answer
from bot.inbox import PICKED_UP_AFTER
from bot.slack.arriving import FORM
from storage.drafts import Draft
from storage.inbox import Received
from tests.platforms.on_slack.town import Town
from tests.platforms.slack.hands import Hand


@contextmanager
def held(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Whoever asks this of its owner waits until they are let go."""
    go = threading.Event()
    usual: Callable[..., Any] = getattr(owner, name)

    def waiting(*given: Any, **named: Any) -> Any:
        go.wait(20)
        return usual(*given, **named)

    monkeypatch.setattr(owner, name, waiting)
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
    action = place.given_an_action(place.given_a_family())
    asha = asking_for_time(place, "2025-03-25")
    with held(place.assistant.boundary, "press", monkeypatch) as go:
        assert asha.submits(asha.view).ok
        assert title(place, "Asha") == "Saving"
        assert str(place.subject(action).due_on) == "2025-03-18"
        go.set()
        place.until(lambda: title(place, "Asha") == "Saved")
    assert str(place.subject(action).due_on) == "2025-03-25"
    assert asha.errors == []


def test_a_form_that_cannot_be_kept_stays_where_it_is(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is called kept, or taken out of their hands, before it is in the inbox."""
    action = place.given_an_action(place.given_a_family())
    asha = asking_for_time(place, "2025-03-25")
    with held(place.assistant.database, "write", monkeypatch):
        assert not asha.submits(asha.view).ok
        assert title(place, "Asha") == "Ask for more time"
    assert len(asha.errors) == 1
    assert asha.submits(asha.view).ok
    place.until(lambda: str(place.subject(action).due_on) == "2025-03-25")
    with place.assistant.database.reading() as session:
        assert session.query(Received).where(Received.kind == FORM).count() == 1


def test_a_form_that_was_refused_is_refused_again_and_never_called_saved(place: Town) -> None:
    action = place.given_an_action(place.given_a_family())
    asha = asking_for_time(place, "2025-01-01")
    for _ in range(3):
        asha.submits(asha.view)
        place.until(lambda: asha.view is not None and asha.view.errors)
        asha.view.errors.clear()  # type: ignore[union-attr]
    assert str(place.subject(action).due_on) == "2025-03-18"
    asha.fills(asha.view, {"due_on": "2025-03-25"})
    asha.submits(asha.view)
    place.until(lambda: asha.view is None)
    assert str(place.subject(action).due_on) == "2025-03-25"


@pytest.mark.parametrize(
    ("due_on", "said", "stands"),
    [("2025-03-25", "Saved: ", "2025-03-25"), ("2025-01-01", "Not saved: ", "2025-03-18")],
)
def test_a_form_whose_process_died_is_finished_and_its_giver_hears_of_it(
    place: Town, monkeypatch: pytest.MonkeyPatch, due_on: str, said: str, stands: str
) -> None:
    action = place.given_an_action(place.given_a_family())
    asha = asking_for_time(place, due_on)
    with monkeypatch.context() as dying:
        dying.setattr(place.listening.doors.arriving, "came_of", dies)
        asha.submits(asha.view)
    place.clock.set(place.clock.now() + PICKED_UP_AFTER)
    place.assistant.inbox.work_off()
    asha.reads(said)
    assert str(place.subject(action).due_on) == stands
    with place.assistant.database.reading() as session:
        assert session.query(Draft).count() == (1 if said == "Not saved: " else 0)


def dies(*_: object) -> None:
    raise RuntimeError("it was killed")


def asking_for_time(place: Town, due_on: str) -> Hand:
    """Asha before a form that is filled in and not sent off yet."""
    asha = place["Asha"]
    asha.presses(asha.reads("Action 1"), "Ask for more time")
    place.until(lambda: title(place, "Asha") not in {"", "One moment"})
    place.quiet()
    asha.fills(asha.view, {"due_on": due_on, "reason": "The landlord is away"})
    return asha


def test_nobody_hears_what_came_of_a_press_before_it_is_written_down(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was saved: that is only said of what nobody picks up and does after all."""
    action = place.given_an_action(place.given_a_family())
    card = place["Asha"].reads("Action 1")
    place.quiet()
    with monkeypatch.context() as failing:
        failing.setattr(place.assistant.boundary, "press", lambda _: Answer("No.", fault="X"))
        failing.setattr(place.assistant.inbox, "_settle", dies)
        place["Asha"].presses(card, "Mark done")
        place.until(lambda: place.listening.is_idle)
    assert not place.workspace.calls("chat.postEphemeral")
    place.clock.set(place.clock.now() + PICKED_UP_AFTER)
    place.assistant.inbox.work_off()
    assert place.subject(action).state == "done"
    assert len(place.workspace.calls("chat.postEphemeral")) == 1


def test_a_press_that_cannot_be_kept_is_said_to_have_failed(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    taf = place.given_a_family()
    place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    place.quiet()
    with held(place.assistant.database, "write", monkeypatch):
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
    place.until(lambda: place.listening.is_idle)
    asha.presses(card, "Ask for more time")
    place.until(lambda: title(place, "Asha") not in {"", "One moment"})
    shown = json.dumps(asha.view.blocks if asha.view else [])
    assert "The landlord is away" in shown
    assert "not given yet" in shown
