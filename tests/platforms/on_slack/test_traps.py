"""What Slack is known to do to an unwary app: each comes here once, and does no harm."""

from __future__ import annotations

import json
import logging
import socket
from urllib.parse import urlsplit

import pytest

from bot.slack.platform import AGAIN, NOT_SAID
from storage import gates
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from tests.platforms.on_slack.test_rooms import told
from tests.platforms.on_slack.town import Town
from tests.platforms.slack.channels import Message
from tests.platforms.slack.outgoing import Answer

JSON = "application/json"


def cards(place: Town, words: str) -> list[Message]:
    """The messages in the family's channel with these words in a block."""
    return [one for one in place.channel("F-1042").standing() if words in str(one.blocks)]


def dead(place: Town) -> list[str]:
    """Why deliveries were given up."""
    with place.assistant.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.state == "dead").all()
        return [str(one.why) for one in rows]


def test_the_same_signed_press_brought_again_is_done_once(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature is good for five minutes, however often it is shown."""
    action = place.given_an_action(place.given_a_family())
    out, sent = place.workspace.outgoing, []
    usual = out.send_raw

    def kept(body: bytes, headers: dict[str, str]) -> Answer:
        sent.append((body, headers))
        return usual(body, headers)

    monkeypatch.setattr(out, "send_raw", kept)
    place["Asha"].presses(place["Asha"].reads("Action 1"), "Mark done")
    pressed = next(one for one in sent if b"payload=" in one[0])
    place.until(lambda: place.subject(action).state == "done")
    place.does("Maya", "action.reopen", action, due_on="2025-03-25")
    for _ in range(2):
        assert usual(*pressed).ok
    place.rest()
    assert place.subject(action).state == "open"


def test_an_event_that_comes_as_a_retry_the_first_time_is_done(place: Town) -> None:
    """What decides is whether it came before, not what the header says."""
    out = place.workspace.outgoing
    event = {
        "type": "event_callback",
        "team_id": place.workspace.team_id,
        "event_id": "Ev0RETRY",
        "event": {"type": "app_home_opened", "user": place["Asha"].id, "tab": "home"},
    }
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert out.send(json.dumps(event).encode(), JSON, **again).ok
    place.until(lambda: place["Asha"].home)


def test_a_room_whose_topic_had_to_wait_is_the_same_room(place: Town) -> None:
    place.workspace.faults.order("conversations.setTopic", "ratelimited 1")
    place.workspace.faults.order("conversations.setPurpose", "500 after")
    place.given_a_family()
    made = [one.name for one in place.workspace.channels.values() if one.name.startswith("taf-")]
    assert made == ["taf-f-1042"]
    place.until(lambda: place.channel("F-1042").purpose, 30)
    assert place.channel("F-1042").topic


def test_an_edit_whose_answer_was_lost_is_one_edit_of_one_card(place: Town) -> None:
    place.given_an_action(place.given_a_family())
    card = place["Asha"].reads("Action 1")
    place.quiet()
    before = card.metadata
    place.workspace.faults.order("chat.update", "reset after")
    place["Asha"].presses(card, "Mark done")
    place.until(lambda: card.edits)
    place.quiet()
    assert cards(place, "Action 1") == [card]
    assert card.edits == 1
    assert card.metadata
    assert card.metadata != before, "it says which delivery it shows now"


def test_what_cannot_be_looked_for_is_sent_once_more_and_says_so(place: Town) -> None:
    """Without the permission to read, nobody can tell: no word of its not having arrived."""
    taf = place.given_a_family()
    place.quiet()
    place.workspace.app.scopes -= {"groups:history"}
    place.workspace.faults.order("chat.postMessage", "500 after")
    place.given_an_action(taf)
    place.until(lambda: len(cards(place, "Action 1")) == 2, 15)
    first, second = cards(place, "Action 1")
    assert AGAIN not in json.dumps(first.blocks)
    assert AGAIN in json.dumps(second.blocks)
    place.quiet()
    assert dead(place) == []


def test_no_message_unfolds_what_it_links_to(place: Town) -> None:
    place.given_an_action(place.given_a_family())
    place["Asha"].reads("Action 1")
    posted = place.workspace.calls("chat.postMessage")
    assert posted
    for one in posted:
        given = {one.arguments[name].lower() for name in ("unfurl_links", "unfurl_media")}
        assert given <= {"0", "false"}


def test_words_that_ring_for_everybody_ring_for_nobody(place: Town) -> None:
    """A name and a command are typed by people, and come back in what we say."""
    ringing = f"<!channel> <!here> <@{place['Nosy'].id}>"
    with place.assistant.database.writing() as session:
        session.get_one(Person, place.numbers["Asha"]).name = f"Asha {ringing}"
    place.given_an_action(place.given_a_family())
    card = place["Asha"].reads("Action 1")
    assert "<!channel>" in json.dumps(card.blocks)
    place["Asha"].types(f"/taf {ringing}")
    place["Asha"].types(f"/taf actions {ringing}")
    place["Asha"].presses(card, "Mark done")
    place["Asha"].presses(card, "Mark done")
    place.rest()
    place.quiet()
    channels = place.workspace.channels.values()
    every = [one for each in channels for one in (*each.messages, *each.ephemerals)]
    said = [one for one in every if one.bot_id or one.audience]
    assert [one for one in said if one.audience]
    assert not [one.pings() for one in said if one.pings()]


def test_nothing_is_said_in_a_channel_that_is_public_now(place: Town) -> None:
    """An owner of the workspace can make one so; no event of a private channel tells of it."""
    taf = place.given_a_family()
    place.quiet()
    channel = place.channel("F-1042")
    before = len(channel.standing())
    channel.is_private = False
    place.given_an_action(taf)
    place.until(lambda: dead(place))
    assert set(dead(place)) == {NOT_SAID["public"]}
    assert len(channel.standing()) == before
    place.listening.doors.happening.in_step.all()
    told(place, "Priya", "public")


def test_what_is_meant_for_an_archived_channel_is_given_up_and_said(place: Town) -> None:
    taf = place.given_a_family()
    place.quiet()
    place["Maya"].admin.archives(place.channel("F-1042"))
    place.workspace.settle()
    place.given_an_action(taf)
    place.until(lambda: dead(place))
    assert set(dead(place)) == {"The channel was archived in Slack."}
    assert not place.workspace.calls("conversations.unarchive")


@pytest.mark.parametrize(
    ("flag", "because"), [("is_restricted", "guest"), ("is_ultra_restricted", "one channel only")]
)
def test_a_guest_who_cannot_be_let_in_is_reported_with_the_reason(
    place: Town, flag: str, because: str
) -> None:
    setattr(place["Tom"].person, flag, True)
    place.workspace.add_channel("elsewhere", place["Nosy"].id, place["Tom"].id)
    answers = builders.convening(
        lead_professional=place.ref("Maya"),
        practitioners=[{"person": place.ref("Tom")}, {"person": place.ref("Asha")}],
    )
    place.does("Maya", "taf.convene", **answers)
    place.inside("F-1042", "Maya", "Asha")
    place.until(lambda: dead(place))
    assert [one for one in dead(place) if because in one]


def test_a_trigger_that_ran_out_is_said_to_whoever_pressed(
    place: Town, caplog: pytest.LogCaptureFixture
) -> None:
    place.workspace.clocks.trigger = 0
    answer = place["Maya"].types("/taf new")
    assert not answer.ok
    assert len(place["Maya"].errors) == 1
    assert place["Maya"].view is None
    assert place.workspace.app.bot_token not in caplog.text
    place.workspace.clocks.trigger = 3
    assert place["Maya"].types("/taf new").ok


@pytest.mark.parametrize("fault", ["timeout after 5", "reset before"])
def test_a_window_is_asked_for_once_and_not_waited_for_too_long(place: Town, fault: str) -> None:
    """A trigger is good once: asked again, Slack's own kit would only lose time."""
    place.workspace.faults.order("views.open", fault)
    answer = place["Maya"].types("/taf new")
    assert (answer.ok, answer.error) == (False, "status")
    assert len(place.workspace.calls("views.open")) == 1


def test_a_window_that_has_moved_on_is_not_drawn_over(place: Town) -> None:
    assert place["Maya"].types("/taf new").ok
    place.until(lambda: place["Maya"].view and place["Maya"].view.body.get("submit"))
    place.rest()
    view = place["Maya"].view
    assert view is not None
    shown, doors = view.body, place.listening.doors
    doors.saying.show(view.id, doors.opening, "an older hash")
    assert view.body == shown
    assert place.workspace.calls("views.update")[-1].error == "hash_conflict"
    doors.saying.show("V0GONE", doors.opening)


def test_a_home_tab_that_has_to_wait_is_drawn_a_little_later(place: Town) -> None:
    place.workspace.faults.order("views.publish", "ratelimited 1")
    place["Asha"].opens_home()
    place.until(lambda: place["Asha"].home)
    errors = [one.error for one in place.workspace.calls("views.publish")]
    assert errors == ["ratelimited", None]


def test_what_was_held_while_slack_knew_us_no_more_is_sent_afterwards(place: Town) -> None:
    taf = place.given_a_family()
    place.quiet()
    place["Priya"].admin.revokes_token()
    place.given_an_action(taf)

    def shut() -> bool:
        with place.assistant.database.reading() as session:
            return bool(gates.shut_gates(session))

    place.until(shut)
    assert not cards(place, "Action 1")
    place.workspace.app.refusal = None

    def opened_again() -> bool:
        """An attempt that was still on its way may shut the gate once more."""
        with place.assistant.database.writing() as session:
            for gate in gates.shut_gates(session):
                gate.shut_until = place.clock.now()
        return bool(cards(place, "Action 1"))

    place.until(opened_again, 20)
    place.quiet()
    assert len(cards(place, "Action 1")) == 1
    assert dead(place) == []


def test_a_caller_who_hangs_up_half_way_leaves_no_trace(
    place: Town, caplog: pytest.LogCaptureFixture
) -> None:
    url = urlsplit(str(place.workspace.request_url))
    for _ in range(3):
        with socket.create_connection((url.hostname, url.port)) as line:
            head = f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"
            line.sendall(head.encode() + b"half")
    with caplog.at_level(logging.INFO):
        assert place["Asha"].types("/taf help").ok
    assert "Traceback" not in caplog.text
    assert "ClientDisconnect" not in caplog.text


def test_nothing_of_what_came_is_logged(place: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Slack's own kit writes whole bodies down where a signature or an answer is bad."""
    with caplog.at_level(logging.DEBUG):
        place["Asha"].types("/taf Kayleigh Hardman")
        place["Asha"].shortcut("Kayleigh")
        body = b'{"type": "event_callback", "event": {"text": "Kayleigh"}}'
        place.workspace.send_raw(body, {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v"})
        place.workspace.outgoing.send(body, JSON)
        place.rest()
    said = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    app = place.workspace.app
    for secret in ("Kayleigh", app.bot_token, app.signing_secret):
        assert secret not in said
