"""People's hands in the fake Teams: what they can do, what they cannot, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.conftest import Api, card, message
from tests.platforms.teams.dialogs import UNREACHABLE
from tests.platforms.teams.forms import FORM, replacing, saying, telling
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.refusing import ClientRefuses, Unshowable
from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def room(tenant: Tenant, asha: Hand, gwen: Hand) -> Chat:
    return tenant.add_chat("F-1042", asha.person, gwen.person, app=True)


@pytest.fixture
def shown(connector: Api, room: Chat) -> Message:
    assert connector("POST", f"/{room.id}/activities", message(FORM)).status_code == 201
    return room.standing()[-1]


def test_in_a_chat_the_bot_hears_only_what_mentions_it(
    tenant: Tenant, app: Listening, room: Chat, asha: Hand
) -> None:
    asha.writes(room, "Between ourselves")
    asha.types("TAF actions", room)

    tenant.settle()
    assert [one["text"] for one in app.heard if one["type"] == "message"] == [
        "<at>TAF Assistant</at> actions"
    ]
    heard = app.last("message")
    assert heard["entities"][0]["mentioned"]["id"] == heard["recipient"]["id"]
    assert heard["from"] == asha.person.account()
    assert (heard["conversation"]["isGroup"], heard["conversation"]["id"]) == (True, room.id)
    assert heard["channelData"]["tenant"]["id"] == tenant.id


def test_with_consent_it_hears_everything(
    tenant: Tenant, app: Listening, room: Chat, asha: Hand
) -> None:
    room.consented.add("ChatMessage.Read.Chat")

    asha.writes(room, "Between ourselves")

    tenant.settle()
    assert app.last("message")["text"] == "Between ourselves"


def test_in_the_personal_chat_it_hears_everything_and_is_installed_first(
    tenant: Tenant, app: Listening, asha: Hand
) -> None:
    asha.types("actions")

    assert app.kinds() == ["conversationUpdate", "installationUpdate", "message"]
    heard = app.last("message")
    assert (heard["text"], heard["conversation"]["conversationType"]) == ("actions", "personal")
    assert heard["conversation"]["id"] == asha.personal.id


def test_a_button_without_a_verb_sends_nothing(
    tenant: Tenant, app: Listening, connector: Api, room: Chat, asha: Hand
) -> None:
    nameless = card(actions=[{"type": "Action.Execute", "title": "Save", "data": {"ref": "A-7"}}])
    assert connector("POST", f"/{room.id}/activities", message(nameless)).status_code == 201
    with pytest.raises(ClientRefuses, match="Unable to reach app"):
        asha.presses(room.standing()[-1], "Save")
    tenant.settle()
    assert app.kinds() == ["conversationUpdate", "installationUpdate"]  # the chat's own, no press


def test_nobody_does_what_they_cannot(
    tenant: Tenant, app: Listening, room: Chat, shown: Message, asha: Hand, ben: Hand
) -> None:
    with pytest.raises(ClientRefuses, match="not in front of them"):
        ben.presses(shown, "Save")
    with pytest.raises(ClientRefuses, match="not in that chat"):
        ben.writes(room, "Hello")
    with pytest.raises(LookupError, match="0 elements"):
        asha.presses(shown, "Delete")
    asha.admin.removes_bot(room)
    with pytest.raises(ClientRefuses, match="not in the chat"):
        asha.types("TAF actions", room)
    asha.admin.deactivates(asha.person)
    with pytest.raises(ClientRefuses, match="closed"):
        asha.writes(room, "Hello")


def test_a_press_carries_what_was_filled_in_and_gives_the_presser_a_card(
    tenant: Tenant, app: Listening, shown: Message, asha: Hand, gwen: Hand
) -> None:
    app.answers = lambda _: (200, replacing(saying("Saved")))
    answers: dict[str, Any] = {"f_what": "Call", "f_days": 3, "f_due": "2025-03-04"}
    answers |= {"f_at": "09:30", "f_sure": True, "f_who": "Ben"}
    asha.fills(shown, answers | {"f_days_of": ["friday", "Monday"]})

    asha.presses(shown, "Save")

    heard = app.last("adaptiveCard/action")
    assert heard["replyToId"] == shown.id
    assert heard["value"]["trigger"] == "manual"
    assert heard["value"]["action"]["verb"] == "save"
    assert heard["value"]["action"]["data"] == {
        "ref": "A-7",
        "f_what": "Call",
        "f_days": "3",
        "f_due": "2025-03-04",
        "f_at": "09:30",
        "f_sure": "true",
        "f_who": "ben",
        "f_days_of": "monday,friday",
        "f_hidden": "kept",
    }
    assert asha.reads("Saved") is shown
    assert not shown.says("Saved", gwen.person)
    assert asha.errors == []


def test_an_update_is_for_everybody(
    tenant: Tenant, app: Listening, connector: Api, room: Chat, shown: Message, asha: Hand
) -> None:
    app.answers = lambda _: (200, replacing(saying("Saved")))
    asha.fills(shown, {"f_what": "Call"})
    asha.presses(shown, "Save")

    said = message(saying("Saved by Asha"))
    connector("PUT", f"/{room.id}/activities/{shown.id}", said)

    assert asha.reads("Saved by Asha").card_of(asha.person) == saying("Saved by Asha")


def test_what_is_left_empty_is_not_sent_at_all(app: Listening, shown: Message, asha: Hand) -> None:
    app.answers = lambda _: (200, telling("Thank you"))
    asha.fills(shown, {"f_what": "Call", "f_note": "Later"})
    asha.fills(shown, {"f_note": ""})

    asha.presses(shown, "Save")

    data = app.last("adaptiveCard/action")["value"]["action"]["data"]
    assert data == {"ref": "A-7", "f_what": "Call", "f_sure": "false", "f_hidden": "kept"}
    assert asha.notices == ["Thank you"]


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({}, "required"),
        ({"f_what": "x" * 21}, "no more than 20"),
        ({"f_what": "Call", "f_days": "some"}, "no number"),
        ({"f_what": "Call", "f_days": 10}, "too large"),
        ({"f_what": "Call", "f_due": "4 March"}, "no date"),
        ({"f_what": "Call", "f_due": "2025-02-28"}, "too small"),
        ({"f_what": "Call", "f_at": "9:30"}, "no time"),
        ({"f_what": "Call", "f_who": "maya"}, "0 choices"),
        ({"f_what": "Call", "f_who": ["asha", "ben"]}, "one choice"),
        ({"f_what": "Call", "f_hidden": "x"}, "hidden"),
    ],
)
def test_the_client_does_not_send_what_breaks_its_rules(
    app: Listening, shown: Message, asha: Hand, filled: dict[str, Any], why: str
) -> None:
    def sends() -> None:
        asha.fills(shown, filled)
        asha.presses(shown, "Save")

    with pytest.raises(ClientRefuses, match=why):
        sends()
    assert "adaptiveCard/action" not in app.kinds()


@pytest.mark.parametrize(
    "said", [None, {}, {"statusCode": 200}, telling(""), replacing(saying("x")) | {"value": "x"}]
)
def test_an_empty_or_wrong_answer_is_asked_for_again_and_then_complained_of(
    app: Listening, shown: Message, asha: Hand, said: Any
) -> None:
    app.answers = lambda _: (200, said)
    asha.fills(shown, {"f_what": "Call"})

    asha.presses(shown, "Save")

    asked = [one for one in app.heard if one.get("name") == "adaptiveCard/action"]
    assert [one["id"] for one in asked] == [asked[0]["id"]] * 2
    assert asha.errors == [UNREACHABLE]


def test_a_repetition_may_have_another_id(
    tenant: Tenant, app: Listening, shown: Message, asha: Hand
) -> None:
    tenant.clocks.same_id = False
    said = iter([None, telling("Thank you")])
    app.answers = lambda heard: (200, next(said) if heard["type"] == "invoke" else None)
    asha.fills(shown, {"f_what": "Call"})

    asha.presses(shown, "Save")

    asked = [one for one in app.heard if one.get("name") == "adaptiveCard/action"]
    assert len({one["id"] for one in asked}) == 2
    assert (asha.errors, asha.notices) == ([], ["Thank you"])


def test_a_card_that_teams_cannot_show(app: Listening, shown: Message, asha: Hand) -> None:
    app.answers = lambda _: (200, replacing(saying("x") | {"version": "1.6"}))
    asha.fills(shown, {"f_what": "Call"})

    with pytest.raises(Unshowable, match=r"1\.6"):
        asha.presses(shown, "Save")


def test_an_error_is_shown_to_the_presser(app: Listening, shown: Message, asha: Hand) -> None:
    value = {"code": "BadRequest", "message": "Not so"}
    kind = "application/vnd.microsoft.error"
    app.answers = lambda _: (200, {"statusCode": 400, "type": kind, "value": value})
    asha.fills(shown, {"f_what": "Call"})

    asha.presses(shown, "Save")

    assert "Not so" in asha.errors[0]


def test_action_submit_is_a_message_without_words(
    app: Listening, shown: Message, asha: Hand
) -> None:
    asha.fills(shown, {"f_what": "Call"})

    asha.presses(shown, "Send")

    heard = app.last("message")
    assert (heard["value"]["f_what"], heard["replyToId"]) == ("Call", shown.id)
    assert "text" not in heard


def test_a_link_tells_our_app_nothing(app: Listening, shown: Message, asha: Hand) -> None:
    asha.fills(shown, {"f_what": "Call"})

    asha.presses(shown, "Page")

    assert "message" not in app.kinds()


def test_what_others_do_is_told(
    tenant: Tenant, app: Listening, room: Chat, asha: Hand, ben: Hand
) -> None:
    told = asha.admin.brings(room, ben.person)
    told += asha.admin.renames(room, "Ours")
    told += asha.admin.removes(room, ben.person)
    told += asha.admin.removes_bot(room)
    tenant.settle()

    assert all(one.acknowledged for one in told)
    said = [{*one.body} & {"membersAdded", "membersRemoved", "topicName"} for one in told]
    assert said == [{"membersAdded"}, {"topicName"}, {"membersRemoved"}, {"membersRemoved"}, set()]
    assert told[-1].body["action"] == "remove"
    assert told[0].body["from"]["aadObjectId"] == asha.id
    assert asha.admin.brings(room, ben.person) == []
