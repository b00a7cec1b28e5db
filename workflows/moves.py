"""Legal moves as tables: from which states a command may be given, and to which it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.refusals import ALREADY, NotNow, Refusal

TABLES: dict[str, Moves] = {}
"""Every table of moves, by its noun: what the state diagrams in docs/ are drawn from."""


@dataclass(frozen=True)
class Move:
    """One legal move: the states it may start from and the state it leads to.

    Where the two are the same, the command changes the subject and not its state.
    """

    sources: frozenset[str]
    to: str | None


class Moves:
    """The moves of one noun, by command: {"mark_done": "open blocked -> done"}.

    A move without an arrow leaves the state as it is. `already` is what the late are told in some
    states, where this noun has words of its own for them.
    """

    def __init__(
        self,
        noun: str,
        first: str,
        moves: Mapping[str, str],
        already: Mapping[str, type[Refusal]] | None = None,
    ) -> None:
        self.noun, self.first = noun, first
        self.already = ALREADY | dict(already or {})
        self.table = {name: _move(words) for name, words in moves.items()}
        TABLES[noun] = self

    @property
    def states(self) -> list[str]:
        """Every state, the first one first."""
        found = [self.first]
        for move in self.table.values():
            found += sorted(move.sources) + ([move.to] if move.to else [])
        return list(dict.fromkeys(found))

    def refusal(self, name: str, subject: Any) -> Refusal | None:
        """Why this move is not legal now, or None: the one definition of both checks."""
        move = self.table[name]
        if subject.state in move.sources:
            return None
        return self.already.get(subject.state, NotNow)()


def _move(words: str) -> Move:
    sources, _, to = words.partition("->")
    return Move(frozenset(sources.split()), to.strip() or None)
