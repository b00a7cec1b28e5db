"""Log lines without personal content: what happened and where, never what somebody wrote.

A line holds the constant sentence of the call, the reference fields named here, and for a fault
its type and where it came from. An exception's own words are never shown: they may quote a form.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sys
import threading
import warnings
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.faults import chain, place

OURS = ("bot", "workflows", "storage", "messages")

_WORD, _NUMBER = r"[a-z_]{1,40}", r"[0-9]{1,18}"
FIELDS: dict[str, str] = {
    "delivery": _NUMBER,
    "lane": _NUMBER,
    "count": _NUMBER,
    "port": _NUMBER,
    "seconds": r"-?[0-9]+(\.[0-9]+)?",
    "platform": _WORD,
    "kind": r"[a-z_]{1,40}|[A-Z][A-Za-z]{1,60}",
    "why": _WORD,
    "command": r"[a-z_]{1,40}\.[a-z_]{1,40}",
    "ref": r"[a-z_]{1,40}-[0-9]{1,18}",
    "quoted": r"[346789A-Z]{5}",
    "worker": r"[A-Za-z0-9.-]{1,60}",
    "where": r"[A-Za-z0-9_./-]{1,120}:[0-9]+( [A-Za-z0-9_<>]{1,80})?",
}
"""What may be given as `extra`, and how it looks; anything else is left out of the line."""

NOT_SHOWN = "a library's message, not shown"
HARMLESS = frozenset(
    {
        "Started server process [%d]",
        "Finished server process [%d]",
        "Shutting down",
        "Waiting for connections to close. (CTRL+C to force quit)",
        "Cancel %s running task(s), timeout graceful shutdown exceeded",
        "Exception in ASGI application\n",
        "Invalid HTTP request received.",
        "Scheduler started",
        "Scheduler has been shut down",
        'Job "%s" raised an exception',
        'Run time of job "%s" was missed by %s',
        'Execution of job "%s" skipped: maximum number of running instances reached (%d)',
    }
)
"""What libraries say that is worth reading, word for word and without what they fill in.

Every other message of theirs is left out: many are put together before they reach the log. Its
line still says which line of which library spoke.
"""


def entry(record: logging.LogRecord) -> dict[str, Any]:
    """A record as it may be shown."""
    ours = record.name.partition(".")[0] in OURS
    line: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": NOT_SHOWN,
    }
    if isinstance(record.msg, str) and (ours or record.msg in HARMLESS):
        line["event"] = record.msg.strip()
    if ours:
        line |= _fields(record)
    else:
        line["where"] = place(record.pathname, record.lineno, record.funcName or "")
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        line["fault"] = chain(error)
    return line


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The reference fields, each only where it looks as it should."""
    given = ((name, getattr(record, name, None)) for name in FIELDS)
    return {
        name: value
        for name, value in given
        if isinstance(value, str | int | float) and re.fullmatch(FIELDS[name], str(value))
    }


class JsonLines(logging.Formatter):
    """One JSON object a line, for whatever gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as JSON."""
        return json.dumps(entry(record))


class Readable(logging.Formatter):
    """The same facts for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as a line, and a fault's stack below it."""
        line = entry(record)
        head = [str(line.pop(name)) for name in ("at", "level", "logger", "event")]
        faults = line.pop("fault", [])
        parts = [" ".join([*head, *(f"{name}={value}" for name, value in line.items())])]
        for fault in faults:
            parts.append(f"  {fault['type']} {fault.get('code', '')}".rstrip())
            parts += [f"    {at}" for at in fault["stack"]]
        return "\n".join(parts)


class Handler(logging.StreamHandler[TextIO]):
    """Writes to standard error; what cannot be written is said to be missing, and no more."""

    def handleError(self, _: logging.LogRecord) -> None:  # noqa: N802  logging names it
        """Say that a line is missing: logging's own way would print the message and its values."""
        kind = type(sys.exc_info()[1]).__name__
        missing = json.dumps({"event": "a log line could not be written", "kind": kind})
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(missing + "\n")


def start(shape: str | None = None) -> None:
    """Send every log line, warning and fault that nobody caught through here, to standard error.

    `shape` is text or json; without one TAF_LOG says, else json wherever no person looks on.
    Where somebody has set logging up already, as a test does, it stays as it is.
    """
    root = logging.getLogger()
    if root.handlers:
        return
    shape = shape or os.environ.get("TAF_LOG") or ("text" if sys.stderr.isatty() else "json")
    handler = Handler(sys.stderr)
    handler.setFormatter(Readable() if shape == "text" else JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in (*OURS, "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.INFO)
    _take_over()


def _take_over() -> None:
    """Python would print these itself, an exception's words and all."""
    log = logging.getLogger(__name__)

    def uncaught(*found: Any) -> None:
        if issubclass(found[0], KeyboardInterrupt):
            return
        log.critical("the process ended with a fault", exc_info=found)

    def in_thread(found: Any) -> None:
        log.error("a thread ended with a fault", exc_info=found.exc_value)

    def unraisable(found: Any) -> None:
        log.error("a fault that could not be raised", exc_info=found.exc_value)

    def warned(_: Any, kind: type[Warning], path: str, number: int, *__: Any) -> None:
        where = place(path, number, "")
        log.warning("a library warns", extra={"kind": kind.__name__, "where": where})

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable
    warnings.showwarning = warned  # type: ignore[assignment]
