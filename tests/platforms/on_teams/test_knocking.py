"""What comes to Teams' address: signed for us and from our tenant, or it goes no further."""

from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from bot.teams import guarding, keys, knocking
from bot.teams.connecting import ADDRESS
from bot.teams.listening import MAY_CHANGE
from tests.platforms.on_teams.porch import CARD, TASK, Porch
from tests.platforms.teams.keys import WRONGS

QUICK = 0.3
"""Seconds in which /health answers, whatever happens at Teams' address."""


def test_what_teams_signed_is_let_in_whole(place: Porch) -> None:
    sent = place.activity(text="<at>TAF</at> actions", extra={"kept": None, "as": ["it", 1]})
    assert place.send(sent) == (200, "")
    assert place.doors.came == [("message", sent)]


@pytest.mark.parametrize("how", list(WRONGS))
def test_no_wrong_token_is_let_in(place: Porch, how: str) -> None:
    assert place.send()[0] == 200
    assert place.send(token=place.tenant.keys.wrong(how))[0] == 401
    assert len(place.doors.came) == 1
    assert not place.tenant.calls("login.keys")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "x"}])
def test_nothing_is_let_in_without_a_token(place: Porch, headers: dict[str, str]) -> None:
    body = json.dumps(place.activity())
    assert place.ask("POST", ADDRESS, body, headers)[0] == 401
    assert not place.doors.came
    assert not place.tenant.calls("keys.fetch")


def test_the_clocks_may_be_five_minutes_apart(place: Porch) -> None:
    ours, signer = int(place.tenant.now()), place.tenant.keys
    for past, status in ((guarding.LEEWAY - 30, 200), (guarding.LEEWAY + 30, 401)):
        token = signer.signed(signer.claims(exp=ours - past))
        assert place.send(token=token)[0] == status
        token = signer.signed(signer.claims(nbf=ours + past))
        assert place.send(token=token)[0] == status


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"serviceUrl": "https://smba.trafficmanager.net/uk/"}, 401),
        ({"serviceUrl": None}, 401),
        ({"serviceUrl": 5}, 401),
        ({"channelId": "webchat"}, 403),
        ({"channelId": None}, 403),
        ({"channelData": {"tenant": {"id": "7af00000-0000-4000-8000-00000000dead"}}}, 403),
        ({"conversation": {"id": "19:x", "tenantId": "another"}}, 403),
        ({"channelData": {"tenant": "text"}, "conversation": "text"}, 403),
        ({"channelData": None, "conversation": None}, 403),
    ],
)
def test_only_our_tenant_channel_and_service(
    place: Porch, changed: dict[str, Any], status: int
) -> None:
    assert place.send(place.activity() | changed)[0] == status
    assert not place.doors.came


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b"\xff\xfe",
        b"{}",
        b'{"type": 1}',
        b'{"type": "message", "id": 5}',
        b"[" * 100_000,
        b'{"type": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_signed_junk_gets_a_plain_answer(
    place: Porch, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert place.send(body)[0] == 400
    assert "Traceback" not in caplog.text


def test_too_much_is_refused_before_it_is_read(place: Porch) -> None:
    fits = place.activity(text="x" * (knocking.LARGEST - 2_000))
    assert place.send(fits)[0] == 200
    assert place.send(place.activity(text="x" * knocking.LARGEST))[0] == 413
    place.doors.came.clear()
    claimed = {"Authorization": f"Bearer {place.tenant.keys.good()}", "Content-Length": "9999999"}
    assert place.ask("POST", ADDRESS, b"{}", claimed)[0] == 413
    assert not place.doors.came


def test_what_no_database_takes_is_mended(place: Porch) -> None:
    raw = json.dumps(place.activity(text="MARK")).replace("MARK", r"a\ud83d b\u0000 \ud83d\ude00")
    assert place.send(raw.encode())[0] == 200
    assert place.doors.came[0][1]["text"] == "a\ufffd b\ufffd \U0001f600"


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "typing"},
        {"type": "somethingNew", "value": {"deep": [1]}},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
        {"type": "messageReaction", "from": None},
    ],
    ids=lambda changed: str(changed["type"]),
)
def test_what_we_have_no_use_for_is_acknowledged(place: Porch, changed: dict[str, Any]) -> None:
    assert place.send(place.activity() | changed) == (200, "")
    assert not place.doors.came


