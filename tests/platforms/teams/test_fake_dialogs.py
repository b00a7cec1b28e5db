"""Dialogs in the fake Teams: opened, sent off, drawn again, closed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.conftest import Api, card, message
from tests.platforms.teams.dialogs import UNREACHABLE
from tests.platforms.teams.forms import DIALOG, FORM, continuing, saying
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.refusing import ClientRefuses, Unshowable
from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def room(tenant: Tenant, asha: Hand, gwen: Hand) -> Chat:
    return tenant.add_chat("F-1042", asha.person, gwen.person, app=True)


@pytest.fixture
def shown(app: Listening, connector: Api, room: Chat) -> Message:
    app.answers = lambda said: (200, continuing(DIALOG) if said["type"] == "invoke" else None)
    assert connector("POST", f"/{room.id}/activities", message(FORM)).status_code == 201
    return room.standing()[-1]


def test_a_button_opens_a_dialog_though_the_card_is_not_filled_in(
    app: Listening, shown: Message, asha: Hand
) -> None:
    asha.presses(shown, "More")

    heard = app.last("task/fetch")
    assert heard["value"]["data"] == {"msteams": {"type": "task/fetch"}, "ref": "A-7"}
    assert asha.dialog is not None
    assert (asha.dialog.title, asha.dialog.times) == ("An action", 1)


def test_it_is_sent_off_drawn_again_and_closed(app: Listening, shown: Message, asha: Hand) -> None:
    asha.presses(shown, "More")
    with pytest.raises(ClientRefuses, match="required"):
        asha.submits(asha.dialog)
    first = asha.dialog
    asha.fills(asha.dialog, {"f_what": "Call", "f_note": ""})

    asha.submits(asha.dialog)

    # The emptied field's name in the button's own data leaks through: a trap to avoid.
    sent = app.last("task/submit")["value"]["data"]
    assert sent == {"_ctx": "A-7", "f_note": "old", "f_what": "Call"}
    assert asha.dialog is not None
    assert asha.dialog is not first
    assert asha.dialog.times == 2
    with pytest.raises(ClientRefuses, match="not in front of them"):
        asha.submits(first)
    app.answers = lambda _: (200, None)
    asha.fills(asha.dialog, {"f_what": "Call"})
    asha.submits(asha.dialog)
    assert asha.view is None
    assert asha.errors == []


def test_another_action_of_a_dialog_is_sent_without_its_inputs(
    app: Listening, shown: Message, asha: Hand
) -> None:
    asha.presses(shown, "More")
    assert asha.dialog is not None
    asha.presses(asha.dialog, "Add a row")

    assert app.last("task/submit")["value"]["data"] == {"_ctx": "A-7", "row": "add"}


def test_closed_without_sending_our_app_hears_nothing(
    app: Listening, shown: Message, asha: Hand
) -> None:
    asha.presses(shown, "More")
    before = len(app.heard)

    assert asha.closes(asha.dialog) == []

    assert asha.dialog is None
    assert len(app.heard) == before


def test_a_sentence_closes_it_too(app: Listening, shown: Message, asha: Hand) -> None:
    asha.presses(shown, "More")
    app.answers = lambda _: (200, {"task": {"type": "message", "value": "It is kept"}})
    asha.fills(asha.dialog, {"f_what": "Call"})

    asha.submits(asha.dialog)

    assert (asha.dialog, asha.notices) == (None, ["It is kept"])


@pytest.mark.parametrize("said", [None, {"task": {"type": "other"}}, {"task": None}])
def test_a_dialog_that_does_not_come(app: Listening, shown: Message, asha: Hand, said: Any) -> None:
    app.answers = lambda _: (200, said)

    asha.presses(shown, "More")

    assert app.kinds().count("task/fetch") == 2
    assert (asha.dialog, asha.errors) == (None, [UNREACHABLE])


@pytest.mark.parametrize(
    "said",
    [
        continuing(saying("x"), height="huge"),
        continuing({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Nothing"}]}),
        continuing(card(actions=[{"type": "Action.Execute", "title": "Save"}])),
        {"task": {"type": "continue", "value": {"url": "https://example.org/"}}},
    ],
)
def test_a_dialog_that_cannot_be_shown(
    app: Listening, shown: Message, asha: Hand, said: Any
) -> None:
    app.answers = lambda _: (200, said)

    with pytest.raises(Unshowable):
        asha.presses(shown, "More")


def test_a_message_action_hands_over_the_message(
    tenant: Tenant, app: Listening, room: Chat, shown: Message, asha: Hand, gwen: Hand
) -> None:
    said = gwen.writes(room, "Somebody should call school & home")
    asha.shortcut("make_action", said)

    heard = app.last("composeExtension/fetchTask")["value"]
    assert (heard["commandId"], heard["commandContext"]) == ("make_action", "message")
    assert heard["messagePayload"]["id"] == said.id
    assert heard["messagePayload"]["body"]["content"] == (
        "<p>Somebody should call school &amp; home</p>"
    )
    assert heard["messagePayload"]["from"]["user"]["id"] == gwen.id
    asha.fills(asha.dialog, {"f_what": "Call"})
    app.answers = lambda _: (200, None)
    asha.submits(asha.dialog)
    sent = app.last("composeExtension/submitAction")["value"]
    assert (sent["commandId"], sent["data"]["f_what"]) == ("make_action", "Call")
    assert sent["messagePayload"]["id"] == said.id
    assert asha.dialog is None


def test_a_message_action_is_brought_three_times_to_an_app_that_is_late(
    tenant: Tenant, app: Listening, shown: Message, asha: Hand
) -> None:
    tenant.clocks.extension = 0.05
    app.answers = lambda _: (200, time.sleep(0.2))  # type: ignore[func-returns-value]

    asha.shortcut("make_action", shown)

    tenant.until(lambda: app.kinds().count("composeExtension/fetchTask") == 3)
    assert asha.errors == [UNREACHABLE]
    tenant.app.commands = {"make_action"}
    with pytest.raises(ClientRefuses, match="no command"):
        asha.shortcut("another", shown)


def test_a_menu_is_filled_while_one_types(
    tenant: Tenant, app: Listening, shown: Message, asha: Hand, ben: Hand
) -> None:
    def menu(name: str, dataset: str) -> dict[str, Any]:
        query = {"type": "Data.Query", "dataset": dataset}
        return {"type": "Input.ChoiceSet", "id": name, "choices": [], "choices.data": query}

    everybody = "graph.microsoft.com/users"
    drawn = card(
        menu("f_of", "families"),
        menu("f_who", everybody),
        menu("f_here", f"{everybody}?scope=currentContext"),
        actions=[{"type": "Action.Submit", "title": "Save"}],
    )
    app.answers = lambda _: (200, continuing(drawn))
    asha.presses(shown, "More")
    found = [{"title": "F-1042", "value": "taf-7"}]
    kind = "application/vnd.microsoft.search.searchResponse"
    app.answers = lambda _: (200, {"statusCode": 200, "type": kind, "value": {"results": found}})

    assert asha.searches(asha.dialog, "f_of", "10") == found
    assert asha.searches(asha.dialog, "f_who", "ben") == [{"title": "Ben Ford", "value": ben.id}]
    assert asha.searches(asha.dialog, "f_here", "ben") == []
    asha.fills(asha.dialog, {"f_of": "taf-7"})
    asha.submits(asha.dialog)

    assert app.last("application/search")["value"]["queryText"] == "10"
    assert app.last("task/submit")["value"]["data"] == {"f_of": "taf-7"}
