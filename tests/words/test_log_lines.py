"""What one log line shows, and what it never does, whoever writes it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.logs import NOT_SHOWN, Handler, JsonLines, Readable

ROOT = Path(__file__).parents[2]
SECRET = "Maya Hardman xoxb-4711"


def record(name: str, message: Any, *values: Any, **extra: Any) -> logging.LogRecord:
    return logging.getLogger(name).makeRecord(
        name, logging.ERROR, str(ROOT / "bot" / "x.py"), 12, message, values, None, "f", extra
    )


def shown(name: str, message: Any, *values: Any, **extra: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(JsonLines().format(record(name, message, *values, **extra)))
    return found


def fault_of(error: BaseException) -> list[dict[str, Any]]:
    one = record("bot.x", "it failed")
    one.exc_info = (type(error), error, error.__traceback__)
    found: list[dict[str, Any]] = json.loads(JsonLines().format(one))["fault"]
    assert SECRET not in Readable().format(one)
    return found


def test_a_line_of_ours_is_its_sentence_and_its_fields() -> None:
    line = shown("bot.delivery", "not put in words", delivery=12, platform="slack", seconds=0.25)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "ERROR",
        "logger": "bot.delivery",
        "event": "not put in words",
        "delivery": 12,
        "platform": "slack",
        "seconds": 0.25,
    }


def test_values_to_fill_in_are_never_shown() -> None:
    assert SECRET not in json.dumps(shown("bot.delivery", "delivery %s of %s", 12, SECRET))


@pytest.mark.parametrize(
    "extra",
    [
        {"delivery": SECRET},
        {"platform": SECRET},
        {"command": "Maya Hardman"},
        {"ref": "Maya"},
        {"quoted": "Maya1"},
        {"worker": "a worker with spaces"},
        {"where": "Maya Hardman"},
        {"delivery": {"name": SECRET}},
        {"family": SECRET},
    ],
)
def test_a_field_that_does_not_look_as_it_should_is_left_out(extra: dict[str, Any]) -> None:
    assert set(shown("bot.x", "so", **extra)) == {"at", "level", "logger", "event"}


@pytest.mark.parametrize("message", [f"Sending {SECRET}", ValueError(SECRET), {SECRET: 1}, SECRET])
def test_what_a_library_says_is_not_shown_but_where_it_was_said_is(message: Any) -> None:
    line = shown("slack_sdk.web", message, platform="slack")
    assert line["event"] == NOT_SHOWN
    assert line["where"] == "bot/x.py:12 f"
    assert set(line) == {"at", "level", "logger", "event", "where"}


def test_what_is_known_to_be_harmless_is_shown_without_its_values() -> None:
    assert shown("uvicorn.error", "Started server process [%d]", 7)["event"] == (
        "Started server process [%d]"
    )


def test_a_fault_is_its_types_and_places_through_all_its_causes() -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as inner:
            raise ExceptionGroup(SECRET, [OSError(28, SECRET)]) from inner
    except ExceptionGroup as error:
        found = fault_of(error)
    assert [one["type"] for one in found] == [
        "builtins.ExceptionGroup",
        "builtins.OSError",
        "builtins.KeyError",
    ]
    assert found[1]["code"] == 28
    assert found[0]["stack"][0].startswith("tests/words/test_log_lines.py:")
    assert SECRET not in json.dumps(found)


def test_causes_that_go_in_a_circle_come_to_an_end() -> None:
    first, second = ValueError(SECRET), ValueError(SECRET)
    first.__cause__, second.__cause__ = second, first
    assert len(fault_of(first)) == 2


def test_for_a_person_it_is_one_line_with_the_stack_below() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        one = record("bot.x", "it failed", delivery=3)
        one.exc_info = (ValueError, error, error.__traceback__)
    first, second, third = Readable().format(one).splitlines()
    assert first.endswith(" ERROR bot.x it failed delivery=3")
    assert second.strip() == "builtins.ValueError"
    assert third.strip().startswith("tests/words/test_log_lines.py:")


def test_a_line_that_cannot_be_written_says_no_more_than_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = Handler(sys.stderr)

    class Broken(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            raise RuntimeError(SECRET)

    handler.setFormatter(Broken())
    handler.handle(record("bot.x", SECRET))
    assert json.loads(capsys.readouterr().err) == {
        "event": "a log line could not be written",
        "kind": "RuntimeError",
    }


UNCAUGHT = f"""
import gc, logging, threading, warnings
from bot import logs
logs.start()
logging.getLogger("bot.x").info("begun")
logging.getLogger("slack_sdk").info("quiet {SECRET}")
warnings.warn("{SECRET}")
thread = threading.Thread(target=lambda: int("{SECRET}"))
thread.start(); thread.join()
class Odd:
    def __del__(self):
        raise ValueError("{SECRET}")
Odd(); gc.collect()
raise RuntimeError("{SECRET}")
"""


def run(shape: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", UNCAUGHT],
        cwd=ROOT,
        env={"TAF_LOG": shape, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )


def test_what_nobody_catches_is_logged_the_same_way() -> None:
    ended = run("json")
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert ended.returncode == 1
    assert [line["event"] for line in lines] == [
        "begun",
        "a library warns",
        "a thread ended with a fault",
        "a fault that could not be raised",
        "the process ended with a fault",
    ]
    assert "Hardman" not in ended.stderr
    assert "Hardman" not in run("text").stderr
