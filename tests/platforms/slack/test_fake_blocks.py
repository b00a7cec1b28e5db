"""What the fake Slack refuses to show, in messages, modals and home tabs."""

from __future__ import annotations

import contextlib
import copy
from random import Random
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.platforms.slack.blocks import check_message, check_view
from tests.platforms.slack.channels import Channel
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.workspace import Workspace

Block = dict[str, Any]


def words(length: int, kind: str = "plain_text") -> Block:
    return {"type": kind, "text": "x" * length}


def option(value: str = "1", text: int = 5) -> Block:
    return {"text": words(text), "value": value}


def button(action_id: str = "done", **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": words(4), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Block:
    return {"type": "section", "text": words(10, "mrkdwn"), **more}


def field(block_id: str = "name", **element: Any) -> Block:
    element = {"type": "plain_text_input", "action_id": "it", **element}
    return {"type": "input", "block_id": block_id, "label": words(5), "element": element}


def menu(kind: str, count: int, **more: Any) -> Block:
    options = [option(str(number)) for number in range(count)]
    return {"type": kind, "action_id": "menu", "options": options, **more}


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": words(10), "submit": words(4), "blocks": [*blocks], **more}


def test_what_fits_is_shown() -> None:
    confirm = {"title": words(100), "text": words(300), "confirm": words(30), "deny": words(30)}
    check_message(
        [
            {"type": "header", "text": words(150)},
            {"type": "divider"},
            section(fields=[words(2000)] * 2, accessory=menu("overflow", 5)),
            {"type": "context", "elements": [words(20, "mrkdwn")] * 10},
            actions(button(value="v" * 2000, style="danger", confirm=confirm), button("other")),
            actions(menu("static_select", 100), button()),
        ]
    )
    check_view(modal(*[field(str(number)) for number in range(100)]), "modal")
    check_view({"type": "home", "blocks": [section()] * 100}, "home")


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([section()] * 51, "no more than 50 items"),
        ([{"type": "header", "text": words(151)}], "less than 151 characters"),
        ([{"type": "header", "text": words(9, "mrkdwn")}], "must be one of"),
        ([section(text=words(3001))], "less than 3001"),
        ([section(text=words(0))], "more than 0"),
        ([{"type": "section"}], "must have text or fields"),
        ([section(fields=[words(5)] * 11)], "no more than 10"),
        ([section(fields=[words(2001)])], "less than 2001"),
        ([section(colour="red")], "invalid additional property: colour"),
        ([actions()], "no fewer than 1"),
        ([actions(*[button(str(number)) for number in range(26)])], "no more than 25"),
        ([actions(button(), button())], "action_id already exists"),
        ([section(block_id="a"), section(block_id="a")], "block_id a already exists"),
        ([actions(button(text=words(76)))], "less than 76"),
        ([actions(button(value="v" * 2001))], "less than 2001"),
        ([actions(button(style="loud"))], "must be one of"),
        ([actions(button(url="h" * 3001))], "less than 3001"),
        ([actions(button("a" * 256))], "less than 256"),
        ([actions(button(confirm={"title": words(5)}))], "missing required field: text"),
        ([actions(menu("overflow", 6))], "no more than 5"),
        ([actions(menu("radio_buttons", 11))], "no more than 10"),
        ([actions(menu("static_select", 101))], "no more than 100"),
        ([actions(menu("static_select", 1, initial_option=option("9")))], "not among"),
        ([actions({"type": "static_select", "action_id": "a"})], "either options or option_groups"),
        ([actions(menu("static_select", 0, options=[option("v" * 151)]))], "less than 151"),
        ([actions(menu("static_select", 0, options=[option(text=76)]))], "less than 76"),
        ([actions(menu("multi_static_select", 2))], "unsupported type"),
        ([actions({"type": "datepicker", "initial_date": "2025-13-01"})], "a date"),
        ([{"type": "context", "elements": [words(5)] * 11}], "no more than 10"),
        ([field()], "unsupported type: input"),
        ([{"type": "poem"}], "unsupported type: poem"),
    ],
)
def test_what_no_message_may_hold(blocks: list[Block], said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        check_message(blocks)

    assert caught.value.error == "invalid_blocks"


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(field(), submit=None), "missing required field: submit"),
        (modal(title=words(25)), "less than 25"),
        (modal(submit=words(25)), "less than 25"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(*[section()] * 101), "no more than 100"),
        (modal(field(max_length=3001)), "from 1 to 3000"),
        (modal(field(min_length=5, max_length=4)), "min_length"),
        (modal(field(type="button")), "unsupported type: button"),
        (modal(field(type="number_input")), "is_decimal_allowed"),
        (modal(field(placeholder=words(151))), "less than 151"),
        (modal(field("a", focus_on_load=True), field("b", focus_on_load=True)), "focus_on_load"),
        ({"type": "home", "blocks": [], "title": words(5)}, "additional property: title"),
        ({"type": "workflow_step", "blocks": []}, "unsupported type"),
    ],
)
def test_what_no_view_may_hold(view: Block, said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        check_view(view, "modal", "home")

    assert caught.value.error == "invalid_arguments"


def test_a_view_can_be_too_large() -> None:
    view = modal(*[section(text=words(3000), block_id=str(number)) for number in range(90)])

    with pytest.raises(Refused, match="view_too_large"):
        check_view(view, "modal")


def test_all_text_of_a_message_together_has_a_limit() -> None:
    check_message([section(text=words(3000))] * 4)
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        check_message([section(text=words(3000))] * 4 + [section(text=words(1))])


def test_no_nonsense_breaks_the_check_itself() -> None:
    whole = modal(
        field(min_length=1, max_length=5, initial_value="abc"),
        section(accessory=menu("static_select", 3, initial_option=option("1"))),
        actions(button(), menu("checkboxes", 3, initial_options=[option("1")])),
    )
    luck = Random(1)
    nonsense: list[Any] = [None, 0, True, "", [], {}, [None], [{}], {"type": []}, {"type": "image"}]
    refused = 0
    for _ in range(2000):
        view = copy.deepcopy(whole)
        at: Any = view["blocks"]
        while isinstance(at, dict | list) and at:
            names = list(at) if isinstance(at, dict) else list(range(len(at)))
            name = luck.choice(names)
            if luck.random() < 0.3:
                at[name] = luck.choice(nonsense)
            at = at[name]
        try:
            check_view(view, "modal")
        except Refused:
            refused += 1
        with contextlib.suppress(Refused):
            check_message(view["blocks"])

    assert refused > 1000


def test_whoever_sends_it_hears_what_is_wrong_and_where(
    workspace: Workspace, client: WebClient, asha: Hand
) -> None:
    room: Channel = workspace.add_channel("taf-1", asha.id, workspace.app.bot_user)
    blocks = [section(), actions(button(text=words(76)))]

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=room.id, text="Hello", blocks=copy.deepcopy(blocks))

    pointer = "/blocks/1/elements/0/text/text"
    said = f"[ERROR] must be less than 76 characters [json-pointer:{pointer}]"
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["response_metadata"]["messages"] == [said]
    assert room.messages == []
