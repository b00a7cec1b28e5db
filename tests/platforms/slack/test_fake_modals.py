"""Forms in the fake Slack: opened, filled in, sent off, answered, and closed."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.platforms.slack.forms import OPTIONS, field, modal, opening, option, plain
from tests.platforms.slack.hands import Hand
from tests.platforms.slack.listening import Listening
from tests.platforms.slack.refusing import ClientRefuses, Unshowable
from tests.platforms.slack.workspace import Workspace


def test_a_trigger_is_good_once_and_for_three_seconds(
    workspace: Workspace, app: Listening, client: WebClient, asha: Hand
) -> None:
    asha.types("/taf")
    trigger = app.last("command")["trigger_id"]
    client.views_open(trigger_id=trigger, view=modal(field("name")))
    workspace.clocks.trigger = -1
    asha.types("/taf")
    late = app.last("command")["trigger_id"]

    for one, said in {trigger: "exchanged", late: "expired", "x": "invalid"}.items():
        with pytest.raises(SlackApiError, match=f"{said}_trigger_id"):
            client.views_open(trigger_id=one, view=modal(field("name")))


def test_a_form_keeps_its_values_in_the_shapes_of_its_elements(
    app: Listening, client: WebClient, asha: Hand
) -> None:
    form = modal(
        field("name", max_length=10),
        field("colour", "static_select", **OPTIONS),
        field("colours", "checkboxes", **OPTIONS),
        field("radio", "radio_buttons", initial_option=option("Red"), **OPTIONS),
        field("many", "multi_static_select", optional=True, **OPTIONS),
        field("on", "datepicker"),
        field("at", "timepicker"),
        field("count", "number_input", is_decimal_allowed=False, min_value="1", max_value="9"),
    )
    app.answers = opening(client, form)
    asha.types("/taf")
    values = {"name": "Asha", "colour": "Green", "colours": ["red", "Blue"]}

    asha.fills(asha.view, values | {"on": "2025-03-04", "at": "09:30", "count": 3})
    asha.submits(asha.view)

    state = app.last("view_submission")["view"]["state"]["values"]
    assert {name: one["it"] for name, one in state.items()} == {
        "name": {"type": "plain_text_input", "value": "Asha"},
        "colour": {"type": "static_select", "selected_option": option("Green")},
        "colours": {"type": "checkboxes", "selected_options": [option("Red"), option("Blue")]},
        "radio": {"type": "radio_buttons", "selected_option": option("Red")},
        "many": {"type": "multi_static_select", "selected_options": []},
        "on": {"type": "datepicker", "selected_date": "2025-03-04"},
        "at": {"type": "timepicker", "selected_time": "09:30"},
        "count": {"type": "number_input", "value": "3"},
    }
    assert asha.view is None


@pytest.mark.parametrize(
    ("block", "value"),
    [
        (field("it", max_length=3), "four"),
        (field("it"), "two\nlines"),
        (field("it", "static_select", **OPTIONS), "Purple"),
        (field("it", "number_input", is_decimal_allowed=False), "1.5"),
        (field("it", "number_input", is_decimal_allowed=True, max_value="9"), "9.5"),
        (field("it", "external_select"), "Never searched for"),
    ],
)
def test_what_the_client_does_not_let_anybody_put_in(
    app: Listening, client: WebClient, asha: Hand, block: dict[str, Any], value: str
) -> None:
    app.answers = opening(client, modal(block))
    asha.types("/taf")

    with pytest.raises(ClientRefuses):
        asha.fills(asha.view, {"it": value})
    with pytest.raises(ClientRefuses, match="has to be filled in"):
        asha.submits(asha.view)


def test_the_answer_to_a_form_can_be_errors_another_view_or_the_end(
    app: Listening, client: WebClient, asha: Hand
) -> None:
    app.answers = opening(client, modal(field("name", optional=True)))
    asha.types("/taf")
    first = asha.view
    assert first is not None

    def says(**said: Any) -> None:
        app.answers = lambda _: (200, said, {})
        asha.submits(asha.view)

    says(response_action="errors", errors={"name": "Too short"})
    assert asha.view is first
    assert first.errors == {"name": "Too short"}
    says(response_action="update", view=modal(title=plain("Changed")))
    assert first.body["title"] == plain("Changed")
    says(response_action="push", view=modal(title=plain("On top")))
    assert len(asha.person.modals) == 2
    says()
    assert asha.view is first
    says(response_action="push", view=modal())
    says(response_action="clear")
    assert asha.person.modals == []


@pytest.mark.parametrize(
    "said",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "dance"},
        "<html>",
    ],
)
def test_an_answer_that_cannot_be_shown_is_refused_loudly(
    app: Listening, client: WebClient, asha: Hand, said: Any
) -> None:
    app.answers = opening(client, modal(field("name", optional=True)))
    asha.types("/taf")
    app.answers = lambda _: (200, said, {})

    with pytest.raises(Unshowable):
        asha.submits(asha.view)
    assert len(asha.errors) == 1


def test_modals_lie_at_most_three_deep(app: Listening, client: WebClient, asha: Hand) -> None:
    go = {"type": "button", "action_id": "go", "text": plain("Go")}
    view = modal({"type": "actions", "elements": [go]})
    app.answers = opening(client, view)
    asha.types("/taf")
    app.answers = lambda _: (200, "", {})

    def push() -> None:
        asha.presses(asha.view, "Go")  # type: ignore[arg-type]
        client.views_push(trigger_id=app.last("block_actions")["trigger_id"], view=view)

    push()
    push()
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        push()
    assert len(asha.person.modals) == 3


def test_a_view_is_updated_under_its_hash_and_while_it_is_open(
    app: Listening, client: WebClient, asha: Hand
) -> None:
    app.answers = opening(client, modal(field("name")))
    asha.types("/taf")
    view = asha.view
    assert view is not None
    asha.fills(view, {"name": "Asha"})

    old = view.hash
    changed = modal(field("name"), field("more"), notify_on_close=True)
    client.views_update(view_id=view.id, hash=old, view=changed)
    assert view.values["name"]["it"]["value"] == "Asha"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=view.id, hash=old, view=modal(field("name")))
    app.answers = lambda _: (200, "", {})
    asha.closes(view)
    assert app.last("view_closed")["view"]["id"] == view.id
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id=view.id, view=modal(field("name")))


def test_searching_and_telling_at_once(app: Listening, client: WebClient, asha: Hand) -> None:
    select = field("who", "external_select", min_query_length=2, dispatch_action=True)
    app.answers = opening(client, modal(select))
    asha.types("/taf")
    app.answers = lambda _: (200, {"options": [option("Asha"), option("Ashley")]}, {})

    found = asha.searches(asha.view, "who", "Ash")
    asha.fills(asha.view, {"who": "Ashley"})

    assert app.last("block_suggestion")["value"] == "Ash"
    assert [one["value"] for one in found] == ["asha", "ashley"]
    chosen = app.last("block_actions")
    assert chosen["actions"][0]["selected_option"] == option("Ashley")
    assert chosen["view"]["state"]["values"]["who"]["it"]["selected_option"] == option("Ashley")
