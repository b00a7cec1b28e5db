"""What Teams takes: the Adaptive Cards 1.5 schema, and the few things that it lacks.

Those are `msteams`, which is Teams' own, and of 1.5's typing to find both halves: the style
"filtered", and where the choices come from (`choices.data`).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft6Validator

MOST_BYTES = 25_000
"""Beneath the smallest limit that was ever documented for a message, 28 KB."""


@cache
def _validator() -> Draft6Validator:
    shipped = files("adaptive_cards").joinpath("schemas/schema-1.5.json")
    schema = json.loads(shipped.read_text(encoding="utf-8"))
    defined = schema["definitions"]
    defined["AdaptiveCard"]["properties"]["msteams"] = {"type": "object"}
    defined["ChoiceInputStyle"] = {"enum": ["compact", "expanded", "filtered"]}
    defined["Input.ChoiceSet"]["properties"]["choices.data"] = {
        "type": "object",
        "properties": {"type": {"enum": ["Data.Query"]}, "dataset": {"type": "string"}},
        "required": ["type", "dataset"],
        "additionalProperties": False,
    }
    return Draft6Validator(schema)


def faults(card: Any) -> list[str]:
    """Why Teams would not show a card as it is meant; none if it would."""
    found = [f"{list(one.absolute_path)}: {one.message[:200]}" for one in _errors(card)]
    if not isinstance(card, dict) or card.get("version") != "1.5":
        found.append("the version is not 1.5")
    if size(card) >= MOST_BYTES:
        found.append(f"{size(card)} bytes")
    ids = [one["id"] for one in every(card) if str(one.get("type", "")).startswith("Input.")]
    if len(ids) != len(set(ids)):
        found.append("two inputs have the same id")
    return found


def _errors(card: Any) -> list[Any]:
    return list(_validator().iter_errors(card))


def size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def every(piece: Any) -> list[dict[str, Any]]:
    """Every object in a piece of JSON, from the top."""
    if isinstance(piece, dict):
        return [piece, *(one for value in piece.values() for one in every(value))]
    return [one for value in piece for one in every(value)] if isinstance(piece, list) else []
