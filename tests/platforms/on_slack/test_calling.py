"""What comes of a call to Slack: made once, told to no log, read for what it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from bot.clock import WallClock
from bot.platform import Undelivered
from bot.slack.calling import TIERS, TIME_OUT, Calling, Refused
from bot.slack.connecting import Connection
from bot.slack.platform import LIMITS
from tests.platforms.slack import limits
from tests.platforms.slack.workspace import Workspace
from tests.platforms.wire import Asked, Reply, Wire, told

CHANNEL = "C0ROOM001"
POST = {
    "channel": CHANNEL,
    "text": "Kayleigh Hardman",
    "metadata": {"event_type": "e", "event_payload": {}},
}


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace with one private channel that our bot is in."""
    with Workspace() as found:
        channel = found.add_channel("taf-f-1042", found.app.bot_user)
        found.channels[CHANNEL] = found.channels.pop(channel.id)
        channel.id = CHANNEL
        found.limits.on = False
        yield found


@pytest.fixture
def calling(workspace: Workspace) -> Calling:
    """The calls of our app to it."""
    return Calling(Connection(workspace.app.bot_token, api_url=workspace.api_url), {})


class Server:
    """Answers every call with the same thing, and keeps what was asked."""

    def __init__(self) -> None:
        self.reply, self.asked = told({"ok": True}), list[Asked]()
        self.wire = Wire(self._answer, lambda: WallClock().now().timestamp())

    async def _answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.reply

    @property
    def calling(self) -> Calling:
        """The calls of an app to it."""
        return Calling(Connection("xoxb-1", api_url=f"http://127.0.0.1:{self.wire.port}/api/"), {})


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that says whatever a test wants."""
    found = Server()
    found.wire.start()
    yield found
    found.wire.stop()


def came_of(call: Callable[[], object]) -> Undelivered:
    with pytest.raises(Undelivered) as no:
        call()
    return no.value


def kind(no: Undelivered) -> str:
    """How the outbox takes it."""
    if no.locked_out:
        return "locked out"
    if no.wait is not None:
        return f"wait {no.wait.total_seconds():g}"
    if no.permanent:
        return "permanent"
    return "unknown" if no.unknown else "again"


@pytest.mark.parametrize(
    ("fault", "meant"),
    [
        ("500 before", "unknown"),
        ("500 after", "unknown"),
        ("reset before", "unknown"),
        ("reset after", "unknown"),
        ("fatal_error before", "unknown"),
        ("fatal_error after", "unknown"),
        ("internal_error after", "unknown"),
        ("ratelimited 7", "wait 7"),
        ("token_revoked", "locked out"),
        ("account_inactive", "locked out"),
    ],
)
@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.setTopic"])
def test_a_call_is_made_once_whatever_befalls_it(
    workspace: Workspace, calling: Calling, fault: str, meant: str, method: str
) -> None:
    """Slack's own client would make it again by itself, and so post twice."""
    workspace.faults.order(method, fault)
    assert kind(came_of(lambda: calling.ask(method, topic="t", **POST))) == meant
    assert len(workspace.calls(method)) == 1
    written = [one for one in workspace.channels[CHANNEL].messages if not one.subtype]
    assert len(written) == (fault.endswith("after") and method == "chat.postMessage")


def test_silence_is_not_waited_for_beyond_the_time_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.calling.TIME_OUT", 1)
    calling = Calling(Connection(workspace.app.bot_token, api_url=workspace.api_url), {})
    workspace.faults.order("chat.postMessage", "timeout after 5")
    assert kind(came_of(lambda: calling.ask("chat.postMessage", **POST))) == "unknown"
    assert len(workspace.calls("chat.postMessage")) == 1


def test_nobody_looks_for_a_message_while_it_may_still_be_taken() -> None:
    assert LIMITS.settles.total_seconds() >= TIME_OUT + 120


def test_who_cannot_be_reached_took_nothing(workspace: Workspace, calling: Calling) -> None:
    workspace.serving.go_deaf()
    assert kind(came_of(lambda: calling.ask("chat.postMessage", **POST))) == "again"
    workspace.serving.hear()


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        ("request_timeout", "again"),
        ("token_expired", "locked out"),
        ("team_access_not_granted", "locked out"),
        ("service_unavailable", "unknown"),
        ("ratelimited", "wait 30"),
        ("channel_not_found", "permanent"),
        ("is_archived", "permanent"),
        ("msg_blocks_too_long", "permanent"),
        ("something_new", "permanent"),
    ],
)
def test_each_error_of_slacks_is_read_for_what_it_is(
    server: Server, error: str, meant: str
) -> None:
    server.reply = told({"ok": False, "error": error})
    assert kind(came_of(lambda: server.calling.ask("chat.postMessage", **POST))) == meant
    assert len(server.asked) == 1


@pytest.mark.parametrize("error", ["cant_invite", "ura_max_channels", "user_is_restricted"])
def test_why_somebody_cannot_be_let_in_is_said_in_words(server: Server, error: str) -> None:
    server.reply = told({"ok": False, "error": error})
    no = came_of(lambda: server.calling.ask("conversations.invite", channel=CHANNEL, users="U1"))
    assert isinstance(no, Refused)
    assert error not in no.why


