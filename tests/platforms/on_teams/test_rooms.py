"""A family's room is a group chat that the assistant makes, and its members are the team."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.platforms.on_teams.town import TeamsTown, town


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Everybody is known by their account already."""
    with town(database, tmp_path) as found:
        yield found


def test_convening_makes_a_group_chat_of_the_team(place: TeamsTown) -> None:
    place.given_a_family()
    chat = place.channel("F-1042")
    assert (chat.topic, chat.kind) == ("TAF F-1042", "group")
    place["Asha"].reads("Welcome")
    assert not [one for one in place["Nosy"].sees if "1042" in str(one.blocks)]


def test_an_action_is_done_with_one_press_and_its_card_follows(place: TeamsTown) -> None:
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    place["Asha"].presses(card, "Mark done")
    place.until(lambda: place.subject(action).state == "done")
    place.quiet()
    cards = [one for one in place.channel("F-1042").standing() if "Action 1" in str(one.blocks)]
    assert [one.edits for one in cards] == [1]
    assert place["Asha"].errors == []
