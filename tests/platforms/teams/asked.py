"""One call that our app makes, and the route that takes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms.faults import Fault
from tests.platforms.slack.asked import Line

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

Told = tuple[int, Any]
"""A status, and a body for JSON; None for no body at all."""


@dataclass
class Call:
    """A call: `at` are the parts of its path, `claims` those of its token, `size` in bytes."""

    tenant: Tenant
    method: str
    at: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    authorization: str = ""
    size: int = 0
    claims: dict[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    path: str = ""
    location: str = ""
    """Where what was made is found, for the answer's header."""

    def logged(self, status: int | None, error: str | None, at: float) -> Line:
        """The call as the log keeps it."""
        said = self.body if isinstance(self.body, dict) else {}
        return Line(self.method, {**self.at, **self.query, **said}, status, error, at, self.fault)


@dataclass
class Route:
    """What takes calls of one verb and path. `{name}` in a path is one part of it.

    `roles`: the application permissions of which Graph wants one, the least first.
    """

    verb: str
    path: str
    method: str
    does: Callable[[Call], Told]
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        self._matches = re.compile(pattern, re.IGNORECASE).fullmatch

    def takes(self, verb: str, path: str) -> dict[str, str] | None:
        """The parts of the path, if it is this route's."""
        found = self._matches(path) if verb == self.verb else None
        return found.groupdict() if found else None
