"""Two independent validators of Block Kit agree that what we send is fit for Slack."""

from __future__ import annotations

import copy
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.blocks import message
from bot.slack.limits import Surface, check
from bot.slack.modals import view
from bot.slack.steps import steps
from messages import rendering
from messages.card import Card
from messages.form import Form
from messages.rows import laid_out
from tests.platforms.samples import COUNTS, FORMS, begun, lists_of, longest
from tests.platforms.slack_blocks.test_limits import GOOD, WRONG
from tests.platforms.slack_blocks.test_messages import digest, form, label

SAMPLES: Any = importlib.import_module("tests.words.samples")
SDK: Any = pytest.importorskip("slack_sdk.models.blocks")
SDK_VIEWS: Any = pytest.importorskip("slack_sdk.models.views")
OTHER: Any = pytest.importorskip("slackblocks")


def sdk(surface: Surface, payload: Any) -> None:
    """Slack's own library builds it and validates it."""
    if surface == "message":
        for block in SDK.Block.parse_all(payload["blocks"]):
            block.to_dict()
    else:
        SDK_VIEWS.View(**payload).to_dict()


CLASSES = {
    "header": "HeaderBlock", "section": "SectionBlock", "divider": "DividerBlock",
    "context": "ContextBlock", "actions": "ActionsBlock", "input": "InputBlock",
    "rich_text": "RichTextBlock", "rich_text_section": "RichTextSection",
    "rich_text_list": "RichTextList", "plain_text": "PlainText", "button": "Button",
    "plain_text_input": "PlainTextInput", "datepicker": "DatePicker",
    "timepicker": "TimePicker", "radio_buttons": "RadioButtonGroup",
    "checkboxes": "CheckboxGroup", "static_select": "StaticSelectMenu",
    "multi_static_select": "StaticMultiSelectMenu", "external_select": "ExternalSelectMenu",
    "multi_external_select": "ExternalMultiSelectMenu", "modal": "ModalView",
    "home": "HomeTabView",
}  # fmt: skip


def built(piece: Any) -> Any:
    """A piece of ours made again with the constructors of slackblocks, which validate it."""
    if isinstance(piece, list):
        return [built(one) for one in piece]
    if not isinstance(piece, dict):
        return piece
    if piece.get("type") == "text":
        return OTHER.RichText(piece["text"], bold=piece.get("style", {}).get("bold"))
    held = {name: built(one) for name, one in piece.items() if name != "type"}
    if "type" in piece:
        if piece["type"] == "multi_static_select":
            held.setdefault("options", None)
        if "option_groups" in held:  # slackblocks wants a group here; Slack's reference an option
            held = {name: one for name, one in held.items() if not name.startswith("initial")}
        return getattr(OTHER, CLASSES[piece["type"]])(**held)
    if "confirm" in piece:
        return OTHER.ConfirmationDialogue(**held)
    return (OTHER.Option if "value" in piece else OTHER.OptionGroup)(**held)


def other(surface: Surface, payload: Any) -> dict[str, Any]:
    """slackblocks builds it, validates it, and gives back what it understood."""
    if surface != "message":
        return dict(json.loads(json.dumps(built(payload).to_dict(), default=vars)))
    made = OTHER.Message("C1", text=payload["text"], blocks=built(payload["blocks"]))
    return dict(json.loads(made.json()))


def agreed(surface: Surface, payload: Any) -> None:
    assert check(surface, payload) == []
    sdk(surface, payload)
    understood = other(surface, payload)
    assert [one["type"] for one in understood["blocks"]] == [
        one["type"] for one in payload["blocks"]
    ]


@pytest.mark.parametrize("one", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("count", COUNTS)
def test_every_form_is_fit(one: Form, count: int) -> None:
    lists = lists_of(count)
    for raw in (begun(one, lists, rows=1), laid_out(one, longest(one, lists), lists)):
        for number in range(len(steps(one, lists, raw))):
            errors = {field.id: "Enter it" for field in one.fields}
            agreed("modal", view(one, number, raw, lists, errors, {"about": "action-1"}))


@pytest.mark.parametrize("notice", SAMPLES.NOTICES, ids=lambda one: one.stem())
def test_every_notice_is_fit(notice: Any) -> None:
    for facts in SAMPLES.shapes(notice):
        agreed("message", message(rendering.card(notice.stem(), facts), label, form))


@pytest.mark.parametrize("number", [0, 1, 15, 60])
def test_every_digest_is_fit(number: int) -> None:
    agreed("message", message(digest(number), label, form))


def test_a_card_with_nothing_in_it_is_fit() -> None:
    agreed("message", message(Card(""), label))


def refuses(validate: Any, surface: Surface, payload: Any) -> bool:
    try:
        validate(surface, copy.deepcopy(payload))
    except Exception:  # noqa: BLE001 - however a validator says no, it has said no
        return True
    return False


def test_they_can_refuse() -> None:
    """Or their agreement would be worth nothing."""
    for validate in (sdk, other):
        refused = 0
        for surface, change in WRONG.values():
            payload = copy.deepcopy(GOOD[surface])
            change(payload)
            refused += surface != "options" and refuses(validate, surface, payload)
        assert refused >= 12


def texts(piece: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a text or a list stands, and may be made longer."""
    pairs = piece.items() if isinstance(piece, dict) else enumerate(piece)
    for key, one in pairs:
        if isinstance(one, str | list):
            yield (*at, key)
        if isinstance(one, dict | list):
            yield from texts(one, (*at, key))


LENGTHS = [0, 1, 10, 11, 24, 25, 26, 30, 31, 50, 51, 75, 76, 100, 101, 150, 151, 255, 256,
           300, 301, 2000, 2001, 3000, 3001]  # fmt: skip


@settings(deadline=None, max_examples=600)  # on a busy machine a good answer may be late
@given(st.sampled_from(["message", "modal", "home"]), st.data())
def test_what_another_validator_refuses_is_refused_here(surface: Any, data: Any) -> None:
    payload = copy.deepcopy(GOOD[surface])
    *way, last = data.draw(st.sampled_from(sorted(texts(payload), key=str)))
    length = data.draw(st.sampled_from(LENGTHS))
    place: Any = payload
    for key in way:
        place = place[key]
    held = place[last]
    place[last] = "x" * length if isinstance(held, str) else (held * length)[:length]

    if refuses(sdk, surface, payload) or refuses(other, surface, payload):
        assert check(surface, payload)
