"""What is pressed or sent again on Teams: done once, and never called done when it was not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.teams.arriving import HAPPENED
from bot.teams.reading import GROUP, Came
from storage.database import Database
from storage.drafts import Draft
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams import dialogs, pressing


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Everybody is known by their account already."""
    with town(database, tmp_path) as found:
        yield found


def test_what_was_refused_is_refused_again_and_not_called_done(place: TeamsTown) -> None:
    place.given_an_action(place.given_a_family())
    card = place["Tom"].reads("Action 1", 20)
    place["Tom"].presses(card, "Mark done")
    place["Tom"].presses(card, "Mark done")
    first, second = place["Tom"].notices[-2:]
    assert second == first
    assert "before" not in second


def test_a_press_that_comes_under_two_names_is_done_once(place: TeamsTown) -> None:
    action = place.given_an_action(place.given_a_family())
    asha = place["Asha"]
    card = asha.reads("Action 1", 20)
    done = found_in(card.card or {}, "Mark done")
    for _ in range(2):
        pressing.press(place.workspace, asha.person, card, done)  # type: ignore[arg-type]
    assert asha.notices[-1] == "It was done before."
    assert place.subject(action).state == "done"


def test_an_action_that_was_opened_again_can_be_marked_done_again(place: TeamsTown) -> None:
    action = place.given_an_action(place.given_a_family())
    place["Asha"].presses(place["Asha"].reads("Action 1", 20), "Mark done")
    place.quiet()
    place.does("Maya", "action.reopen", action, due_on="2025-03-25")
    assert place.subject(action).state == "open"
    place.quiet()
    place["Asha"].presses(place["Asha"].reads("Mark done", 20), "Mark done")
    assert place.subject(action).state == "done"


def test_a_form_that_was_sent_twice_does_not_begin_the_next_one(place: TeamsTown) -> None:
    action = place.given_an_action(place.given_a_family())
    asha = place["Asha"]
    asha.presses(asha.reads("Action 1", 20), "Ask for more time")
    dialog = asha.view
    assert dialog is not None
    asha.fills(dialog, {"f_due_on": "2025-03-25", "f_reason": "The clinic is closed"})
    data = found_in(dialog.card, "Save")["data"] | dialog.values
    for _ in range(2):
        dialogs.submit(place.workspace, asha.person, dialog, data)  # type: ignore[arg-type]
    assert asha.notices[-1] == "It was saved before."
    assert place.subject(action).due_on.isoformat() == "2025-03-25"
    with place.assistant.database.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_what_comes_without_a_name_is_never_taken_for_a_repeat(place: TeamsTown) -> None:
    arriving = place.listening.doors.arriving  # type: ignore[attr-defined]
    unnamed = Came("29:asha", "19:chat", GROUP, place.workspace.service_url, "", "", "")  # type: ignore[attr-defined]
    kept = {arriving.keep(unnamed, HAPPENED, {"came": False}) for _ in range(2)}
    assert len(kept - {None}) == 2


def found_in(card: dict[str, Any], title: str) -> dict[str, Any]:
    """The action of this title."""
    actions = (one for row in card["body"] for one in row.get("actions", []))
    found: dict[str, Any] = next(one for one in actions if one["title"] == title)
    return found
