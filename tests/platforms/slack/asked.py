"""One call of the Web API, and how a method reads what was asked of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tests.platforms.faults import Fault
from tests.platforms.slack.channels import Channel
from tests.platforms.slack.people import Person
from tests.platforms.slack.refusing import Refused

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

One = TypeVar("One")


@dataclass
class Line:
    """One call, as the log keeps it: nothing is left out, for here nothing is real.

    `status` is nothing where no answer came; `at` is monotonic.
    """

    method: str
    arguments: dict[str, Any]
    status: int | None
    error: str | None
    at: float
    fault: Fault | None = None


@dataclass
class Call:
    """A call, with its arguments as they came: forms carry strings, JSON carries anything."""

    workspace: Workspace
    method: str
    args: dict[str, Any]
    fault: Fault | None = None

    @property
    def bot(self) -> str:
        """The user who calls: our bot."""
        return self.workspace.app.bot_user

    def text(self, name: str) -> str:
        """An argument that may be left out."""
        found = self.args.get(name)
        return "" if found is None else str(found)

    def needed(self, name: str) -> str:
        """An argument that may not be left out."""
        if not (found := self.text(name)):
            raise Refused("invalid_arguments", [f"missing required field: {name}"])
        return found

    def flag(self, name: str) -> bool:
        """An argument that is true or false."""
        return self.text(name).lower() in {"1", "true"}

    def count(self, name: str, default: int, most: int) -> int:
        """A number of things to be shown."""
        said = self.text(name) or str(default)
        if not said.isdigit() or not 1 <= int(said) <= most:
            raise Refused("invalid_limit")
        return int(said)

    def parsed(self, name: str, error: str) -> Any:
        """An argument that is JSON: encoded once more in a form, as it is in a JSON body."""
        found = self.args.get(name)
        if not isinstance(found, str):
            return found
        try:
            return json.loads(found)
        except ValueError:
            raise Refused(error) from None

    def channel(self, *, joined: bool = True) -> Channel:
        """The channel that is meant, if the bot may see it.

        A private channel that the bot is not in looks as if there were none (remembered).
        """
        found = self.workspace.channels.get(self.text("channel"))
        if found is None:
            raise Refused("channel_not_found")
        if self.bot not in found.members:
            if found.is_private:
                raise Refused("channel_not_found")
            if joined:
                raise Refused("not_in_channel")
        return found

    def room(self) -> Channel:
        """The channel that is meant, if it is one that people open, not a direct message."""
        found = self.channel()
        if found.im_with:
            raise Refused("method_not_supported_for_channel_type")
        return found

    def open_room(self) -> Channel:
        """The channel that is meant, if nobody archived it."""
        found = self.room()
        if found.is_archived:
            raise Refused("is_archived")
        return found

    def person(self, name: str = "user") -> Person:
        """The person who is meant."""
        found = self.workspace.people.get(self.text(name))
        if found is None:
            raise Refused("user_not_found")
        return found

    def page(self, everything: Sequence[One], default: int, most: int) -> tuple[list[One], str]:
        """One page of it, and the cursor of the next."""
        size = self.count("limit", default, most)
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("from:"))
            except ValueError:
                raise Refused("invalid_cursor") from None
        end = start + size
        following = base64.b64encode(f"from:{end}".encode()).decode()
        return list(everything[start:end]), following if end < len(everything) else ""

    def logged(self, status: int | None, error: str | None, at: float) -> Line:
        """The call as the log keeps it."""
        return Line(self.method, dict(self.args), status, error, at, self.fault)


Method = Callable[[Call], dict[str, Any]]
"""Does what was asked; its answer goes after `"ok": true`."""
