"""What is asked of Teams and Graph, and what comes of it: done, refused, to wait, or unknown."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from bot.clock import WallClock
from bot.platform import Undelivered
from bot.teams.calling import Calling, Refused
from bot.teams.tokens import NotSignedIn, of_identity, roles
from tests.platforms.on_teams.porch import joined
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.keys import made
from tests.platforms.teams.tenant import Tenant

BOT = "https://api.botframework.com/.default"
HELLO = {"type": "message", "text": "Call school"}


@pytest.fixture
def calling(tenant: Tenant) -> Iterator[Calling]:
    """Our side of the connector and Graph; nothing there is slowed down."""
    tenant.limits.on = False
    with closing(Calling(joined(tenant))) as found:
        yield found


@pytest.fixture
def asha(tenant: Tenant) -> Hand:
    """Somebody of the tenant."""
    return tenant.joins("Asha Khan", "asha.khan@borough.example")


@pytest.fixture
def room(tenant: Tenant, asha: Hand) -> Chat:
    """A chat in which we are."""
    return tenant.add_chat("F-1042", asha.person, app=True)


def came_of(work: Callable[[], object]) -> Undelivered:
    """How it was not done."""
    with pytest.raises(Undelivered) as caught:
        work()
    return caught.value


def kind(no: Undelivered) -> str:
    """The same in one word."""
    if no.locked_out:
        return "locked out"
    if no.wait is not None:
        return "wait"
    if no.permanent:
        return "permanent"
    return "unknown" if no.unknown else "again"


def test_a_message_is_posted_and_changed(tenant: Tenant, calling: Calling, room: Chat) -> None:
    at = (room.id, tenant.service_url)
    name = calling.send(*at, HELLO)
    assert [one.id for one in room.standing()] == [name]
    calling.update(*at, name, {"type": "message", "text": "Rung"})
    assert [(one.id, one.text) for one in room.standing()] == [(name, "Rung")]


def test_a_person_is_written_to_in_one_and_the_same_conversation(
    tenant: Tenant, calling: Calling, asha: Hand, room: Chat
) -> None:
    first = calling.direct(asha.person.mri, tenant.service_url)
    assert calling.direct(asha.person.mri, tenant.service_url) == first
    calling.send(first, tenant.service_url, HELLO)
    assert asha.reads("Call school")


def test_everybody_in_a_chat_is_listed_however_many_pages(
    tenant: Tenant, calling: Calling, room: Chat, asha: Hand
) -> None:
    tenant.rules.page = 2
    people = [tenant.joins(f"P {one}", f"p{one}@borough.example").person for one in range(5)]
    chat = tenant.add_chat("F-1043", *people, app=True)
    found = calling.members(chat.id, tenant.service_url)
    assert {one["aadObjectId"] for one in found} == {one.id for one in people}
    assert len(tenant.calls("conversations.members")) == 3
    one = calling.member(room.id, tenant.service_url, asha.person.mri)
    assert (one["aadObjectId"], one["email"]) == (asha.person.id, asha.person.email)


def test_graph_is_asked_with_a_token_of_its_own(
    tenant: Tenant, calling: Calling, asha: Hand
) -> None:
    found = list(calling.graph_pages("users", **{"$filter": f"mail eq '{asha.person.email}'"}))
    assert [one["id"] for one in found] == [asha.person.id]
    assert roles(calling.tokens.token(joined(tenant).cloud.graph_scope)) == tenant.app.roles


@pytest.mark.parametrize(
    ("fault", "post", "change"),
    [
        ("412 before", "again", "again"),
        ("429 3", "wait", "wait"),
        ("500 before", "unknown", "again"),
        ("502 after", "unknown", "again"),
        ("503 before", "unknown", "again"),
        ("504 before", "unknown", "again"),
        ("reset before", "unknown", "again"),
        ("reset after", "unknown", "again"),
    ],
)
def test_what_befalls_a_call_is_told_apart(
    tenant: Tenant, calling: Calling, room: Chat, fault: str, post: str, change: str
) -> None:
    at = (room.id, tenant.service_url)
    name = calling.send(*at, HELLO)
    before = len(tenant.calls("activities.send"))
    tenant.faults.order("activities.send", fault)
    no = came_of(lambda: calling.send(*at, HELLO))
    assert kind(no) == post
    assert len(tenant.calls("activities.send")) <= before + 1, "nothing is tried again here"
    tenant.faults.order("activities.update", fault)
    assert kind(came_of(lambda: calling.update(*at, name, HELLO))) == change
    tenant.faults.order("conversations.members", fault)
    assert kind(came_of(lambda: calling.members(*at))) == change


def test_graphs_pace_says_nothing_of_the_connectors(
    tenant: Tenant, calling: Calling, room: Chat
) -> None:
    tenant.faults.order("users.find", "429 3")
    assert came_of(lambda: list(calling.graph_pages("users"))).spares_others
    tenant.faults.order("activities.send", "429 3")
    no = came_of(lambda: calling.send(room.id, tenant.service_url, HELLO))
    assert (kind(no), no.spares_others) == ("wait", False)


def test_silence_is_not_waited_for_beyond_the_time_out(
    tenant: Tenant, room: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.calling.TIME_OUT", 0.2)
    tenant.faults.order("activities.send", "timeout after 5")
    with closing(Calling(joined(tenant))) as calling:
        no = came_of(lambda: calling.send(room.id, tenant.service_url, HELLO))
    assert kind(no) == "unknown"


def test_a_personal_conversation_is_never_unknown(
    tenant: Tenant, calling: Calling, asha: Hand, room: Chat
) -> None:
    tenant.faults.order("conversations.create", "reset after")
    no = came_of(lambda: calling.direct(asha.person.mri, tenant.service_url))
    assert kind(no) == "again"


def test_who_cannot_be_reached_took_nothing(tenant: Tenant, calling: Calling, room: Chat) -> None:
    calling.send(room.id, tenant.service_url, HELLO)
    tenant.serving.go_deaf()
    assert kind(came_of(lambda: calling.send(room.id, tenant.service_url, HELLO))) == "again"
    tenant.serving.hear()


@pytest.mark.parametrize("form", ["seconds", "moment", "nonsense", "too long", "in the past"])
def test_how_long_to_wait_is_read_in_every_form(
    tenant: Tenant, calling: Calling, form: str
) -> None:
    import httpx

    now = WallClock().now()
    told, wanted = {
        "seconds": ("7", 7),
        "moment": (format_datetime(now + timedelta(seconds=30), usegmt=True), 30),
        "nonsense": ("soon", 5),
        "too long": ("99999", 300),
        "in the past": (format_datetime(now - timedelta(seconds=30), usegmt=True), 5),
    }[form]
    no = calling._read(httpx.Response(429, headers={"Retry-After": told}), "POST")
    assert no.wait is not None
    assert abs(no.wait.total_seconds() - wanted) <= 2


def test_who_took_us_out_says_so(tenant: Tenant, calling: Calling, room: Chat, asha: Hand) -> None:
    other = tenant.add_chat("F-1", asha.person)
    no = came_of(lambda: calling.send(other.id, tenant.service_url, HELLO))
    assert isinstance(no, Refused)
    assert (kind(no), no.error, no.status) == ("permanent", "BotNotInConversationRoster", 403)
    assert "Add it again" in no.why
    gone = came_of(lambda: calling.send("19:none@thread.v2", tenant.service_url, HELLO))
    assert "gone from Teams" in gone.why
    big = HELLO | {"text": "x" * 60_000}
    assert "too long" in came_of(lambda: calling.send(room.id, tenant.service_url, big)).why
    tenant.direct(asha.person).blocked = True
    direct = tenant.direct(asha.person).id
    assert "blocked" in came_of(lambda: calling.send(direct, tenant.service_url, HELLO)).why


def test_a_token_that_is_not_taken_is_asked_for_once_more(
    tenant: Tenant, calling: Calling, room: Chat
) -> None:
    calling.send(room.id, tenant.service_url, HELLO)
    tenant.login.revokes()
    calling.send(room.id, tenant.service_url, HELLO)
    assert len(tenant.calls("login.token")) == 2
    assert len(room.standing()) == 2


def test_whom_microsoft_knows_no_more_is_locked_out(
    tenant: Tenant, calling: Calling, room: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.app.secret = "another"
    no = came_of(lambda: calling.send(room.id, tenant.service_url, HELLO))
    assert isinstance(no, NotSignedIn)
    assert (kind(no), no.error) == ("locked out", "AADSTS7000215")
    tenant.app.secret = joined(tenant).secret
    tenant.faults.order("login.token", "500 before")
    assert kind(came_of(lambda: calling.send(room.id, tenant.service_url, HELLO))) != "unknown"


def is_asking(calling: Calling, scope: str) -> bool:
    """Whether somebody asks for such a token just now."""
    asking = calling.tokens._asking.get(scope)
    return asking is not None and asking.locked()


def test_a_slow_sign_in_holds_up_nobody_who_has_a_token(tenant: Tenant, calling: Calling) -> None:
    graph = calling.connection.cloud.graph_scope
    token = calling.tokens.token(BOT)
    tenant.faults.order("login.token", "slow 2")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(calling.tokens.token, graph)
        tenant.until(lambda: is_asking(calling, graph))
        assert calling.tokens.token(BOT) == token
        assert not asked.done()
        assert asked.result()


def test_of_those_who_wait_for_a_sign_in_that_fails_none_asks_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would wait as long, one after the other, and send when its time had gone by."""
    monkeypatch.setattr("bot.teams.calling.TIME_OUT", 1.0)
    tenant.faults.order("login.token", "timeout before 2")
    together = Barrier(8)

    def asks(calling: Calling) -> Undelivered:
        together.wait()
        return came_of(lambda: calling.tokens.token(BOT))

    with closing(Calling(joined(tenant))) as calling, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asks, [calling] * 8))
        assert {kind(no) for no in found} == {"again"}
        assert len(tenant.calls("login.token")) == 1
        assert calling.tokens.token(BOT), "and whoever comes later asks anew"


