"""Reads what a story expects, and judges it against what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.commands import COMMANDS
from bot.story.handles import KINDS, Handles
from bot.story.moments import Moments
from bot.story.parts import Expectation
from bot.story.written import Problems, Rows, Table, Value, Words
from messages import rendering
from workflows.moves import Moves

KEYS = {
    "notice": ("notice", "to", "about", "between", "times", "on"),
    "never": ("never", "to", "about", "between", "on"),
    "state": ("state", "of", "is"),
}
ANYTHING = "anything"
"""In place of a notice's name: whatever is said."""

PLATFORMS = ("slack", "teams", "web")
SUPERVISORS = "supervision"
"""The name of the supervisors' room."""


def states_of(kind: str) -> list[str]:
    """Every state that a kind of subject can be in, from its table of moves."""
    found: list[Moves] = [
        one.does.moves for one in COMMANDS.values() if one.on == kind and one.does.moves
    ]
    return list(dict.fromkeys(state for moves in found for state in moves.states))


@dataclass
class Expectations:
    """Reads `expect:`. `rooms` are the names of rooms that `to` may be, beside people's."""

    handles: Handles
    moments: Moments
    rooms: Sequence[str]
    problems: Problems

    def read(self, rows: Value | None) -> tuple[Expectation, ...]:
        """Everything that can be read, in order."""
        if rows is None:
            return ()
        if not isinstance(rows, Rows):
            self.problems.add(rows.line, "`expect` is a list, each after a dash")
            return ()
        found = [self._one(number, row) for number, row in enumerate(rows, 1)]
        return tuple(one for one in found if one is not None)

    def _one(self, number: int, row: Value) -> Expectation | None:
        kinds = [kind for kind in KEYS if isinstance(row, Table) and kind in row]
        if not isinstance(row, Table) or len(kinds) != 1:
            self.problems.add(row.line, "an expectation says one of `notice`, `never` or `state`")
            return None
        kind = kinds[0]
        for key in row:
            if key not in KEYS[kind]:
                self.problems.unknown(row.line_of(key), "key here", key, KEYS[kind])
        words = {key: self._word(row, key) for key in row if key != "between"}
        what = words[kind]
        if what is None:
            return None
        return (
            self._state(number, what, words)
            if kind == "state"
            else self._said(number, kind, what, words, row)
        )

    def _word(self, row: Table, key: str) -> Words | None:
        found = row[key]
        if isinstance(found, Words) and found:
            return found
        self.problems.add(row.line_of(key), f"`{key}` is one word")
        return None

    def _said(
        self, number: int, kind: Any, what: Words, words: dict[str, Words | None], row: Table
    ) -> Expectation:
        stems = rendering.stems()
        if what not in stems and what != ANYTHING:
            self.problems.unknown(what.line, "notice", what, stems)
        to, about, times = words.get("to"), words.get("about"), words.get("times")
        if to is not None:
            self._recipient(to)
        if about is not None:
            self.handles.check(about, set(KINDS), None, self.problems)
        if times is not None and not times.isdigit():
            self.problems.add(times.line, "`times` is a whole number")
        on = words.get("on")
        return Expectation(
            number,
            row.line,
            kind,
            str(what),
            to=to and str(to),
            about=about and str(about),
            between=self._between(row, on),
            between_words=_shown(row.get("between"), on),
            times=int(times) if times is not None and times.isdigit() else None,
            platform=str(on) if on in PLATFORMS else None,
        )

    def _recipient(self, to: Words) -> None:
        made = self.handles.made.get(str(to))
        family = made is not None and made.kind == "taf"
        if to not in self.handles.people and to not in self.rooms and not family:
            known = [*self.handles.people, *self.rooms]
            self.problems.unknown(to.line, "person or room", to, known)

    def _between(self, row: Table, on: Words | None) -> tuple[datetime, datetime] | None:
        """The span that `between` gives; or `on`, where that is a day and not a platform."""
        given = row.get("between")
        if given is None:
            if on is None or on in PLATFORMS:
                return None
            if on[:1].isdigit() or on.startswith("+"):
                return self._span(on)
            self.problems.unknown(on.line, "platform", on, PLATFORMS)
            return None
        ends = [one for one in given if isinstance(one, Words)] if isinstance(given, Rows) else []
        if len(ends) != 2:
            example = "[2026-03-10, 2026-03-12]"
            self.problems.add(given.line, f"`between` holds two dates, like {example}")
            return None
        first, last = self._span(ends[0]), self._span(ends[1])
        if first is None or last is None:
            return None
        if last[1] < first[0]:
            self.problems.add(given.line, "`between` ends before it begins")
        return first[0], last[1]

    def _span(self, words: Words) -> tuple[datetime, datetime] | None:
        try:
            return self.moments.span(words)
        except ValueError as wrong:
            self.problems.add(words.line, str(wrong))
            return None

    def _state(
        self, number: int, kind: Words, words: Mapping[str, Words | None]
    ) -> Expectation | None:
        of, state = words.get("of"), words.get("is")
        if of is None or state is None:
            self.problems.add(kind.line, "a state is expected `of` something, and `is` something")
            return None
        known = [one for one in KINDS if states_of(one)]
        if kind not in known:
            self.problems.unknown(kind.line, "kind with states", kind, known)
            return None
        self.handles.check(of, {str(kind)}, None, self.problems)
        if state not in states_of(str(kind)):
            self.problems.unknown(
                state.line, f"state of {KINDS[kind]}", state, states_of(str(kind))
            )
        return Expectation(number, kind.line, "state", str(kind), about=str(of), state=str(state))


def _shown(between: Value | None, on: Words | None) -> str:
    if isinstance(between, Rows):
        return f" between {' and '.join(str(one) for one in between)}"
    return f" on {on}" if on else ""
