"""Reads a story for `taf simulate`, and refuses before anything runs what cannot be played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.story.events import Events
from bot.story.expecting import SUPERVISORS, Expectations
from bot.story.handles import Handles
from bot.story.moments import Moments
from bot.story.parts import STRANGER, Actor, Event, Scenario, ScenarioError
from bot.story.people import People
from bot.story.written import Problem, Problems, Rows, Table, Value, Words, native, read_yaml
from workflows.policy import Policy, PolicyError, load_policy
from workflows.working_days import WorkingDays

__all__ = ["Scenario", "ScenarioError", "moment", "read_scenario", "read_story"]

KEYS = ("scenario", "start", "until", "config", "people", "events", "expect")
RUNS_ON = timedelta(weeks=12)
"""How long a story runs after its last event, where it does not say."""


def read_scenario(path: Path, policy_path: Path) -> Scenario:
    """The story of a file, under the policy of an app.yaml.

    Raises ScenarioError with everything that is wrong with the story, PolicyError where it is
    the app.yaml itself that is.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ScenarioError([Problem(0, f"there is no story at {path}")], path.name) from None
    except (OSError, UnicodeDecodeError):
        problem = Problem(0, f"{path} cannot be read as a story")
        raise ScenarioError([problem], path.name) from None
    try:
        settings = policy_path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        problem = Problem(0, f"there are no settings to be read at {policy_path}")
        raise ScenarioError([problem], path.name) from None
    return read_story(text, path.name, settings, policy_path.name)


def read_story(text: str, source: str, settings: str, settings_source: str) -> Scenario:
    """The story of a text, under the policy of an app.yaml's text; raises as read_scenario."""
    problems = Problems()
    root = read_yaml(text, problems)
    policy = load_policy(settings, settings_source)
    if root:
        reader = _Reader(root, source, problems, settings, policy)
        found = reader.read()
        if found is not None and not problems.found:
            return found
    raise ScenarioError(list(problems), source)


def moment(scenario: Scenario, words: str) -> datetime:
    """The moment, or the end of the day, that --until means; raises ScenarioError."""
    days = WorkingDays.of(scenario.policy)
    try:
        found = Moments(days, days.today(scenario.start)).span(words)[1]
    except ValueError as wrong:
        raise ScenarioError([Problem(0, f"--until: {wrong}")], scenario.source) from None
    if found < scenario.start:
        sentence = f'--until: "{words}" is before the story starts'
        raise ScenarioError([Problem(0, sentence)], scenario.source)
    return found


class _Reader:
    """One reading of one story."""

    def __init__(
        self, root: Table, source: str, problems: Problems, settings: str, policy: Policy
    ) -> None:
        self.root, self.source, self.problems = root, source, problems
        self.policy = self._overridden(settings, policy)
        self.days = WorkingDays.of(self.policy)

    def read(self) -> Scenario | None:
        """The story, or None where its start cannot be read; `problems` has every reason."""
        for key in self.root:
            if key not in KEYS:
                self.problems.unknown(self.root.line_of(key), "key of a story", key, KEYS)
        name = self._word("scenario", "`scenario` names the story in a line")
        start = self._start()
        people = People(self.policy, self.problems).read(self.root)
        handles = Handles([*people, STRANGER])
        moments = Moments(self.days, self.days.today(start))
        events = Events(self.policy, people, moments, handles, self.problems).read(
            self.root.get("events"), start
        )
        end = self._end(moments, start, events)
        rooms = list(dict.fromkeys([SUPERVISORS, *_references(self.root.get("events"))]))
        expect = Expectations(handles, moments, rooms, self.problems).read(self.root.get("expect"))
        met = handles.met | {event.who for event in events}
        if STRANGER in met - set(people):
            agency = next(iter(self.policy.agencies))
            people = people | {STRANGER: Actor(STRANGER, "Stranger", agency)}
        return Scenario(
            str(name), self.source, self.policy, start, end, people, events, tuple(expect)
        )

    def _word(self, key: str, sentence: str) -> Words | None:
        found = self.root.get(key)
        if isinstance(found, Words) and found.strip():
            return found
        self.problems.add(self.root.line_of(key), sentence)
        return None

    def _start(self) -> datetime:
        """The clock's first reading; some moment, and a problem, where it cannot be read."""
        words = self._word("start", '`start` sets the clock, like "2026-03-02 08:00"')
        some = self.days.instant(datetime(2026, 3, 2).date(), time(8))  # noqa: DTZ001
        if words is None:
            return some
        try:
            return Moments(self.days, self.days.today(some)).at(words, some)
        except ValueError as wrong:
            self.problems.add(words.line, str(wrong))
            return some

    def _end(self, moments: Moments, start: datetime, events: tuple[Event, ...]) -> datetime:
        last = max((event.at for event in events), default=start)
        words = self.root.get("until")
        if words is None:
            return self.days.instant(self.days.today(last + RUNS_ON), time(23, 59))
        try:
            end = moments.span(str(words))[1]
        except ValueError as wrong:
            self.problems.add(words.line, str(wrong))
            return last
        if end < last:
            day = self.days.today(last)
            self.problems.add(words.line, f"the story goes on until {day}, after `until`")
        return end

    def _overridden(self, settings: str, policy: Policy) -> Policy:
        """The policy with the story's own `config:`; the plain one, and problems, if it cannot."""
        config = self.root.get("config")
        if config is None:
            return policy
        if not isinstance(config, Table):
            self.problems.add(config.line, "`config` holds settings, as app.yaml has them")
            return policy
        try:
            return load_policy(settings, "config", native(config))
        except PolicyError as error:
            for problem in error.problems:
                self.problems.add(_line_of(config, problem.path), problem.sentence)
            return policy


def _line_of(config: Table, path: str) -> int:
    """The line of a setting of `config`, or the nearest above it."""
    here: Value = config
    line = config.line
    for part in path.split("."):
        if isinstance(here, Table) and part in here:
            line, here = here.line_of(part), here[part]
        elif isinstance(here, Table) and any(key == part for key in here.lines):
            return here.lines[part]
        elif isinstance(here, Rows) and part.isdigit() and 0 < int(part) <= len(here):
            here = here[int(part) - 1]
            line = here.line
        else:
            break
    return line


def _references(events: Value | None) -> Iterator[str]:
    """The families' references that the story gives: the names of their rooms."""
    for row in events if isinstance(events, Rows) else []:
        given = row.get("with") if isinstance(row, Table) else None
        family = given.get("family") if isinstance(given, Mapping) else None
        if isinstance(family, Words) and family:
            yield family.upper()
            yield f"{family.upper()}-2"