def test_nobody_waits_for_a_sign_in_without_an_end(
    tenant: Tenant, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.tokens.TIME_OUT", 0.2)
    tenant.faults.order("login.token", "slow 2")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(calling.tokens.token, BOT)
        tenant.until(lambda: is_asking(calling, BOT))
        no = came_of(lambda: calling.tokens.token(BOT))
        assert (kind(no), first.done()) == ("again", False)
        assert first.result()


def test_the_token_is_shown_to_nobody_but_teams(calling: Calling, room: Chat) -> None:
    for url in ("https://smba.example.org/uk", "http://smba.trafficmanager.net/", ""):
        no = came_of(lambda url=url: calling.send(room.id, url, HELLO))
        assert (kind(no), "none of its own" in no.why) == ("permanent", True)
    assert not calling.tokens._kept


def test_a_token_is_kept_while_it_is_good_and_shared(
    tenant: Tenant, calling: Calling, room: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: calling.send(room.id, tenant.service_url, HELLO), range(16)))
    assert len(tenant.calls("login.token")) == 1
    assert len({one.id for one in room.standing()}) == 16
    tenant.login.lifetime = 0
    calling.tokens._kept.clear()
    for _ in range(2):
        calling.tokens.token(BOT)
    assert len(tenant.calls("login.token")) == 3


