"""What goes wrong in the fake Teams when it is told to, and how fast one may call it."""

from __future__ import annotations

import json
import time

import httpx2
import pytest

from tests.platforms.teams.chats import Chat
from tests.platforms.teams.conftest import Api, message
from tests.platforms.teams.drifting import drifting
from tests.platforms.teams.faults import Faults
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def room(tenant: Tenant, asha: Hand, gwen: Hand) -> Chat:
    return tenant.add_chat("F-1042", asha.person, gwen.person, app=True)


def ending(connector: Api, room: Chat) -> str:
    """How sending a message ended for whoever sent it."""
    try:
        answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))
    except httpx2.TimeoutException:
        return "timeout"
    except httpx2.TransportError:
        return "reset"
    return str(answer.status_code)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", ["500", "412", "502", "503", "504", "reset", "timeout"])
def test_an_answer_is_lost_before_or_after_the_effect(
    tenant: Tenant, connector: Api, room: Chat, fault: str, when: str
) -> None:
    seconds = " 2" if fault == "timeout" else ""
    connector.client.timeout = 0.5 if fault == "timeout" else 10
    tenant.faults.order("activities.send", f"{fault} {when}{seconds}")

    assert ending(connector, room) == fault
    connector.client.timeout = 10
    assert len(room.standing()) == (when == "after")
    assert ending(connector, room) == "201"
    tenant.until(lambda: len(tenant.calls("activities.send")) == 2)
    assert sorted(bool(one.fault) for one in tenant.calls("activities.send")) == [False, True]


def test_a_storm_of_429_says_how_long_to_wait(
    tenant: Tenant, connector: Api, graph: Api, room: Chat
) -> None:
    tenant.faults.order("activities.send", "429 7", times=3)
    tenant.faults.order("chats.get", "429 9")

    answers = [connector("POST", f"/{room.id}/activities", message(text="Hello")) for _ in range(4)]

    assert [one.status_code for one in answers] == [429, 429, 429, 201]
    assert answers[0].headers["retry-after"] == "7"
    answer = graph("GET", f"/chats/{room.id}")
    assert answer.json()["error"]["code"] == "TooManyRequests"
    assert answer.headers["retry-after"] == "9"


def test_a_token_is_revoked_until_there_is_a_new_one(
    tenant: Tenant, connector: Api, room: Chat
) -> None:
    connector.token = tenant.login.token()
    tenant.faults.order("*", "revoked")

    assert [ending(connector, room) for _ in range(2)] == ["401", "401"]
    connector.token = None
    assert ending(connector, room) == "201"


def test_slow_is_not_lost(tenant: Tenant, connector: Api, room: Chat) -> None:
    tenant.faults.order("activities.send", "slow 0.2")
    started = time.monotonic()

    assert ending(connector, room) == "201"

    assert time.monotonic() - started >= 0.2


def test_rates_are_drawn_by_seed(tenant: Tenant, connector: Api, room: Chat) -> None:
    drawn = []
    for _ in range(2):
        tenant.faults = Faults(seed=7, rates={"500 before": 0.3}, methods={"activities.send"})
        drawn.append([ending(connector, room) for _ in range(12)])

    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {"500", "201"}
    with pytest.raises(ValueError, match="no such fault"):
        tenant.faults.order("*", "418")


@pytest.fixture
def wall(tenant: Tenant) -> list[float]:
    """The limits are on, by a clock that stands still unless it is moved."""
    wall = [100.0]
    tenant.limits.on, tenant.limits.clock = True, lambda: wall[0]
    return wall


def test_a_conversation_takes_seven_messages_a_second(
    tenant: Tenant, connector: Api, room: Chat, wall: list[float], asha: Hand, ben: Hand
) -> None:
    other = tenant.add_chat("F-1043", asha.person, ben.person, app=True)

    ends = [ending(connector, room) for _ in range(8)]

    assert ends == ["201"] * 7 + ["429"]
    assert ending(connector, other) == "201"
    answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))
    assert answer.json()["error"]["code"] == "Throttled"
    assert answer.headers["retry-after"] == "1"
    assert connector("GET", f"/{room.id}/members").status_code == 200


def test_it_takes_sixty_in_thirty_seconds(connector: Api, room: Chat, wall: list[float]) -> None:
    taken: list[float] = []
    while len(taken) < 62:
        answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))
        if answer.status_code == 201:
            taken.append(wall[0])
        else:
            wall[0] += float(answer.headers["retry-after"])

    assert taken[7] - taken[0] >= 1
    assert taken[8] - taken[0] >= 2
    assert taken[60] - taken[0] >= 30


def test_a_bot_makes_fifty_calls_a_second_in_a_tenant(
    tenant: Tenant, connector: Api, wall: list[float], asha: Hand, ben: Hand
) -> None:
    rooms = [tenant.add_chat(f"F-{one}", asha.person, ben.person, app=True) for one in range(9)]

    ends = [ending(connector, one) for one in rooms for _ in range(6)]

    assert ends == ["201"] * 50 + ["429"] * 4


def test_graph_takes_thirty_calls_a_second_and_four_writes_of_a_chat(
    tenant: Tenant, graph: Api, room: Chat, wall: list[float]
) -> None:
    writes = [graph("PATCH", f"/chats/{room.id}", {"topic": "F-1"}) for _ in range(5)]

    assert [one.status_code for one in writes] == [200] * 4 + [429]
    reads = [graph("GET", f"/chats/{room.id}").status_code for _ in range(27)]
    assert reads == [200] * 26 + [429]


def test_anything_can_be_sent_to_our_app(tenant: Tenant, app: Listening, room: Chat) -> None:
    good, forged = tenant.outgoing.headers(), tenant.outgoing.headers(tenant.keys.wrong("forged"))

    assert tenant.send_raw(b'{"type": "unheard"}', good).ok
    assert tenant.send_raw(b'{"type": "unheard"}', forged).status == 401
    assert tenant.send_raw(b"{}", {}).status == 401
    assert app.refused == 2
    odd = {"type": "messageReaction", "conversation": {"id": room.id}}
    assert tenant.outgoing.send(odd).ok
    assert app.last("messageReaction") == json.loads(json.dumps(odd))


def test_every_way_of_drifting_is_brought(
    tenant: Tenant, app: Listening, room: Chat, asha: Hand
) -> None:
    ways = drifting(tenant, room, asha.person)
    tenant.settle()

    answers = {name: tenant.outgoing.send(one) for name, one in ways.items()}

    assert [name for name, one in answers.items() if not one.ok] == []
    assert app.heard[-len(ways) :] == list(ways.values())
    assert "from" not in ways["no sender"]
    assert "data" not in ways["a press without data"]["value"]["action"]


def test_an_activity_is_brought_once_more_under_its_id(
    tenant: Tenant, app: Listening, room: Chat, asha: Hand, ben: Hand
) -> None:
    (event,) = asha.admin.brings(room, ben.person)
    tenant.settle()

    tenant.redeliver(event)

    heard = [one["id"] for one in app.heard if "membersAdded" in one]
    assert heard[-1] == heard[-2]
    assert len(event.attempts) == 2


def test_it_can_go_out_of_reach(tenant: Tenant, connector: Api, room: Chat) -> None:
    tenant.serving.go_deaf()
    assert ending(connector, room) == "reset"
    tenant.serving.hear()
    assert ending(connector, room) == "201"


def test_an_unknown_address_is_written_down(tenant: Tenant, graph: Api) -> None:
    assert graph("GET", "/me").status_code == 404
    assert tenant.log[-1].method.startswith("unknown GET")
