"""What a story is made of: its people, its events and what it expects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.commands import Command
from bot.story.written import Problem
from workflows.policy import Policy

STRANGER = "stranger"
"""Always there to act in a story: somebody in post who is on nobody's team."""


class ScenarioError(ValueError):
    """A story that cannot be played; `problems` says why, all of them, one a line in words."""

    def __init__(self, problems: list[Problem], source: str) -> None:
        self.problems = problems
        self.source = source
        super().__init__("\n".join(self._said(problem) for problem in problems))

    def _said(self, problem: Problem) -> str:
        where = f"{self.source} line {problem.line}: " if problem.line else ""
        return f"{where}{problem.sentence}"


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a practitioner, co-ordinator or supervisor."""

    handle: str
    name: str
    agency: str
    platform: str = "web"
    roles: tuple[str, ...] = ()
    works_on: str = "12345"
    verified: bool = True


class Handle(str):
    """A place in an event's answers that a subject's reference is put into when it is played."""

    __slots__ = ()


@dataclass(frozen=True)
class Event:
    """One press of the story. `rows` are the handles of what the rows of its form make."""

    number: int
    line: int
    at: datetime
    who: str
    command: Command
    to: str | None
    answers: dict[str, Any]
    made: str | None = None
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    refused: str | None = None

    @property
    def called(self) -> str:
        """How a sentence names it: "event 3 (line 41)"."""
        return f"event {self.number} (line {self.line})"


@dataclass(frozen=True)
class Expectation:
    """What must, or must never, have been said; or the state that something must be in.

    `on` is a platform, or a day as `between` has it.
    """

    number: int
    line: int
    kind: Literal["notice", "never", "state"]
    what: str
    to: str | None = None
    about: str | None = None
    between: tuple[datetime, datetime] | None = None
    between_words: str = ""
    times: int | None = None
    platform: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Scenario:
    """A story, read and found sound, with the policy it is played under. Moments are in UTC."""

    name: str
    source: str
    policy: Policy
    start: datetime
    end: datetime
    people: dict[str, Actor]
    events: tuple[Event, ...]
    expect: tuple[Expectation, ...]