def pem_of(name: str, folder: Path) -> Path:
    """A certificate and its key in one file."""
    key, now = made(name), datetime(2026, 1, 1, tzinfo=UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    building = x509.CertificateBuilder(who, who, key.public_key(), 5, now, now + timedelta(9))
    signed = building.sign(key, hashes.SHA256())
    shape = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "taf.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, *shape)
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_signs_us_in(tenant: Tenant, tmp_path: Path) -> None:
    mine = {"TEAMS_CLIENT_SECRET": "", "TEAMS_CERTIFICATE": str(pem_of("ours", tmp_path))}
    with closing(Calling(joined(tenant, **mine))) as calling:
        tenant.app.certificate = made("ours").public_key()
        assert calling.tokens.token(BOT)
        tenant.app.certificate = made("theirs").public_key()
        calling.tokens._kept.clear()
        no = came_of(lambda: calling.tokens.token(BOT))
    assert "certificate" in no.why


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A machine with managed identities; what was asked of it."""
    asked: list[str] = []

    class Identity(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            said = {"access_token": "of-the-machine", "expires_on": "4102444800", "resource": "x"}
            body = json.dumps(said | {"token_type": "Bearer"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    serving = HTTPServer(("127.0.0.1", 0), Identity)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    port = serving.server_address[1]
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "made-up")
    yield asked
    serving.shutdown()
    serving.server_close()


def test_a_managed_identity_that_is_the_app_needs_nothing_else(
    tenant: Tenant, machine: list[str]
) -> None:
    mine = {"TEAMS_CLIENT_SECRET": "", "TEAMS_MANAGED_IDENTITY": tenant.app.client_id}
    with closing(Calling(joined(tenant, **mine))) as calling:
        assert calling.tokens.token(BOT) == "of-the-machine"
    assert "resource=https%3A%2F%2Fapi.botframework.com&" in machine[0] + "&"
    assert not tenant.calls("login.token")


def test_another_identity_speaks_for_the_app(tenant: Tenant, machine: list[str]) -> None:
    mine = {"TEAMS_CLIENT_SECRET": "", "TEAMS_MANAGED_IDENTITY": "system"}
    with closing(Calling(joined(tenant, **mine))) as calling:
        no = came_of(lambda: calling.tokens.token(BOT))
    assert "AzureADTokenExchange" in machine[0]
    assert isinstance(no, NotSignedIn), "what the machine said is no real statement"
    assert len(tenant.calls("login.token")) == 1


def test_a_machine_without_an_identity_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "made-up")
    assert "does not answer" in came_of(lambda: of_identity("system", "x")).why


def test_no_call_is_logged(
    tenant: Tenant, calling: Calling, room: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("httpx").setLevel(logging.NOTSET)
        calling.send(room.id, tenant.service_url, HELLO)
    assert room.id not in caplog.text
    assert "v3/conversations" not in caplog.text


@pytest.mark.parametrize("token", ["", "a.b", "a.!!!.c", "a.W10.c", "a.e30.c"])
def test_a_token_that_says_nothing_allows_nothing(token: str) -> None:
    assert roles(token) == frozenset()
