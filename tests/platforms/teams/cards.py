"""Whether Teams would show a card: Microsoft's schema, and what Teams asks beyond it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match

from tests.platforms.teams.chats import CARD

VERSIONS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.5"})
"""Teams shows cards up to 1.5 (documented)."""


class Unfit(ValueError):
    """A card that Teams would not show, and why."""


@cache
def _validator() -> Draft6Validator:
    """Schema 1.5, with the three things that Teams takes besides (documented)."""
    path = resources.files("adaptive_cards") / "schemas" / "schema-1.5.json"
    schema = json.loads(path.read_text())
    made = schema["definitions"]
    made["AdaptiveCard"]["properties"]["msteams"] = {"type": "object"}
    made["ChoiceInputStyle"] = {"enum": ["compact", "expanded", "filtered"]}
    made["Input.ChoiceSet"]["properties"]["choices.data"] = {
        "type": "object",
        "properties": {"type": {"enum": ["Data.Query"]}, "dataset": {"type": "string"}},
        "required": ["type", "dataset"],
        "additionalProperties": False,
    }
    return Draft6Validator(schema)


def parts(part: Any) -> list[dict[str, Any]]:
    """Everything in a card that has a type, outermost first."""
    if isinstance(part, list):
        return [found for one in part for found in parts(one)]
    if not isinstance(part, dict):
        return []
    own = [part] if "type" in part else []
    inner = [one for name, one in part.items() if name not in {"data", "msteams", "choices.data"}]
    return own + parts(inner)


def check_card(card: Any, largest: int) -> None:
    """Raise Unfit if Teams would not show it, or if it holds more than `largest` bytes."""
    if not isinstance(card, dict):
        raise Unfit("a card is an object")
    if card.get("version") not in VERSIONS:
        raise Unfit(f"version {card.get('version')!r}: Teams shows 1.0 to 1.5")
    wrong = best_match(_validator().iter_errors(card))
    if wrong is not None:
        where = "/".join(map(str, wrong.absolute_path))
        raise Unfit(f"at {where or 'the top'}: {wrong.message[:300]}")
    if (size := len(json.dumps(card, ensure_ascii=False).encode())) > largest:
        raise Unfit(f"{size} bytes, {largest} are shown everywhere")
    _check_parts(card)
    _check_mentions(card)


def _check_parts(card: dict[str, Any]) -> None:
    """Inputs have one id each; an action that runs needs 1.4 (documented, both)."""
    found = parts(card)
    ids = [one["id"] for one in found if one["type"].startswith("Input.")]
    if len(ids) != len(set(ids)):
        raise Unfit(f"two inputs of one id: {sorted(ids)}")
    executes = any(one["type"] == "Action.Execute" for one in found)
    if executes and card["version"] < "1.4":
        raise Unfit("Action.Execute came with 1.4")


def _check_mentions(card: dict[str, Any]) -> None:
    """A mention stands in the text and among the entities, or it is neither (documented)."""
    entities = card.get("msteams", {}).get("entities", [])
    named = {one.get("text") for one in entities if one.get("type") == "mention"}
    said = " ".join(str(one.get("text", "")) for one in parts(card.get("body", [])))
    written = set(re.findall(r"<at>.*?</at>", said))
    if named != written:
        raise Unfit(f"mentions {sorted(map(str, named))} of which the text has {sorted(written)}")


def check_attachments(attachments: list[Any], largest: int) -> None:
    """Raise Unfit unless all are cards that Teams would show."""
    for one in attachments:
        if not isinstance(one, dict) or one.get("contentType") != CARD:
            raise Unfit(f"an attachment that is no Adaptive Card: {str(one)[:100]}")
        check_card(one.get("content"), largest)
