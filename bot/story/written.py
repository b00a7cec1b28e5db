"""Reads a story's YAML as plain words that know their line; nothing is guessed to be a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Union

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workflows.settings import nearest

MOST_NAMED = 12
"""Where no known name is near, the known ones are listed, unless there are more than this."""


class Words(str):
    """One value, as it was written: "14:00" stays "14:00", whatever YAML makes of it."""

    line: int
    tag: str
    __slots__ = ("line", "tag")

    @classmethod
    def at(cls, text: str, line: int, tag: str = "") -> Words:
        """The words of a line."""
        made = cls(text)
        made.line, made.tag = line, tag
        return made


class Rows(list["Value"]):
    """A list, and the line it begins on."""

    line = 1


class Table(dict[str, "Value"]):
    """Named values, the line they begin on, and the line of each name."""

    line = 1

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a name, or the table's own where it is not there."""
        return self.lines.get(key, self.line)


Value = Union[Words, Rows, Table]  # noqa: UP007  names that are still strings above


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a story: its line, 0 where no line brought it, and why."""

    line: int
    sentence: str


@dataclass
class Problems:
    """Everything found wrong, all of it told together."""

    found: set[Problem] = field(default_factory=set)

    def add(self, line: int, sentence: str) -> None:
        """Write one down."""
        self.found.add(Problem(line, sentence))

    def unknown(self, line: int, what: str, word: str, known: Iterable[str]) -> None:
        """A name that there is none of, with the nearest that there is."""
        self.add(line, f'there is no {what} "{word}"{pointed(word, known)}')

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.found))


def pointed(word: str, known: Iterable[str]) -> str:
    """`; did you mean "worker"?`, or the known names, or nothing where there are many."""
    names = list(known)
    listed = f"; there are: {', '.join(names)}" if 0 < len(names) <= MOST_NAMED else ""
    return nearest(word, names) or listed


def read_yaml(text: str, problems: Problems) -> Table:
    """The text's values with their lines; an empty table where it cannot be read."""
    found: Value | None = None
    try:
        root = YAML().compose(text)
        found = _value(root, problems) if root is not None else None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        why = (error.problem if isinstance(error, MarkedYAMLError) else None) or "unreadable text"
        problems.add(mark.line + 1 if mark else 1, f"this is not YAML: {why}")
        return Table()
    except RecursionError:
        problems.add(1, "this is nested too deeply, or holds itself")
        return Table()
    if isinstance(found, Table):
        return found
    problems.add(1, "there is no story here: it begins with its name, like `scenario: A short one`")
    return Table()


def _value(node: Node, problems: Problems) -> Value:
    line = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return _table(node, line, problems)
    if isinstance(node, SequenceNode):
        rows = Rows(_value(each, problems) for each in node.value)
        rows.line = line
        return rows
    text = "" if str(node.tag).endswith(":null") else str(node.value)
    return Words.at(text, line, str(node.tag))


def _table(node: MappingNode, line: int, problems: Problems) -> Table:
    table = Table()
    table.line = line
    for key_node, value_node in node.value:
        here = key_node.start_mark.line + 1
        key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
        if not key:
            problems.add(here, "a name should be one word before its colon")
        elif key in table:
            problems.add(here, f'"{key}" is written twice, first on line {table.lines[key]}')
        else:
            table.lines[key] = here
            table[key] = _value(value_node, problems)
    return table


_NATIVE: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}


def native(value: Value) -> Any:
    """A value as app.yaml's settings take it: numbers, true and false among the words."""
    if isinstance(value, Table):
        return {key: native(each) for key, each in value.items()}
    if isinstance(value, Rows):
        return [native(each) for each in value]
    try:
        return _NATIVE.get(value.tag, str)(str(value))
    except ValueError:
        return str(value)
