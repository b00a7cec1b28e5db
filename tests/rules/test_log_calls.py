"""Every log call in our code says a constant sentence, and only fields that a line may show."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import FIELDS, OURS

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a logger, with its place."""
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in {"log", "logger", "logging"}
                    and node.func.attr in LEVELS
                ):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


CALLS = dict(calls())


def test_there_are_calls_to_look_at() -> None:
    assert len(CALLS) >= 5


@pytest.mark.parametrize("place", CALLS)
def test_a_log_call_says_a_constant_sentence_and_shows_known_fields(place: str) -> None:
    call = CALLS[place]
    sentence = call.args[0]
    assert isinstance(sentence, ast.Constant), "a message put together may hold anything"
    assert isinstance(sentence.value, str)
    assert "%" not in sentence.value, "arguments are not shown: give them as extra fields"
    assert len(call.args) == 1
    given = {word.arg: word.value for word in call.keywords}
    assert set(given) <= {"extra", "exc_info"}
    extra = given.get("extra", ast.Dict([], []))
    if isinstance(extra, ast.Call):
        extra = returned(extra, place)
    assert isinstance(extra, ast.Dict)
    for key in extra.keys:
        assert isinstance(key, ast.Constant)
        assert key.value in FIELDS, f"{key.value} is not shown; see FIELDS in bot/logs.py"


def returned(call: ast.Call, place: str) -> ast.expr | None:
    """What a function of the same module gives, where it is one `return`."""
    assert isinstance(call.func, ast.Name)
    tree = ast.parse((ROOT / place.rpartition(":")[0]).read_text(encoding="utf-8"))
    (found,) = (
        one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == call.func.id
    )
    last = found.body[-1]
    assert isinstance(last, ast.Return)
    return last.value