@pytest.mark.parametrize("fault", ["500 before", "500 after", "reset after"])
def test_a_question_without_an_answer_leaves_nothing_in_doubt(
    workspace: Workspace, calling: Calling, fault: str
) -> None:
    """What is to be said is not held up for two minutes because nobody said where to."""
    workspace.faults.order("conversations.info", fault)
    assert kind(came_of(lambda: calling.ask("conversations.info", channel=CHANNEL))) == "again"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>Sign in to the proxy</html>", {"Content-Type": "text/html"}),
        Reply(200, b"", {}),
        Reply(200, b"[]", {"Content-Type": "application/json"}),
        Reply(200, b"\x1f\x8bpacked", {"Content-Type": "application/gzip"}),
        Reply(200, b'{"ok": false}', {"Content-Type": "application/json"}),
        Reply(403, b"<html>Kayleigh Hardman</html>", {"Content-Type": "text/html"}),
        Reply(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}),
        Reply(503, b"", {}),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[:10]!r}",
)
def test_an_answer_that_is_not_slacks_says_nothing_of_what_was_done(
    server: Server, reply: Reply
) -> None:
    server.reply = reply
    no = came_of(lambda: server.calling.ask("chat.postMessage", **POST))
    assert kind(no) == "unknown"
    assert "Kayleigh" not in no.why


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("7", "wait 7"), ("0", "wait 0"), ("soon", "wait 30"), ("-5", "wait 30"), ("nan", "wait 30")],
)
def test_how_long_to_wait_is_read_in_every_form(server: Server, said: str, wanted: str) -> None:
    server.reply = told({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": said})
    assert kind(came_of(lambda: server.calling.ask("chat.postMessage", **POST))) == wanted


def test_no_wait_is_without_an_end(server: Server) -> None:
    server.reply = told({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "inf"})
    no = came_of(lambda: server.calling.ask("chat.postMessage", **POST))
    assert kind(no) == "wait 3600"


def test_no_word_stands_in_an_address_or_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Slack's own client puts some arguments into the address, which proxies write down."""
    with caplog.at_level(logging.DEBUG):
        server.calling.ask("conversations.create", name="taf-kayleigh")
        server.calling.ask("conversations.setTopic", channel=CHANNEL, topic="kayleigh")
        server.calling.ask("users.lookupByEmail", email="kayleigh@example.org")
        server.reply = told({"ok": False, "error": "kayleigh"})
        came_of(lambda: server.calling.ask("chat.postMessage", channel=CHANNEL, text="kayleigh"))
        server.reply = Reply(500, b"kayleigh", {})
        came_of(lambda: server.calling.ask("chat.postMessage", channel=CHANNEL, text="kayleigh"))
    assert [one.method for one in server.asked] == ["POST"] * 5
    assert not [one.target for one in server.asked if "?" in one.target]
    assert all(b"kayleigh" in one.body for one in server.asked)
    logged = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    assert "kayleigh" not in logged
    assert "xoxb-1" not in logged


def test_a_methods_tier_is_kept_to_before_slack_has_to_say_so(workspace: Workspace) -> None:
    workspace.limits.on = True
    calling = Calling(Connection(workspace.app.bot_token, api_url=workspace.api_url))
    refused = []
    for number in range(40):
        try:
            calling.ask("conversations.create", name=f"taf-{number}", is_private=True)
        except Undelivered as no:
            refused.append(no)
    assert len(refused) > 20
    assert all(one.wait and one.why == "Slack's pace." for one in refused)
    assert all(one.spares_others for one in refused)
    assert not [one for one in workspace.calls("conversations.create") if one.error]


def test_a_method_that_is_to_wait_is_not_called_until_then_and_the_others_are(
    workspace: Workspace, calling: Calling
) -> None:
    """Slack counts by method: only what it says of posting may be meant for the whole workspace."""
    workspace.faults.order("conversations.info", "ratelimited 1")
    first = came_of(lambda: calling.ask("conversations.info", channel=CHANNEL))
    second = came_of(lambda: calling.ask("conversations.info", channel=CHANNEL))
    assert (kind(first), first.spares_others, second.spares_others) == ("wait 1", True, True)
    assert second.wait is not None
    assert 0 < second.wait.total_seconds() <= 1
    assert len(workspace.calls("conversations.info")) == 1
    assert calling.ask("chat.postMessage", **POST)
    workspace.faults.order("chat.postMessage", "ratelimited 1")
    assert not came_of(lambda: calling.ask("chat.postMessage", **POST)).spares_others
    assert calling.ask("chat.postMessage", **POST), "of another channel, for all we know"
    calling.show("conversations.info", channel=CHANNEL)
    assert len(workspace.calls("conversations.info")) == 2


def test_no_tier_of_ours_is_above_slacks() -> None:
    assert {name: limits.TIERS[name] for name in TIERS} == dict(TIERS)


def test_of_a_long_list_the_next_page_is_waited_for(workspace: Workspace, calling: Calling) -> None:
    """Otherwise it would begin with the first one again, for ever."""
    us = workspace.app.bot_user
    there = [CHANNEL, *(workspace.add_channel(f"taf-f-{one}", us).id for one in range(3))]
    workspace.faults.order("conversations.list", "slow 0", "ratelimited 1")
    pages = calling.pages("conversations.list", "channels", types="private_channel", limit=2)
    assert sorted(one["id"] for one in pages) == sorted(there)
    assert [one.error for one in workspace.calls("conversations.list")].count("ratelimited") == 1
