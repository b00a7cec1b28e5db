"""The fake connector: what it takes from our bot, and what it refuses."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.platforms.teams.chats import Chat
from tests.platforms.teams.conftest import Api, card, message
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.keys import made
from tests.platforms.teams.login import GRAPH
from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def room(tenant: Tenant, asha: Hand, gwen: Hand) -> Chat:
    return tenant.add_chat("F-1042", asha.person, gwen.person, app=True)


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """How the connector said no."""
    return answer.status_code, answer.json()["error"]["code"]


def test_a_message_is_written_changed_and_deleted(
    connector: Api, room: Chat, asha: Hand, ben: Hand
) -> None:
    text = {"type": "TextBlock", "text": "Call school", "wrap": True}

    sent = connector("POST", f"/{room.id}/activities", message(card(text), text="An action"))

    number = sent.json()["id"]
    assert sent.status_code == 201
    assert asha.reads("Call school").id == number
    assert ben.sees == []
    again = connector("PUT", f"/{room.id}/activities/{number}", message(text="Done"))
    assert (again.status_code, again.json()) == (200, {"id": number})
    assert [(one.text, one.edits, one.blocks) for one in room.standing()] == [("Done", 1, [])]
    assert connector("DELETE", f"/{room.id}/activities/{number}").status_code == 200
    assert room.standing() == []
    gone = connector("PUT", f"/{room.id}/activities/{number}", message(text="Done"))
    assert refusal(gone) == (404, "ActivityNotFoundInConversation")


def test_a_reply_names_a_message_that_is_there(connector: Api, room: Chat, asha: Hand) -> None:
    asked = asha.writes(room, "Who calls school?")

    sent = connector("POST", f"/{room.id}/activities/{asked.id}", message(text="Asha does"))

    assert sent.status_code == 201
    assert room.standing()[-1].reply_to == asked.id
    nowhere = connector("POST", f"/{room.id}/activities/17", message(text="Asha does"))
    assert refusal(nowhere) == (404, "ActivityNotFoundInConversation")


def test_only_our_own_messages_are_changed(connector: Api, room: Chat, asha: Hand) -> None:
    hers = asha.writes(room, "Hello")

    answer = connector("PUT", f"/{room.id}/activities/{hers.id}", message(text="Bye"))

    assert refusal(answer) == (403, "NotEnoughPermissions")
    assert hers.text == "Hello"


def test_a_bot_writes_only_where_it_is(
    tenant: Tenant, connector: Api, room: Chat, asha: Hand
) -> None:
    asha.admin.removes_bot(room)
    answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))
    assert refusal(answer) == (403, "BotNotInConversationRoster")
    assert refusal(connector("GET", f"/{room.id}/members"))[0] == 403

    asha.admin.deletes(room)
    answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))
    assert refusal(answer) == (404, "ConversationNotFound")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"type": "message"}, "BadSyntax"),
        ({"type": "event", "text": "Hello"}, "BadArgument"),
        (message(text="Hello <at>Asha</at>"), "BadArgument"),
        (
            message(
                text="Hello <at>Z</at>",
                entities=[{"type": "mention", "text": "<at>Z</at>", "mentioned": {"id": "29:z"}}],
            ),
            "BadArgument",
        ),
        ({"type": "message", "attachments": [{"contentType": "image/png"}]}, "BadArgument"),
        (message(card({"type": "TextBlok", "text": "Hello"})), "BadArgument"),
    ],
)
def test_what_it_does_not_take(connector: Api, room: Chat, said: dict[str, Any], code: str) -> None:
    assert refusal(connector("POST", f"/{room.id}/activities", said)) == (400, code)
    assert room.standing() == []


def test_somebody_in_the_chat_is_mentioned_by_either_id(
    connector: Api, room: Chat, asha: Hand
) -> None:
    for handle in (asha.id, asha.person.mri):
        mention = {"type": "mention", "text": "<at>Asha</at>", "mentioned": {"id": handle}}
        said = message(text="Hello <at>Asha</at>", entities=[mention])
        assert connector("POST", f"/{room.id}/activities", said).status_code == 201


def test_a_message_too_large_for_it(tenant: Tenant, connector: Api, room: Chat) -> None:
    text = {"type": "TextBlock", "text": "x" * 28_000}

    for said in (message(card(text)), message(text="x" * 51_000)):
        answer = connector("POST", f"/{room.id}/activities", said)
        assert refusal(answer) == (413, "MessageSizeTooBig")


def test_a_targeted_message_is_seen_by_one(
    connector: Api, room: Chat, asha: Hand, gwen: Hand, ben: Hand
) -> None:
    said = message(text="For you", recipient={"id": asha.person.mri})

    connector("POST", f"/{room.id}/activities", said, isTargetedActivity="true")

    assert [one.text for one in asha.sees] == ["For you"]
    assert gwen.sees == []
    said["recipient"] = {"id": ben.person.mri}
    answer = connector("POST", f"/{room.id}/activities", said, isTargetedActivity="true")
    assert refusal(answer) == (400, "BadArgument")


@pytest.mark.parametrize("how", ["none", "graph", "expired", "revoked", "forged"])
def test_a_caller_whom_it_does_not_know(
    tenant: Tenant, connector: Api, room: Chat, how: str
) -> None:
    connector.token = tenant.login.token()
    match how:
        case "none":
            connector.token = "nothing"
        case "graph":
            connector.token = tenant.login.token(f"{GRAPH}/.default")
        case "expired":
            connector.token = tenant.login.token(exp=int(tenant.now()) - 1)
        case "revoked":
            tenant.login.revokes()
        case "forged":
            tenant.login.key = made("forger")
            connector.token = tenant.login.token()

    answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))

    denied = {"message": "Authorization has been denied for this request."}
    assert (answer.status_code, answer.json()) == (401, denied)


def test_a_personal_chat_is_begun_with_one_person_who_can_be_reached(
    tenant: Tenant, connector: Api, room: Chat, asha: Hand, ben: Hand
) -> None:
    def begin(*people: str, **more: Any) -> httpx2.Response:
        said = {"members": [{"id": one} for one in people], "tenantId": tenant.id}
        return connector("POST", "", said | more)

    assert begin(asha.person.mri).json()["id"] == asha.personal.id
    assert begin(asha.id).json()["id"] == asha.personal.id
    assert refusal(begin(ben.person.mri)) == (403, "ForbiddenOperationException")
    assert refusal(begin(asha.person.mri, ben.person.mri)) == (400, "BadArgument")
    assert refusal(begin(asha.person.mri, isGroup=True)) == (400, "BadArgument")
    assert refusal(begin(asha.person.mri, tenantId="another"))[0] == 403
    assert refusal(begin(asha.person.mri, activity=message(text="Hello")))[0] == 400
    outside = tenant.joins("Olu Ade", "olu@elsewhere.example", outside=True)
    assert refusal(begin(outside.person.mri))[0] == 403


def test_a_personal_chat_has_two_ids_and_an_end(tenant: Tenant, connector: Api, asha: Hand) -> None:
    asha.admin.installs_for(asha.person)
    chat = asha.personal
    for handle in (chat.id, chat.graph_id):
        assert connector("POST", f"/{handle}/activities", message(text="Hello")).status_code == 201
    assert [one.text for one in asha.sees] == ["Hello", "Hello"]

    asha.admin.blocks_bot()
    answer = connector("POST", f"/{chat.id}/activities", message(text="Hello"))
    assert refusal(answer) == (403, "ConversationBlockedByUser")
    chat.blocked = False
    asha.admin.deactivates(asha.person)
    answer = connector("POST", f"/{chat.id}/activities", message(text="Hello"))
    assert refusal(answer) == (403, "MessageWritesBlocked")


def test_the_members_come_in_pages(
    tenant: Tenant, connector: Api, room: Chat, asha: Hand, gwen: Hand, ben: Hand
) -> None:
    tenant.rules.page = 1

    first = connector("GET", f"/{room.id}/pagedMembers").json()
    token = first["continuationToken"]
    second = connector("GET", f"/{room.id}/pagedMembers", continuationToken=token).json()

    shown = [*first["members"], *second["members"]]
    assert "continuationToken" not in second
    assert [(one["aadObjectId"], one["userRole"]) for one in shown] == [
        (asha.id, "user"),
        (gwen.id, "guest"),
    ]
    assert len(connector("GET", f"/{room.id}/members").json()) == 2
    one = connector("GET", f"/{room.id}/members/{asha.person.mri}").json()
    assert one["email"] == "asha@example.org"
    assert refusal(connector("GET", f"/{room.id}/members/{ben.id}"))[0] == 404


def test_an_app_that_an_administrator_has_blocked(
    tenant: Tenant, connector: Api, room: Chat, asha: Hand
) -> None:
    asha.admin.disables_app()

    answer = connector("POST", f"/{room.id}/activities", message(text="Hello"))

    assert refusal(answer) == (403, "BotDisabledByAdmin")
