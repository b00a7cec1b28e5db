"""The partnership's policy: app.yaml read, checked and refused by name and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from workflows.settings import Agency, Policy, nearest
from workflows.settings_checks import CHECKS, Draft
from workflows.settings_file import Found, Place, Problem, dotted, merged, read_settings
from workflows.working_days import Period

__all__ = ["Agency", "Period", "Policy", "PolicyError", "Problem", "load_policy"]


class PolicyError(ValueError):
    """The settings cannot be used; `problems` says why, all of them, one a line in words."""

    def __init__(self, problems: list[Problem], source: str = "app.yaml") -> None:
        self.problems = problems
        self.source = source
        super().__init__("\n".join(self._said(problem) for problem in problems))

    def _said(self, problem: Problem) -> str:
        where = f"line {problem.line}" if problem.line else "overridden"
        return f"{self.source} {where}: {problem.sentence}"


def load_policy(
    text: str, source: str = "app.yaml", overrides: Mapping[str, Any] | None = None
) -> Policy:
    """The partnership's settings, from the text of app.yaml and any overrides of it.

    `overrides` has app.yaml's own shape and wins over it, setting by setting; a list is replaced
    whole. Raises PolicyError with every problem found, the first line first.
    """
    written = read_settings(text)
    if overrides and written.data:
        written.data = merged(written.data, overrides, (), written.overridden)
    problems = list(written.problems)
    policy: Policy | None = None
    if written.data:
        try:
            policy = Policy.model_validate(written.data)
        except ValidationError as error:
            problems += [written.problem(*found) for found in _field_problems(error)]
        draft = Draft(written.data)
        problems += [written.problem(*found) for check in CHECKS for found in check(draft)]
    if problems or policy is None:
        raise PolicyError(sorted(problems, key=lambda each: each.line or 0), source)
    return policy


def _field_problems(error: ValidationError) -> Found:
    """Each fault once: a setting that was misspelt is not called missing too."""
    errors: list[dict[str, Any]] = [dict(each) for each in error.errors()]
    unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
    for each in errors:
        place = each["loc"]
        siblings = [str(other[-1]) for other in unknown if other[:-1] == place[:-1]]
        if each["type"] != "missing" or not nearest(str(place[-1]), siblings):
            yield _field_problem(each)


def _field_problem(error: Mapping[str, Any]) -> tuple[Place, str]:
    path: Place = tuple(error["loc"])
    name, kind, value = dotted(path), error["type"], error["input"]
    parent = dotted(path[:-1])
    if kind == "extra_forbidden":
        known = _settings_at(path[:-1])
        near = nearest(str(path[-1]), known) or f"; the settings here are {', '.join(known)}"
        of = f" of {parent}" if parent else ""
        return path, f'"{path[-1]}" is not a setting{of}{near}'
    if kind == "missing":
        return path[:-1], f'"{path[-1]}" is missing{f" from {parent}" if parent else ""}'
    if value is None:
        return path, f"{name} is empty"
    if kind == "value_error":
        return path, f"{name} {error['ctx']['error']}"
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        near = nearest(str(value), options)
        return path, f'{name} is "{value}", which is not one of {", ".join(options)}{near}'
    return path, f"{name} {_SHOULD_BE.get(kind, error['msg'][:1].lower() + error['msg'][1:])}"


_SHOULD_BE = {
    "model_type": "should hold settings, each on a line of its own",
    "dict_type": "should hold settings, each on a line of its own",
    "tuple_type": "should be a list",
    "bool_type": "should be true or false",
    "string_type": "should be words (put a number in quotation marks)",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "should be small letters, with underscores between words",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "greater_than_equal": "should be at least 1",
    "less_than_equal": "should be at most 10",
}


def _settings_at(path: Place) -> list[str]:
    """The names of the settings that may stand under a path."""
    kind: Any = Policy
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = next(
                f.annotation for n, f in kind.model_fields.items() if (f.alias or n) == part
            )
        else:  # a list or a table of groups
            kind = next(arg for arg in reversed(get_args(kind)) if arg is not Ellipsis)
    return [f.alias or name for name, f in kind.model_fields.items() if not f.exclude]
