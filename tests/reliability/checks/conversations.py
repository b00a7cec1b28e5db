"""The order in each conversation: as things were queued, so they are said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.reliability.checks.history import History, at


def in_order(history: History) -> Iterator[str]:
    """Nothing is said before what was queued earlier, unless that one's time had not come.

    A digest of tomorrow lets today's messages pass; one that is tried again lets nothing pass.
    """
    places: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in _firsts(history):
        places[line["place"]].append(line)
    for place, lines in places.items():
        highest: dict[str, Any] | None = None
        for line in lines:
            if highest is not None and line["number"] < highest["number"]:
                if _was_due(history, line, highest):
                    yield (
                        f"in {place}, delivery {line['number']} came after {highest['number']},"
                        " which was queued later"
                    )
            else:
                highest = line


def _firsts(history: History) -> Iterator[dict[str, Any]]:
    """Each message where it was taken; one that was taken twice counts where it was first."""
    seen: set[int] = set()
    for line in history.accepted:
        if line["number"] in history.deliveries and line["number"] not in seen:
            seen.add(line["number"])
            yield line


def _was_due(history: History, passed: dict[str, Any], went_first: dict[str, Any]) -> bool:
    """Whether the one that was passed could have gone when the other went."""
    other = history.deliveries[went_first["number"]]
    began = other.attempt_at or at(went_first)
    return history.first_due(history.deliveries[passed["number"]]) <= began
