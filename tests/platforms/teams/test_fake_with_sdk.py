"""Microsoft's own SDK on the fake Teams: what the one says, the other understands."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.api.clients import ApiClient
from microsoft_teams.api.clients.conversation import CreateConversationParams
from microsoft_teams.api.models import Account
from microsoft_teams.apps import App, FastAPIAdapter
from microsoft_teams.cards import AdaptiveCard
from microsoft_teams.common.http import Client, ClientOptions

from bot.running import listen, served
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.forms import DIALOG, FORM, continuing, replacing, saying
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.tenant import Tenant

# The SDK warns of parts of its own that it will drop, whenever it is put together.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ONCE = {"Connection": "close"}
"""Lest a connection outlive the loop in which it was opened."""


@pytest.fixture
def room(tenant: Tenant, asha: Hand, gwen: Hand) -> Chat:
    return tenant.add_chat("F-1042", asha.person, gwen.person, app=True)


@pytest.fixture
def api(tenant: Tenant) -> ApiClient:
    """The SDK's client of the connector."""
    options = ClientOptions(token=tenant.login.token, timeout=5, headers=ONCE)
    return ApiClient(tenant.service_url, Client(options))


def test_its_client_writes_changes_deletes_and_lists(
    tenant: Tenant, api: ApiClient, room: Chat, asha: Hand, gwen: Hand
) -> None:
    async def story() -> Any:
        activities = api.conversations.activities(room.id)
        first = await activities.create(MessageActivityInput(text="Hello"))
        shown = AdaptiveCard.model_validate(saying("Call school"))
        second = await activities.reply(first.id, MessageActivityInput().add_card(shown))
        await activities.update(first.id, MessageActivityInput(text="Good morning"))
        await activities.create(MessageActivityInput(text="Oh"))
        await activities.delete(room.standing()[-1].id)
        begun = await api.conversations.create(
            CreateConversationParams(members=[Account(id=asha.person.mri)], tenant_id=tenant.id)
        )
        page = await api.conversations.members(room.id).get_paged(page_size=50)
        one = await api.conversations.members(room.id).get(gwen.person.mri)
        return first, second, begun, page, one

    first, second, begun, page, one = asyncio.run(story())

    assert [each.text for each in room.standing()] == ["Good morning", ""]
    assert (room.standing()[1].id, room.standing()[1].reply_to) == (second.id, first.id)
    assert asha.reads("Call school") is room.standing()[1]
    assert begun.id == asha.personal.id
    assert [each.aad_object_id for each in page.members] == [asha.id, gwen.id]
    assert one.user_principal_name == gwen.person.upn


@pytest.fixture
def heard(tenant: Tenant) -> Iterator[list[Any]]:
    """A bot made with the SDK, served with its authentication on; what its doors were given."""
    pages = FastAPI()
    heard: list[Any] = []
    app = App(
        client_id=tenant.app.client_id,
        tenant_id=tenant.id,
        token=lambda scope, _: tenant.login.token(scope),
        cloud=with_overrides(PUBLIC, openid_metadata_url=tenant.keys.metadata_url),
        client=ClientOptions(timeout=5, headers=ONCE),
        http_server_adapter=FastAPIAdapter(app=pages),
        state=False,
    )

    @app.on_message
    async def message(turn: Any) -> None:
        heard.append(turn.activity)
        turn.activity.strip_mentions_text()
        await turn.send(f"You said {turn.activity.text}")

    @app.on_card_action_execute("save")
    async def save(turn: Any) -> Any:
        heard.append(turn.activity)
        return replacing(saying("Saved"))

    @app.on_dialog_open
    async def opened(turn: Any) -> Any:
        heard.append(turn.activity)
        return continuing(DIALOG)

    @app.on_dialog_submit
    async def submitted(turn: Any) -> Any:
        heard.append(turn.activity)

    @app.on_message_ext_open
    async def shortcut(turn: Any) -> Any:
        heard.append(turn.activity)
        return continuing(DIALOG)

    @app.on_activity
    async def anything(turn: Any) -> None:
        heard.append(turn.activity)
        await turn.next()

    asyncio.run(app.initialize())
    port = listen("127.0.0.1", 0)
    tenant.request_url = f"http://127.0.0.1:{port.getsockname()[1]}/api/messages"
    with served(pages, port, threading.Event()):
        yield heard


def test_its_bot_hears_what_people_do_and_answers(
    tenant: Tenant, heard: list[Any], room: Chat, asha: Hand, ben: Hand
) -> None:
    asha.types("TAF actions", room)
    assert asha.reads("You said actions").sender == tenant.app.mri

    told = asha.admin.brings(room, ben.person)
    told += asha.admin.renames(room, "Ours")
    told += asha.admin.removes_bot(room)
    told += asha.admin.brings_bot(room)
    tenant.settle()

    assert [one.attempts[0].status for one in told] == [200] * len(told)
    assert asha.errors == []


def test_its_bot_takes_presses_and_dialogs(
    tenant: Tenant, heard: list[Any], room: Chat, asha: Hand
) -> None:
    shown = FORM | {"actions": [dict(one) for one in FORM["actions"]]}
    shown["actions"][0]["data"] = {"action": "save", "ref": "A-7"}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": shown}
    message = tenant.write(room, tenant.app.mri, "", attachments=[attachment])
    asha.fills(message, {"f_what": "Call"})

    asha.presses(message, "Save")
    assert asha.reads("Saved") is message
    message.views.clear()
    asha.presses(message, "More")
    asha.fills(asha.dialog, {"f_what": "Call"})
    asha.submits(asha.dialog)
    assert asha.view is None
    asha.shortcut("make_action", message)

    assert asha.dialog is not None
    assert asha.errors == []
    names = {getattr(one, "name", None) for one in heard}
    assert names >= {"adaptiveCard/action", "task/fetch", "task/submit"}
    assert "composeExtension/fetchTask" in names


def test_its_bot_takes_no_token_with_one_thing_wrong(tenant: Tenant, heard: list[Any]) -> None:
    body = b'{"type": "message"}'
    for how in ("forged", "another audience", "another issuer", "expired", "empty"):
        headers = tenant.outgoing.headers(tenant.keys.wrong(how))
        assert tenant.send_raw(body, headers).status == 401, how
    assert heard == []
