"""The fake Graph: group chats, who is in them, our app in them, and what stands there."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from tests.platforms.teams.chats import Chat
from tests.platforms.teams.conftest import Api, card, message
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.tenant import Tenant


def bound(tenant: Tenant, hand: Hand, **changed: Any) -> dict[str, Any]:
    """A member as they are asked for."""
    found = {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "roles": ["guest" if hand.person.is_guest else "owner"],
        "user@odata.bind": f"{tenant.graph_url}/users('{hand.id}')",
    }
    return found | changed


def making(tenant: Tenant, *hands: Hand, **changed: Any) -> dict[str, Any]:
    """A group chat as it is asked for."""
    members = [bound(tenant, one) for one in hands]
    return {"chatType": "group", "topic": "F-1042", "members": members} | changed


def our_app(tenant: Tenant) -> dict[str, Any]:
    """Our app as it is asked for."""
    at = f"{tenant.graph_url}/appCatalogs/teamsApps/{tenant.app.catalog_id}"
    return {"teamsApp@odata.bind": at}


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How Graph said no."""
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
def room(tenant: Tenant, asha: Hand, gwen: Hand) -> Chat:
    return tenant.add_chat("F-1042", asha.person, gwen.person, app=True)


def test_a_chat_is_made_and_our_app_hears_where_it_was_put(
    tenant: Tenant, graph: Api, app: Listening, asha: Hand, gwen: Hand
) -> None:
    made = graph("POST", "/chats", making(tenant, asha, gwen)).json()
    assert (made["chatType"], made["topic"]) == ("group", "F-1042")
    assert tenant.chat_of("F-1042").members == [asha.id, gwen.id]
    assert app.heard == []

    answer = graph("POST", f"/chats/{made['id']}/installedApps", our_app(tenant))

    assert (answer.status_code, answer.content) == (201, b"")
    tenant.settle()
    assert app.kinds() == ["conversationUpdate", "installationUpdate"]
    heard = app.last("installationUpdate")
    assert (heard["action"], heard["serviceUrl"]) == ("add", tenant.service_url)
    assert heard["conversation"]["id"] == made["id"]
    again = graph("POST", f"/chats/{made['id']}/installedApps", our_app(tenant))
    assert refusal(again) == (409, "Conflict")


def test_asked_twice_it_makes_two(tenant: Tenant, graph: Api, asha: Hand, ben: Hand) -> None:
    for _ in range(2):
        assert graph("POST", "/chats", making(tenant, asha, ben)).status_code == 201
    assert len(tenant.chats) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"chatType": "oneOnOne"},
        {"topic": "F: 1042"},
        {"topic": "x" * 251},
        {"members": []},
        {"installedApps": []},
        {"members": [{"user@odata.bind": "users('1')", "roles": ["owner"]}]},
    ],
)
def test_a_chat_that_it_does_not_make(
    tenant: Tenant, graph: Api, asha: Hand, ben: Hand, changed: dict[str, Any]
) -> None:
    answer = graph("POST", "/chats", making(tenant, asha, ben, **changed))

    assert refusal(answer) == (400, "BadRequest")
    assert tenant.chats == {}


def test_members_that_it_does_not_take(
    tenant: Tenant, graph: Api, asha: Hand, ben: Hand, gwen: Hand
) -> None:
    outside = tenant.joins("Olu Ade", "olu@elsewhere.example", outside=True)
    assert refusal(graph("POST", "/chats", making(tenant, asha, outside)))[0] == 404
    assert refusal(graph("POST", "/chats", making(tenant, asha, asha)))[0] == 400
    as_owner = [bound(tenant, asha), bound(tenant, gwen, roles=["owner"])]
    assert refusal(graph("POST", "/chats", making(tenant, members=as_owner)))[0] == 400
    asha.admin.invites_guest(outside.person)
    assert graph("POST", "/chats", making(tenant, asha, outside)).status_code == 201


def test_a_new_chat_can_lack_somebody(tenant: Tenant, graph: Api, asha: Hand, ben: Hand) -> None:
    tenant.faults.order("chats.create", "partial")

    made = graph("POST", "/chats", making(tenant, asha, ben))

    assert made.status_code == 201
    assert tenant.chat_of("F-1042").members == [asha.id]


def test_members_are_listed_added_and_removed_by_their_membership(
    tenant: Tenant, graph: Api, app: Listening, room: Chat, asha: Hand, ben: Hand, gwen: Hand
) -> None:
    at = f"/chats/{room.id}/members"
    added = graph("POST", at, bound(tenant, ben))
    assert (added.status_code, added.content) == (201, b"")
    shown = graph("GET", at).json()["value"]
    assert [one["userId"] for one in shown] == [asha.id, gwen.id, ben.id]
    assert shown[2]["id"] != ben.id
    assert added.headers["location"].endswith(shown[2]["id"])
    assert (shown[1]["roles"], shown[1]["email"]) == (["guest"], "gwen@partner.example")

    assert refusal(graph("DELETE", f"{at}/{ben.id}")) == (404, "NotFound")
    assert graph("DELETE", f"{at}/{shown[2]['id']}").status_code == 204
    assert ben.id not in room.members
    tenant.settle()
    updates = [one for one in app.heard if one["type"] == "conversationUpdate"]
    assert updates[-2]["membersAdded"] == [{"id": ben.person.mri, "aadObjectId": ben.id}]
    assert updates[-1]["membersRemoved"] == [{"id": ben.person.mri, "aadObjectId": ben.id}]


