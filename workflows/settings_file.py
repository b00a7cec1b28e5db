"""Reads app.yaml as it is written: plain values, and the line that each stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Place = tuple[str | int, ...]
Found = Iterator[tuple[Place, str]]

_SCALARS: dict[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}
_FOLD = "\a"
"""What the YAML reader leaves where a folded line (`>-`) was joined; no setting holds one."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong: its line in the file (none where an override brought it), and why."""

    line: int | None
    path: str
    sentence: str


@dataclass
class Written:
    """The file's plain values, with the line that each stands on."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=lambda: {(): 1})
    overridden: set[Place] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Place, sentence: str) -> Problem:
        """A problem at a setting; the line is the nearest that the file has for it."""
        starts = [path[:length] for length in range(len(path), -1, -1)]
        new = any(start in self.overridden for start in starts)
        line = None if new else next(self.lines[start] for start in starts if start in self.lines)
        return Problem(line, dotted(path), sentence)


def read_settings(text: str) -> Written:
    """The text's values and lines; what cannot be read is a problem of its own."""
    written = Written()
    try:
        root = YAML().compose(text)
        data = _values(root, (), written) if root is not None else None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        why = (error.problem if isinstance(error, MarkedYAMLError) else None) or "unreadable text"
        written.problems.append(Problem(mark.line + 1 if mark else 1, "", f"is not YAML: {why}"))
    except RecursionError:
        written.problems.append(Problem(1, "", "is nested too deeply, or holds itself"))
    else:
        if isinstance(data, dict) and data:
            written.data = data
        else:
            written.problems.append(Problem(1, "", "there are no settings here"))
    return written


def _values(node: Node, path: Place, written: Written) -> Any:
    """The node as plain values; dates and times stay words, for the settings to judge."""
    written.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, SequenceNode):
        return [_values(each, (*path, at), written) for at, each in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(node, path, written)
    try:
        return _SCALARS.get(str(node.tag), str)(node.value.replace(_FOLD, ""))
    except ValueError:
        return str(node.value).replace(_FOLD, "")


def _mapping(node: MappingNode, path: Place, written: Written) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        here = (*path, key)
        if key in found:
            sentence = f'"{dotted(here)}" is written twice, first on line {written.lines[here]}'
            written.problems.append(Problem(line, dotted(here), sentence))
            continue
        written.lines[here] = line
        found[key] = _values(value_node, here, written)
    return found


def merged(
    base: Mapping[str, Any], over: Mapping[str, Any], path: Place, changed: set[Place]
) -> dict[str, Any]:
    """The settings with their overrides; `changed` collects where those were."""
    found = dict(base)
    for key, value in over.items():
        here, old = (*path, key), found.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            found[key] = merged(old, value, here, changed)
        else:
            found[key] = value
            changed.add(here)
    return found


def dotted(path: Place) -> str:
    """The setting's name from the top: "reviews.every", "ladder.2.after" (counted from one)."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
