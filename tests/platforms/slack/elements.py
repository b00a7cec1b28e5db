"""What each element of Block Kit may hold, and where it may stand."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack.checks import (
    CONFIRM,
    DATE,
    DISPATCH,
    GROUPS,
    IDENTIFIER,
    MIXED,
    MIXED_OPTIONS,
    NUMBER,
    OPTIONS,
    TIME,
    Check,
    Say,
    Shape,
    boolean,
    one_of,
    option,
    several,
    string,
    text,
    whole,
)

PLACEHOLDER = {"placeholder": text(150)}
ANY = {"action_id": IDENTIFIER, "focus_on_load": boolean}
ASKING = ANY | {"confirm": CONFIRM}
SELECT = ASKING | PLACEHOLDER
MANY = SELECT | {"max_selected_items": whole(1, 100)}
MENU = {"options": OPTIONS, "option_groups": GROUPS}
IDENTIFIERS = several(IDENTIFIER, 100)
QUERY = {"min_query_length": whole(0, 150)}  # remembered: that there is a most
TYPED = ANY | PLACEHOLDER | {"dispatch_action_config": DISPATCH}

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {"text": text(75)},
        {
            "action_id": IDENTIFIER,
            "value": string(2000),
            "url": string(3000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "image": Shape({"image_url": string(3000), "alt_text": string(2000)}, {}),
    "overflow": Shape(
        {"options": several(option(with_url=True), 5)},
        {"action_id": IDENTIFIER, "confirm": CONFIRM},
    ),
    "checkboxes": Shape({"options": MIXED_OPTIONS}, ASKING | {"initial_options": MIXED_OPTIONS}),
    "radio_buttons": Shape({"options": MIXED_OPTIONS}, ASKING | {"initial_option": option(MIXED)}),
    "static_select": Shape({}, SELECT | MENU | {"initial_option": option()}),
    "external_select": Shape({}, SELECT | QUERY | {"initial_option": option()}),
    "users_select": Shape({}, SELECT | {"initial_user": IDENTIFIER}),
    "multi_static_select": Shape({}, MANY | MENU | {"initial_options": OPTIONS}),
    "multi_external_select": Shape({}, MANY | QUERY | {"initial_options": OPTIONS}),
    "multi_users_select": Shape({}, MANY | {"initial_users": IDENTIFIERS}),
    "datepicker": Shape({}, SELECT | {"initial_date": DATE}),
    "timepicker": Shape({}, SELECT | {"initial_time": TIME, "timezone": string(100)}),
    "plain_text_input": Shape(
        {},
        TYPED
        | {
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
    ),
    "number_input": Shape(
        {"is_decimal_allowed": boolean},
        TYPED | {"initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    ),
    "email_text_input": Shape({}, TYPED | {"initial_value": string(3000)}),
    "url_text_input": Shape({}, TYPED | {"initial_value": string(3000)}),
}

PRESSED = frozenset({"button", "overflow"})
MULTI = frozenset(name for name in ELEMENTS if name.startswith("multi_"))
CHOSEN = frozenset(
    {
        "checkboxes",
        "datepicker",
        "external_select",
        "radio_buttons",
        "static_select",
        "timepicker",
        "users_select",
    }
)
WRITTEN = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})

IN_ACTIONS = PRESSED | CHOSEN
"""That no multi-select stands among actions is remembered."""

IN_SECTION = PRESSED | CHOSEN | MULTI | {"image"}
IN_INPUT = CHOSEN | MULTI | WRITTEN


def element(allowed: frozenset[str]) -> Check:
    """One element, of a type that may stand there."""

    def check(value: Any, at: str, say: Say) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if str(kind) not in allowed:
            say(f"unsupported type: {kind}", f"{at}/type")
            return
        sound = True

        def say_so(what: str, where: str) -> None:
            nonlocal sound
            sound = False
            say(what, where)

        ELEMENTS[str(kind)](value, at, say_so)
        if sound:
            _check_menu(value, at, say)
            _check_bounds(value, at, say)

    return check


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that a menu offers, its groups in one list."""
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found += group.get("options") or []
    return found


def _check_menu(value: dict[str, Any], at: str, say: Say) -> None:
    """A menu has options or groups; what is chosen at first is among them (documented)."""
    if value["type"].endswith("static_select") and ("options" in value) == (
        "option_groups" in value
    ):
        say("must have either options or option_groups", at)
        return
    if value["type"].endswith("external_select"):
        return
    first = value.get("initial_options") or [value.get("initial_option")]
    offered = options_of(value)
    if any(one is not None and one not in offered for one in first):
        say("the initial option is not among the options", at)
    if len(first) > int(value.get("max_selected_items") or len(first)):
        say("more initial options than max_selected_items", at)


def _check_bounds(value: dict[str, Any], at: str, say: Say) -> None:
    """No least value is above its most, and what stands there at first lies between."""
    low, high = value.get("min_length") or 0, value.get("max_length") or 3000
    first, least, most = (value.get(f"{name}_value") for name in ("initial", "min", "max"))
    if low > high:
        say("min_length must not be more than max_length", at)
    elif value["type"] == "plain_text_input" and first and not low <= len(first) <= high:
        say("initial_value is shorter or longer than allowed", at)
    if least and most and float(least) > float(most):
        say("min_value must not be more than max_value", at)
