"""The choices of a question as Slack offers them: in which widget, and searched how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from messages.form import Choice, ChoiceLists, Field
from messages.offering import NO_ANSWER, matching
from messages.words import cut

FEW = 10
"""Slack's most radio buttons or checkboxes, which a phone shows without opening a menu."""

FEW_A_PERSON = 3
"""Beside each of many people, more choices than this stand in a menu, or a phone scrolls long."""

NAMED = 30
"""From a longer list of the family's record, a person searches (ours)."""

LISTED = 100
"""Slack's most options."""

_TEXT, _VALUE = 75, 150


def plain(text: str, most: int = 3000) -> dict[str, Any]:
    """Plain text for Slack, cut where it is too long; markup and emoji codes stay as typed."""
    return {"type": "plain_text", "text": cut(text, most) or "…", "emoji": False}


def widget(field: Field, count: int, *, a_person: bool = False) -> str:
    """Which of Slack's elements a question with so many choices is."""
    multi = "multi_" if field.kind == "choices" else ""
    if count <= (FEW_A_PERSON if a_person else FEW):
        return "checkboxes" if multi else "radio_buttons"
    searched = count > LISTED or (isinstance(field.choices, str) and count > NAMED)
    return f"{multi}{'external' if searched else 'static'}_select"


def option(choice: Choice) -> dict[str, Any]:
    """A choice as Slack's option: a long label goes on in its description. Raises ValueError.

    The error is a value that Slack could not hold, which no form or list of ours may have.
    """
    if not 1 <= len(choice.value) <= _VALUE:
        raise ValueError(f"a choice's value has {len(choice.value)} characters, not 1 to {_VALUE}")
    label = choice.label.strip() or choice.value
    if len(label) <= _TEXT:
        return {"text": plain(label), "value": choice.value}
    head = label[: _TEXT - 1]
    head = head[: head.rfind(" ")] if " " in head[_TEXT // 2 :] else head
    rest = "…" + label[len(head) :].strip()
    return {
        "text": plain(head.rstrip() + "…"),
        "value": choice.value,
        "description": plain(rest, _TEXT),
    }


def listed(choices: Sequence[Choice]) -> dict[str, Any]:
    """Options, or groups of them where long lists have labels like "Heading: thing"."""
    headed = [choice for choice in choices if choice != NO_ANSWER]
    if len(headed) <= FEW or not all(_heading(one) for one in headed):
        return {"options": [option(choice) for choice in choices]}
    groups: dict[str, list[dict[str, Any]]] = {}
    for choice in choices:
        groups.setdefault(_heading(choice) or choice.label, []).append(_under_heading(choice))
    return {
        "option_groups": [
            {"label": plain(heading[:1].upper() + heading[1:], _TEXT), "options": options}
            for heading, options in groups.items()
        ]
    }


def _heading(choice: Choice) -> str:
    heading, _, rest = choice.label.partition(": ")
    return heading.strip() if rest.strip() else ""


def _under_heading(choice: Choice) -> dict[str, Any]:
    return option(choice._replace(label=choice.label.partition(": ")[2] or choice.label))


def chosen(choices: Sequence[Choice], values: Iterable[str]) -> list[dict[str, Any]]:
    """The options of these values exactly as `listed` makes them, as Slack wants them repeated."""
    wanted = set(values)
    built = listed(choices)
    options = [*built.get("options", ())]
    for group in built.get("option_groups", ()):
        options += group["options"]
    return [one for one in options if one["value"] in wanted]


def options(field: Field, query: str, lists: ChoiceLists) -> dict[str, Any]:
    """The answer to a search in a long list: the choices that hold every word typed."""
    found = matching(field, query, lists)
    return listed(found[:LISTED]) if found else {"options": []}