@pytest.mark.parametrize("status", [201, 400, 409])
def test_adding_whom_the_chat_has_changes_nothing(
    tenant: Tenant, graph: Api, room: Chat, asha: Hand, status: int
) -> None:
    tenant.rules.member_twice = status

    answer = graph("POST", f"/chats/{room.id}/members", bound(tenant, asha))

    assert answer.status_code == status
    assert len(room.members) == 2


def test_a_chat_that_began_with_two_can_be_closed_to_a_third(
    tenant: Tenant, graph: Api, room: Chat, ben: Hand
) -> None:
    tenant.rules.two_are_closed = True

    answer = graph("POST", f"/chats/{room.id}/members", bound(tenant, ben))

    assert answer.json()["error"]["message"] == "RosterAddMemberBlocked"


def test_lists_come_in_small_pages(tenant: Tenant, graph: Api, room: Chat, ben: Hand) -> None:
    room.adds(ben.person, ["owner"])
    tenant.rules.page = 2

    first = graph("GET", f"/chats/{room.id}/members").json()
    second = graph("GET", first["@odata.nextLink"]).json()

    assert [len(first["value"]), len(second["value"])] == [2, 1]
    assert "@odata.nextLink" not in second


def test_the_topic_is_changed_and_the_chat_deleted(
    tenant: Tenant, graph: Api, app: Listening, room: Chat
) -> None:
    assert graph("PATCH", f"/chats/{room.id}", {"topic": "F-1043"}).json()["topic"] == "F-1043"
    tenant.settle()
    assert app.last("conversationUpdate")["topicName"] == "F-1043"
    assert refusal(graph("PATCH", f"/chats/{room.id}", {"topic": "F: 1"}))[0] == 400
    assert graph("GET", f"/chats/{room.id}").json()["topic"] == "F-1043"

    assert graph("DELETE", f"/chats/{room.id}").status_code == 204
    assert refusal(graph("GET", f"/chats/{room.id}")) == (404, "NotFound")


def test_what_stands_in_a_chat_is_read_newest_first(
    tenant: Tenant, graph: Api, connector: Api, room: Chat, asha: Hand
) -> None:
    asha.writes(room, "Hello")
    shown = card({"type": "TextBlock", "text": "Call school"})
    number = connector("POST", f"/{room.id}/activities", message(shown)).json()["id"]

    read = graph("GET", f"/chats/{room.id}/messages").json()["value"]

    assert (read[0]["id"], read[0]["from"]["application"]["id"]) == (number, tenant.app.client_id)
    assert json.loads(read[0]["attachments"][0]["content"]) == shown
    assert read[1]["from"]["user"]["id"] == asha.id
    assert (read[2]["messageType"], read[2]["from"]) == ("systemEventMessage", None)
    answer = graph("GET", f"/chats/{room.id}/messages", **{"$top": "51"})
    assert refusal(answer) == (400, "BadRequest")


def test_a_new_message_may_not_be_listed_yet(
    tenant: Tenant, graph: Api, room: Chat, asha: Hand
) -> None:
    wall = [1_700_000_000.0]
    tenant.now, tenant.rules.lag = lambda: wall[0], 5.0
    token = tenant.login.token("https://graph.microsoft.com/.default", exp=9_999_999_999)
    graph.token = token
    hers = asha.writes(room, "Hello")

    def listed() -> list[str]:
        return [one["id"] for one in graph("GET", f"/chats/{room.id}/messages").json()["value"]]

    assert hers.id not in listed()
    wall[0] += 5
    assert hers.id in listed()


@pytest.mark.parametrize(
    ("verb", "path", "role"),
    [
        ("POST", "/chats", "Chat.Create"),
        ("GET", "/chats/{chat}/messages", "ChatMessage.Read.Chat"),
        ("POST", "/chats/{chat}/members", "Chat.Manage.Chat"),
        ("GET", "/users/{person}", "User.ReadBasic.All"),
        ("GET", "/appCatalogs/teamsApps", "AppCatalog.Read.All"),
    ],
)
def test_every_call_needs_a_permission(
    tenant: Tenant, graph: Api, room: Chat, asha: Hand, verb: str, path: str, role: str
) -> None:
    tenant.app.roles = {"Nothing.Of.It"}

    answer = graph(verb, path.format(chat=room.id, person=asha.id), {})

    assert refusal(answer) == (403, "Forbidden")
    assert role in answer.json()["error"]["message"]
    assert "'Nothing.Of.It'" in answer.json()["error"]["message"]


def test_consent_given_in_a_chat_holds_in_that_chat(
    tenant: Tenant, graph: Api, room: Chat, asha: Hand, ben: Hand
) -> None:
    tenant.app.rsc = {"ChatMessage.Read.Chat"}
    tenant.app.roles = {"Chat.Create", "TeamsAppInstallation.ReadWriteSelfForChat.All"}
    at = f"/chats/{graph('POST', '/chats', making(tenant, asha, ben)).json()['id']}"
    consented = {"permissionValue": "ChatMessage.Read.Chat", "permissionType": "Application"}
    consent = {"consentedPermissionSet": {"resourceSpecificPermissions": [consented]}}

    assert refusal(graph("POST", f"{at}/installedApps", our_app(tenant) | consent))[0] == 403
    tenant.app.roles.add("TeamsAppInstallation.ReadWriteAndConsentSelfForChat.All")
    assert refusal(graph("POST", f"{at}/installedApps", our_app(tenant)))[0] == 400
    added = graph("POST", f"{at}/installedApps", our_app(tenant) | consent)
    assert added.status_code == 201
    assert graph("GET", f"{at}/messages").status_code == 200
    assert refusal(graph("GET", f"/chats/{room.id}/messages"))[0] == 403
