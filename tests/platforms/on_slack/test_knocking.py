"""What comes to Slack's address: signed just now and whole, or it goes no further."""

from __future__ import annotations

import json
import time

import pytest

from tests.platforms.on_slack.town import Town
from tests.web.test_not_now import none_free

JSON = "application/json"


def test_only_what_slack_signed_just_now_is_let_in(place: Town) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    out = place.workspace.outgoing
    now = int(time.time())  # noqa: TID251
    for ago, status in ((0, 200), (295, 200), (305, 401), (-305, 401)):
        signed = out.signature(body, str(now - ago))
        answer = place.workspace.send_raw(body, {"Content-Type": JSON} | signed)
        assert answer.status == status, ago


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "abc", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "-5", "X-Slack-Signature": "v0="},
    ],
)
def test_junk_is_turned_away(place: Town, headers: dict[str, str]) -> None:
    for body in (b"ssl_check=1", b"\xff\xfe", b"[1]", b""):
        answer = place.workspace.send_raw(body, headers)
        assert answer.status == 401


@pytest.mark.parametrize("body", [b"{", b"[1, 2]", b"\xff\xfe", b"null", b'"x"', b"payload={"])
def test_signed_junk_gets_a_plain_answer(
    place: Town, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in (JSON, "application/x-www-form-urlencoded"):
        answer = place.workspace.outgoing.send(body, kind)
        assert answer.status in {400, 404}, (kind, answer)
    assert "Traceback" not in caplog.text


def test_too_much_is_refused(place: Town) -> None:
    answer = place.workspace.outgoing.send(b"x" * 600_000, JSON)
    assert answer.status == 413


def test_what_cannot_be_kept_now_is_asked_for_again(place: Town) -> None:
    """While every connection of this process is held, Slack hears "not now", in its time."""
    event = {
        "type": "event_callback",
        "team_id": place.workspace.team_id,
        "event_id": "Ev0BUSY",
        "event": {"type": "app_home_opened", "user": place["Asha"].id, "tab": "home"},
    }
    body, out = json.dumps(event).encode(), place.workspace.outgoing
    with none_free(place.assistant.database.engine):
        answer = out.send(body, JSON)
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert not place["Asha"].home
    assert out.send(body, JSON).ok


def test_an_event_that_comes_four_times_happens_once(place: Town) -> None:
    event = place["Asha"].opens_home()
    assert event is not None
    place.until(lambda: place["Asha"].home)
    drawn = len(place.workspace.calls("views.publish"))
    for _ in range(3):
        assert place.workspace.redeliver(event).ok
    place.workspace.settle()
    assert len(place.workspace.calls("views.publish")) == drawn


def test_what_nobody_listens_for_is_acknowledged(place: Town) -> None:
    place.workspace.app.events.add("reaction_added")
    event = place.workspace.tell("reaction_added", user=place["Asha"].id)
    place.workspace.settle()
    assert event is not None
    assert event.acknowledged
    assert len(event.attempts) == 1
