"""What Teams is known to do to an unwary app: each comes here once, and does no harm."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.chat.who import STRANGER
from bot.teams.platform import LIMITS, STRANGERS, topic_of
from storage.database import Database
from storage.outbox import Delivery
from storage.people import Person
from tests import builders
from tests.platforms.on_teams.test_rooms import told
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams import activities
from tests.platforms.teams.cards import parts
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.drifting import drifting
from tests.platforms.teams.limits import OF_A_TENANT, SENDS

TURNED = {"another tenant": 403, "another channel": 403, "no type": 400}
"""What is turned away at the door; whatever else drifts is answered."""


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Everybody is known by their account already."""
    with town(database, tmp_path) as found:
        yield found


def test_whatever_drifts_is_answered_and_never_a_500(
    place: TeamsTown, caplog: pytest.LogCaptureFixture
) -> None:
    """Each of them, at the real doors: an empty answer to a press is asked for again."""
    place.given_a_family()
    place.quiet()
    asha: Any = place["Asha"]
    room, tenant = place.channel("F-1042"), place.workspace
    before = room.standing()
    for chat in (room, tenant.direct(asha.person)):
        for name, sent in drifting(tenant, chat, asha.person).items():  # type: ignore[arg-type]
            answer = tenant.outgoing.send(sent)  # type: ignore[arg-type, call-arg]
            wanted = 501 if name == "unknown invoke" else TURNED.get(name, 200)
            assert answer.status == wanted, name
            if sent.get("type") == "invoke" and wanted == 200:
                assert answer.parsed(), name
    place.rest()
    said = [json.dumps(one.card) for one in room.standing() if one not in before]
    assert [one for one in said if STRANGER not in one] == [], "what is one's own is for one alone"
    assert asha.personal.standing()
    assert "hello" not in caplog.text
    assert place["Asha"].types("actions").ok, "and it still works"


@pytest.mark.parametrize("verb", ["adaptiveCard/action", "task/fetch", "task/submit"])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": "press", "command": "no.such", "about": "action-1"},
        {"action": "press", "command": "action.mark_done", "about": "Kayleigh Hardman"},
        {"dialog_id": "another"},
        {"dialog_id": "form", "command": "action.block"},
        {"action": ["press"], "dialog_id": 5, "command": {}, "about": None},
    ],
    ids=lambda data: json.dumps(data)[:40],
)
def test_a_press_that_is_none_of_ours_is_answered_in_words(
    file: Database, tmp_path: Path, verb: str, data: dict[str, Any]
) -> None:
    with town(file, tmp_path) as place:
        asha: Any = place["Asha"]
        tenant: Any = place.workspace
        value = {"action": {"type": "Action.Execute", "verb": "x", "data": data}, "data": data}
        sent = activities.invoke(tenant, tenant.direct(asha.person), asha.person, verb, value)
        answer = tenant.outgoing.send(sent)
        assert answer.status == 200
        said = answer.parsed()
        assert said.get("value") or said["task"]["value"]
        assert not tenant.calls("activities.send")


def test_a_name_that_is_typed_mentions_and_links_nobody(place: TeamsTown) -> None:
    forged = "Asha <at>Everyone</at> [school](https://x.example) {{DATE(2025-01-01)}}"
    with place.assistant.database.writing() as session:
        session.get_one(Person, place.numbers["Asha"]).name = forged
    place.given_an_action(place.given_a_family())
    place["Asha"].reads("Action 1", 20)
    place.quiet()
    sent: list[Any] = [one.arguments for one in place.workspace.calls("activities.send")]
    assert sent
    assert any("Everyone" in json.dumps(one) for one in sent)
    for one in sent:
        written = json.dumps(one)
        assert not [each for each in ("<at>", "{{DATE", '"entities"') if each in written]
        for part in parts(one["attachments"][0]["content"]):
            assert part.get("type") != "TextBlock" or "](https" not in part["text"]


def linked(place: TeamsTown) -> tuple[str, Chat]:
    """A family whose chat its Lead Professional made and linked, with the team in it."""
    answers = builders.convening(
        lead_professional=place.ref("Maya"),
        practitioners=[{"person": place.ref("Asha")}, {"person": place.ref("Tom")}],
    )
    taf = place.does("Maya", "taf.convene", **answers).about
    maya: Any = place["Maya"]
    team = [place[one].person for one in ("Asha", "Tom")]
    chat = maya.admin.makes_chat(topic_of("F-1042"), *team)
    maya.admin.brings_bot(chat)
    place.rest()
    maya.types("TAF link F-1042", chat)
    maya.reads("This chat is the room of F-1042 now.", 20)
    place.until(lambda: place.room_state("F-1042") == "open", 20)
    return taf, chat


def test_in_a_chat_that_people_made_nothing_is_said_before_a_stranger(
    database: Database, tmp_path: Path
) -> None:
    """We may take nobody out there: the Lead Professional is told, and what is to be said waits."""
    with town(database, tmp_path, room="paired") as place:
        taf, chat = linked(place)
        place.quiet()
        place["Maya"].admin.brings(chat, place["Nosy"].person)  # type: ignore[arg-type]
        told(place, "Maya", "room_astray", what="stranger_inside")
        place.given_an_action(taf)

        def waits() -> bool:
            with place.assistant.database.reading() as session:
                rows = session.query(Delivery).where(Delivery.why == STRANGERS).all()
                return any(one.state == "ready" for one in rows)

        place.until(waits, 20)
        assert not [one for one in chat.standing() if "Action 1" in json.dumps(one.card)]
        place["Maya"].admin.removes(chat, place["Nosy"].person)  # type: ignore[arg-type]
        place["Asha"].reads("Action 1", 60)


def test_a_caller_who_hangs_up_half_way_leaves_no_trace(
    place: TeamsTown, caplog: pytest.LogCaptureFixture
) -> None:
    url = urlsplit(str(place.workspace.request_url))
    tenant: Any = place.workspace
    head = [f"POST {url.path} HTTP/1.1", "Host: x", "Content-Length: 500"]
    head += [f"{name}: {value}" for name, value in tenant.outgoing.headers().items()]
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            with socket.create_connection((url.hostname, url.port)) as line:
                line.sendall("\r\n".join([*head, "", "half"]).encode())
        place.until(lambda: caplog.text.count("hung up") == 3)
    assert "Traceback" not in caplog.text


def test_we_send_no_faster_than_teams_takes_it() -> None:
    for most, seconds in SENDS:
        assert seconds / LIMITS.pace.total_seconds() + 1 <= most
    ((most, seconds),) = OF_A_TENANT
    assert LIMITS.per_second is not None
    assert LIMITS.burst + LIMITS.per_second * seconds <= most
