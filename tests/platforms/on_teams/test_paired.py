"""Where people make the chats: what waited for one is said in it as soon as it is linked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.clock import StoppedClock
from bot.playing import advance
from storage.database import Database
from tests import builders
from tests.platforms.on_teams.town import town
from tests.world import START


def test_what_waited_for_the_chat_is_not_said_to_have_come_before(
    database: Database, tmp_path: Path
) -> None:
    """Without a permission nobody can look there; but what was tried before reached nobody."""
    clock = StoppedClock(START)
    with town(database, tmp_path, room="paired", standing=clock) as place:
        place.workspace.app.roles = set()
        convened = builders.convening(
            lead_professional=place.ref("Maya"), practitioners=[{"person": place.ref("Asha")}]
        )
        taf = place.does("Maya", "taf.convene", **convened).about
        place.given_an_action(taf)
        advance(place.assistant, clock, START + timedelta(hours=1))
        people = [place[name].person for name in ("Maya", "Asha")]
        chat = place.workspace.add_chat("TAF F-1042", *people, app=True)
        place["Maya"].types("TAF link F-1042", chat)
        place.rest()
        advance(place.assistant, clock, START + timedelta(hours=2))
        place["Asha"].reads("Action 1 is open")
        said = str([one.blocks for one in chat.standing()])
        assert "Welcome to the room" in said
        assert "may have reached you before" not in said
