"""Socket Mode, people who are new, and an app that Slack does not know any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.configuring import NotSetUp
from bot.slack import joining
from bot.slack.connecting import connection
from storage import gates
from storage.database import Database
from storage.people import Person
from tests.platforms.on_slack.town import town


def test_by_socket_everything_is_the_same(database: Database, tmp_path: Path) -> None:
    with town(database, tmp_path, by_socket=True) as place:
        taf = place.given_a_family()
        action = place.given_an_action(taf)
        asha = place["Asha"]
        assert asha.presses(asha.reads("Action 1"), "Mark done").ok
        place.until(lambda: place.subject(action).state == "done")
        asha.opens_home()
        place.until(lambda: asha.home)
        asha.types("/taf help")
        asha.reads("/taf stuck")
        place["Maya"].types("/taf new")
        place.until(lambda: place["Maya"].view)
        sockets = place.workspace.sockets
        before = list(sockets.connections)
        sockets.disconnect()
        place.until(lambda: sockets.connected and before[0] not in sockets.connections, 20)
        asha.types("/taf actions")
        asha.reads("nothing to do")


def test_somebody_new_is_matched_by_their_verified_email(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path, known=False) as place:
        place["Asha"].types("/taf actions")
        place["Asha"].reads("nothing to do")
        with database.reading() as session:
            person = session.get_one(Person, place.numbers["Asha"])
            assert (person.platform, person.platform_id) == ("slack", place["Asha"].id)
        place["Tom"].person.email_confirmed = False
        place["Tom"].types("/taf actions")
        place["Tom"].reads("I do not know you yet")
        stranger = place.workspace.joins("Mallory", "mallory@elsewhere.example")
        stranger.types("/taf actions")
        stranger.reads("I do not know you yet")
        assert stranger.errors == []


def test_the_team_is_found_by_e_mail_when_the_room_opens(
    database: Database, tmp_path: Path
) -> None:
    """Nobody has opened the app yet, and all of them are let in, though answers are lost."""
    with town(database, tmp_path, known=False) as place:
        lost = ("reset after", "ratelimited 1")
        place.workspace.faults.order("users.lookupByEmail", *lost)
        place.given_a_family()
        assert len(place.workspace.faults.drawn) == len(lost)
        with database.reading() as session:
            person = session.get_one(Person, place.numbers["Tom"])
            assert (person.platform, person.platform_id) == ("slack", place["Tom"].id)


def test_a_whole_organisations_app_is_refused_also_where_slack_was_away_at_first(
    database: Database, tmp_path: Path
) -> None:
    """Nobody is posted to and nothing is made until Slack has said what the app is."""
    with town(database, tmp_path) as place:
        place.workspace.app.of_an_organisation = True
        slack: Any = place.assistant.delivery.platforms["slack"]
        place.workspace.faults.order("auth.test", "500 before")
        joining.look_at(slack)
        place.given_a_team()

        def why() -> list[str | None]:
            with database.reading() as session:
                return [one.why for one in gates.shut_gates(session)]

        place.until(why)
        assert "whole organisation" in str(why())
        assert not place.workspace.calls("conversations.create")
        with pytest.raises(NotSetUp, match="whole organisation"):
            joining.look_at(slack)


def test_a_token_that_is_taken_back_stops_everything_and_loses_nothing(
    database: Database, tmp_path: Path
) -> None:
    with town(database, tmp_path) as place:
        taf = place.given_a_family()
        place.quiet()
        place["Priya"].admin.revokes_token()
        place.given_an_action(taf)

        def shut() -> bool:
            with database.reading() as session:
                return bool(gates.shut_gates(session))

        place.until(shut)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, "rotation"),
        ({"SLACK_BOT_TOKEN": "xoxp-1", "SLACK_SIGNING_SECRET": "s"}, "xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "nonsense"}, "xapp-"),
        ({"SLACK_SIGNING_SECRET": "s"}, "xoxb-"),
    ],
)
def test_settings_that_cannot_work_say_what_to_do(given: dict[str, str], says: str) -> None:
    with pytest.raises(NotSetUp, match=says):
        connection(given)


def test_without_settings_there_is_no_slack() -> None:
    assert connection({}) is None
    assert connection({"SLACK_API_URL": "http://localhost:1/api/"}) is None
