"""Judges what a story expects against what was said, one line for each that does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.story.expecting import ANYTHING
from bot.story.names import Names
from bot.story.parts import Expectation
from bot.timeline import Entry
from messages.words import count

SHOWN = 3
"""How many of the times that something was said are named in a line."""


@dataclass
class Judge:
    """Knows everything that was said, and can look a subject's state up.

    `cut`: where the story was stopped before its last event, nothing is expected to have
    happened later.
    """

    entries: list[Entry]
    names: Names
    state_of: Callable[[str], str | None]
    cut: datetime | None = None

    def held(self, expect: tuple[Expectation, ...]) -> tuple[int, list[str]]:
        """How many expectations hold, and a line for each that does not."""
        judged = [one for one in expect if self._is_due(one)]
        lines = [line for one in judged if (line := self._failure(one)) is not None]
        return len(judged) - len(lines), lines

    def _is_due(self, one: Expectation) -> bool:
        """Whether this can be told yet: always, but for what lies beyond a cut."""
        if self.cut is None or one.kind == "never":
            return True
        return one.between is not None and one.between[1] <= self.cut

    def _failure(self, one: Expectation) -> str | None:
        start = f"expect {one.number} (line {one.line}): "
        if one.kind == "state":
            return self._state_failure(one, start)
        found = [entry for entry in self.entries if self._fits(one, entry)]
        if one.kind == "never":
            return f"{start}never {self._called(one)}; {_said(found)}" if found else None
        wanted = one.times
        if len(found) == wanted or (wanted is None and found):
            return None
        times = f" {_times(wanted)}" if wanted is not None else ""
        return f"{start}{self._called(one)}{times}; {_said(found) if found else self._near(one)}"

    def _near(self, one: Expectation) -> str:
        """That it was never said; and where the same notice was said after all, if it was."""
        said = [
            entry
            for entry in self.entries
            if entry["kind"] == "notice" and entry["notice"] == one.what
        ]
        near = [entry for entry in said if one.to is None or entry["to"] == self._room(one.to)]
        if not said:
            return "it was never said"
        return f"it was never said like that, but {_moments(near or said)}"

    def _state_failure(self, one: Expectation, start: str) -> str | None:
        ref = self.names.references.get(one.about or "")
        state = self.state_of(ref) if ref else None
        if state == one.state:
            return None
        found = f"it is {state}" if state else "it was never made"
        return f"{start}{one.what} {one.about} is {one.state}; {found}"

    def _fits(self, one: Expectation, entry: Entry) -> bool:
        return (
            entry["kind"] == "notice"
            and one.what in (entry["notice"], ANYTHING)
            and (one.to is None or entry["to"] == self._room(one.to))
            and (one.about is None or entry["about"] == self._shown(one.about))
            and (one.platform is None or entry["platform"] == one.platform)
            and (one.between is None or _within(one.between, entry["at"]))
        )

    def _room(self, to: str) -> str:
        """A person's handle; or, of a family's handle, the name of its room."""
        return self.names.rooms.get(self.names.references.get(to, ""), to)

    def _shown(self, handle: str) -> str | None:
        return self.names.of(self.names.references.get(handle, handle))

    def _called(self, one: Expectation) -> str:
        to = f" to {one.to}" if one.to else ""
        about = f" about {one.about}" if one.about else ""
        on = f" on {one.platform}" if one.platform else ""
        between = "" if on and not one.between else one.between_words
        return f"{one.what}{to}{about}{on}{between}"


def _within(between: tuple[datetime, datetime], at: str) -> bool:
    return between[0] <= datetime.fromisoformat(at) <= between[1]


def _times(number: int) -> str:
    return "once" if number == 1 else count(number, "time")


def _said(found: list[Entry]) -> str:
    """How often something was said, and when first."""
    return f"it was said {_times(len(found))}: {_moments(found)}"


def _moments(found: list[Entry]) -> str:
    """When, to whom and about what the first few were said."""
    shown = [
        f"{one['at'][:16].replace('T', ' ')} to {one['to']} about {one['about']}"
        for one in found[:SHOWN]
    ]
    return ", ".join(shown) + (", …" if len(found) > SHOWN else "")
