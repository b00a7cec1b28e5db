"""What goes wrong in a fake platform: by seed, or in the order that a test gives."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, whether the effect happens, and a number of seconds."""

    kind: str
    after: bool = False
    seconds: float = 0.0


@dataclass
class Faults:
    """The faults to come: those that a test ordered go first, then `rates` are drawn by seed.

    `rates`: each fault's share of the calls. `methods`: whom the rates befall; empty means all.
    """

    seed: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    drawn: list[tuple[str, Fault]] = field(default_factory=list)
    _coming: dict[str, deque[Fault]] = field(default_factory=dict)

    kinds: ClassVar[frozenset[str]] = frozenset({"500", "reset", "timeout"})
    """Those that come `before` (it was not done) or `after` (it was done, but nobody hears so)."""

    others: ClassVar[frozenset[str]] = frozenset({"slow"})
    either: ClassVar[frozenset[str]] = frozenset()
    """Of these, without a word, luck decides whether it was done."""

    def __post_init__(self) -> None:
        self._luck = Random(self.seed)

    def order(self, method: str, *faults: str, times: int = 1) -> None:
        """Let these befall the next calls of a method, one each; `*` is whatever is called next."""
        coming = self._coming.setdefault(method, deque())
        coming.extend(self.read(one) for _ in range(times) for one in faults)

    def read(self, said: str) -> Fault:
        """Read `500 after`, `slow 0.3`, `timeout before 5` …"""
        kind, *words = said.split()
        seconds = float(words.pop()) if words and words[-1][:1].isdigit() else 1.0
        when = words[0] if words else ""
        if kind in self.either and not when:
            when = self._luck.choice(["before", "after"])
        known = when in {"before", "after"} if kind in self.kinds else kind in self.others
        if not known or len(words) > 1 or (kind in self.others and when):
            raise ValueError(f"there is no such fault: {said}")
        return Fault(kind, when == "after", seconds)

    def draw(self, method: str) -> Fault | None:
        """What befalls this call, if anything."""
        ordered = self._coming.get(method) or self._coming.get("*")
        found = ordered.popleft() if ordered else self._by_luck(method)
        if found:
            self.drawn.append((method, found))
        return found

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._coming.clear()
        self.rates.clear()

    def _by_luck(self, method: str) -> Fault | None:
        if not self.rates or (self.methods and method not in self.methods):
            return None
        at = self._luck.random()
        for said, rate in self.rates.items():
            at -= rate
            if at < 0:
                return self.read(said)
        return None
