"""An exception as its type and the places it came through, and not one of its own words."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).parents[1]) + "/"
MOST = 10
"""Causes of causes end somewhere; a line of a log does too."""

_PACKAGES = re.compile(r".*/(?:site-packages|python3\.[0-9]+)/(.+)")
_CODE = re.compile(r"[0-9A-Z]{5}")


def chain(error: BaseException) -> list[dict[str, Any]]:
    """A fault, what it came from, and what a group of faults holds: the outermost first."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < MOST:
        one = waiting.pop(0)
        if any(one is seen for seen in found):
            continue
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        cause = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        waiting += [cause] if cause else []
    return [_fault(one) for one in found]


def _fault(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    stack = traceback.walk_tb(error.__traceback__)
    shown: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    code = getattr(error, "sqlstate", None) or getattr(error, "errno", None)
    if isinstance(code, int) or (isinstance(code, str) and _CODE.fullmatch(code)):
        shown["code"] = code
    shown["stack"] = [
        place(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in stack
    ]
    return shown


def place(path: str, line: int, function: str) -> str:
    """Where in the code: the file as it stands in its package, its line and its function.

    What comes before is left out: a folder may be named after whoever works in it.
    """
    inside = _PACKAGES.match(path)
    if inside:
        path = inside[1]
    elif path.startswith(ROOT):
        path = path.removeprefix(ROOT)
    else:
        path = Path(path).name
    return f"{path}:{line} {function}".rstrip()