def test_an_unknown_question_is_answered_as_unknown(
    place: Porch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        asked = place.activity("invoke", name="config/fetch", value={"secret": "Kayleigh"})
        assert place.send(asked)[0] == 501
        assert place.send(place.activity("invoke", name="Mr Smith rang"))[0] == 501
        assert place.send(place.activity("invoke"))[0] == 501
    kinds = [
        getattr(one, "kind", None) for one in caplog.records if one.name == "bot.teams.listening"
    ]
    assert kinds == ["config_fetch", "other", "none"]
    assert "Kayleigh" not in caplog.text


def drifting(activity: Any) -> None:
    """A door that expects what is not there."""
    raise KeyError("from")


@pytest.mark.parametrize("kind", ["message", "conversationUpdate", "installationUpdate"])
def test_a_drifting_activity_is_no_500(place: Porch, kind: str) -> None:
    place.doors.does = drifting
    found = place.activity(kind)
    del found["from"], found["recipient"]
    assert place.send(found) == (200, "")


ASKED = {
    "adaptiveCard/action": ("pressed", CARD),
    "task/fetch": ("dialog", TASK),
    "task/submit": ("given", TASK),
    "composeExtension/fetchTask": ("from_message", TASK),
    "composeExtension/submitAction": ("from_message_given", TASK),
}


@pytest.mark.parametrize("name", list(ASKED))
def test_each_question_reaches_its_door_and_its_answer_comes_back(place: Porch, name: str) -> None:
    door, answer = ASKED[name]
    sent = place.activity("invoke", name=name, value={"data": {"x": 1}})
    assert place.send(sent) == (200, answer)
    assert place.doors.came == [(door, sent)]


@pytest.mark.parametrize("name", list(ASKED))
def test_a_question_that_breaks_off_is_answered_with_words(place: Porch, name: str) -> None:
    place.doors.does = drifting
    status, body = place.send(place.activity("invoke", name=name))
    assert status == 200
    assert "Look whether it was done" in json.dumps(body)


@pytest.mark.parametrize("name", list(ASKED))
def test_a_slow_question_is_answered_in_time_and_goes_on(
    place: Porch, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.listening.IN_TIME", 0.05)
    free = threading.Event()
    place.doors.does = lambda _: free.wait(20)
    sent = place.activity("invoke", name=name)
    place.doors.kept.add(sent["id"])
    status, body = place.send(sent)
    assert status == 200
    assert "It takes a moment" in json.dumps(body)
    assert not place.listening.is_idle
    free.set()
    place.tenant.until(lambda: place.doors.told_late == [ASKED[name][1]])
    place.tenant.until(lambda: place.listening.is_idle)


@pytest.mark.parametrize("name", sorted(MAY_CHANGE))
def test_what_is_not_kept_yet_is_not_promised(
    place: Porch, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.listening.IN_TIME", 0.05)
    free = threading.Event()
    place.doors.does = lambda _: free.wait(20)
    _, body = place.send(place.activity("invoke", name=name))
    free.set()
    assert "Look whether it was done" in json.dumps(body)
    place.tenant.until(lambda: place.doors.told_late == [ASKED[name][1]])


def test_what_breaks_off_late_is_told_too(
    place: Porch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.teams.listening.IN_TIME", 0.05)
    free = threading.Event()

    def breaks(_: str) -> None:
        free.wait(20)
        raise RuntimeError("of no use to anybody")

    place.doors.does = breaks
    place.send(place.activity("invoke", name="task/submit"))
    free.set()
    place.tenant.until(lambda: place.doors.told_late == [None])


def test_a_message_is_kept_before_it_is_acknowledged_and_done_after(place: Porch) -> None:
    assert place.send()[0] == 200
    assert [name for name, _ in place.doors.came] == ["message"]
    place.tenant.until(lambda: place.doors.afterwards == ["1700000000000"])


def test_what_cannot_be_kept_is_not_acknowledged(place: Porch) -> None:
    def down(_: str) -> None:
        raise ConnectionError("the database is away")

    place.doors.does = down
    assert place.send()[0] == 503
    assert not place.doors.afterwards


def slow_keys(place: Porch, seconds: float, times: int = 1) -> None:
    """Let the key server take its time."""
    place.tenant.faults.order("keys.fetch", f"slow {seconds}", times=times)


def test_a_slow_key_server_holds_up_nobody_else(place: Porch) -> None:
    slow_keys(place, 4)
    with ThreadPoolExecutor(1) as pool:
        knocking_there: Future[tuple[int, Any]] = pool.submit(place.send)
        place.tenant.until(lambda: place.tenant.faults.drawn)
        waits = []
        for _ in range(20):
            began = time.monotonic()
            assert place.ask("GET", "/health")[0] == 200
            waits.append(time.monotonic() - began)
        assert not knocking_there.done(), "all of them were answered while it waited"
        assert knocking_there.result()[0] == 200
    assert max(waits) < QUICK


def test_a_flood_of_forged_tokens_asks_for_keys_once_or_twice(place: Porch) -> None:
    slow_keys(place, 1)
    signer = place.tenant.keys
    forged = [signer.signed(signer.claims(), f"made-up-{number}") for number in range(200)]
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda token: place.send(token=token)[0], forged))
        began = time.monotonic()
        assert place.ask("GET", "/health")[0] == 200
        assert time.monotonic() - began < QUICK
    assert set(statuses) == {401}
    assert len(place.tenant.calls("keys.fetch")) <= 2
    assert place.send()[0] == 200


def test_a_new_key_is_asked_for_once_the_time_has_come(
    place: Porch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.send()[0] == 200
    place.tenant.keys.rotates()
    assert place.send()[0] == 401
    assert len(place.tenant.calls("keys.fetch")) == 1
    monkeypatch.setattr(keys, "steady", ahead(keys.SELDOM + 1))
    assert place.send()[0] == 200
    assert len(place.tenant.calls("keys.fetch")) == 2


def ahead(seconds: float) -> Any:
    """The steady clock, some seconds further on."""
    return lambda: time.monotonic() + seconds


def test_a_key_server_that_is_away_is_asked_again_soon_and_old_keys_last(
    place: Porch, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.tenant.faults.order("keys.fetch", "500 before")
    assert place.send()[0] == 401
    assert place.send()[0] == 401
    assert len(place.tenant.calls("keys.fetch")) == 1
    monkeypatch.setattr(keys, "steady", ahead(keys.SOON + 1))
    assert place.send()[0] == 200
    place.tenant.faults.order("keys.fetch", "500 before", times=9)
    monkeypatch.setattr(keys, "steady", ahead(keys.A_DAY + 60))
    assert place.send()[0] == 200
    place.tenant.until(lambda: len(place.tenant.calls("keys.fetch")) == 3)
    monkeypatch.setattr(keys, "steady", ahead(keys.LAST + 60))
    assert place.send()[0] == 401


def test_a_key_that_is_not_for_teams_signs_nothing(place: Porch) -> None:
    shown = place.tenant.keys.shown
    others = {"keys": [one | {"endorsements": ["skype"]} for one in shown()["keys"]]}
    others["keys"].append(shown()["keys"][0] | {"kid": "another"})
    place.tenant.keys.shown = lambda: others  # type: ignore[method-assign]
    assert place.send()[0] == 401


def test_settings_of_the_sdk_open_nothing(
    tenant: Any, file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.platforms.on_teams.porch import porch

    monkeypatch.setenv("DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS", "1")
    monkeypatch.setenv("CLOUD", "China")
    monkeypatch.setenv("CLIENT_ID", "7af00000-0000-4000-8000-00000000dead")
    with porch(tenant, file) as place:
        assert place.send(token="x.y.z")[0] == 401
        assert place.send(token=tenant.keys.wrong("another audience"))[0] == 401
        assert place.send()[0] == 200


def test_the_sdk_looks_at_tokens_too_and_asks_nobody_for_keys(
    place: Porch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own look is taken away: what is left is the SDK's."""

    async def anything(self: Any, authorization: str) -> dict[str, Any]:
        return {"serviceurl": place.tenant.service_url}

    assert place.send()[0] == 200
    monkeypatch.setattr(guarding.Guard, "claims", anything)
    for how in ("forged", "expired", "another audience", "another issuer", "unknown key", "junk"):
        assert place.send(token=place.tenant.keys.wrong(how))[0] == 401, how
    assert place.send()[0] == 200
    assert len(place.tenant.calls("keys.fetch")) == 1


def test_nothing_of_what_was_sent_is_logged(place: Porch, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("httpx").setLevel(logging.NOTSET)
        place.send(place.activity(text="Kayleigh"))
        place.send(place.activity("invoke", name="task/fetch", value={"x": "Kayleigh"}))
        place.send(place.activity(text="Kayleigh", channelId="webchat"))
        place.send(token=place.tenant.keys.wrong("another audience"))
    said = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    for secret in (
        "Kayleigh",
        "19:room",
        "29:asha",
        place.tenant.id,
        place.tenant.keys.good()[:40],
    ):
        assert secret not in said
