"""What a person sees of a dialog, and what Teams sends of one that somebody filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.teams.fields import found
from bot.teams.forms import dialog, steps
from messages.form import Choice, ChoiceLists, Form, Raw
from messages.places import place
from messages.reading import NotTaken, read
from tests.platforms.samples import Pick
from tests.platforms.teams_cards.schema import every

META = {"c": "action.mark_done", "a": "action-12", "v": 3}
NOTHING = "\u200b"


def cards(
    form: Form, raw: Raw, lists: ChoiceLists, errors: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    return [
        dialog(form, raw, lists, errors or {}, META | {"s": step}, context=["F-1042", "Action 3"])
        for step in range(len(steps(form, lists, raw)))
    ]


def inputs(card: Any) -> dict[str, dict[str, Any]]:
    """A card's inputs by the path of their question."""
    kinds = [one for one in every(card) if str(one.get("type", "")).startswith("Input.")]
    return {one["id"].removeprefix("f_"): one for one in kinds}


def buttons(card: Any) -> dict[str, dict[str, Any]]:
    kinds = [one for one in every(card) if str(one.get("type", "")).startswith("Action.")]
    return {one["title"]: one for one in kinds if one["type"] != "ActionSet"}


def sends(card: Any) -> dict[str, Any]:
    """What the button carries that sends a dialog on."""
    return next(one["data"] for one in buttons(card).values() if one["data"].get("op") == "send")


def words(card: Any) -> list[str]:
    """All that stands on a card outside its inputs, without spaces that have no width."""
    return [
        one["text"].replace(NOTHING, "") for one in every(card) if isinstance(one.get("text"), str)
    ]


def pressed(card: Any, data: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """What Teams sends: what stands in the inputs, over what the button carries; no blanks."""
    held = {f"f_{path}": one.get("value", "") for path, one in inputs(card).items()}
    held |= {f"f_{path}": value for path, value in values.items()}
    return {**data, **{name: value for name, value in held.items() if value}}


def filled(
    form: Form, card: Any, lists: ChoiceLists, pick: Pick
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Teams sends of a dialog that somebody filled in, and what they meant, by path."""
    values: dict[str, str] = {}
    meant: dict[str, Any] = {}
    for path, one in inputs(card).items():
        where = place(form, path)
        assert where is not None, path
        listed = one.get("choices", [])
        if "choices.data" in one:
            listed = found(form, lists, path, "")["value"]["results"]
        shown = [Choice(choice["value"], "") for choice in listed if choice["value"] != "-"]
        answer = pick(path, where.field, shown)
        meant[path] = answer
        values[path] = ",".join(answer) if isinstance(answer, list) else answer or ""
    return pressed(card, sends(card), values), meant


def mistakes(form: Form, raw: Raw, lists: ChoiceLists) -> dict[str, str]:
    try:
        read(form, raw, lists)
    except NotTaken as wrong:
        return wrong.errors
    return {}
