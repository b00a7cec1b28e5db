"""The ways in which the fake Slack says no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """The Web API says no, in the words that the real one uses.

    `messages` say what is wrong with blocks or views, `more` are further fields of the answer.
    """

    def __init__(
        self,
        error: str,
        messages: Sequence[str] = (),
        *,
        retry_after: float | None = None,
        **more: Any,
    ) -> None:
        super().__init__(f"{error} {list(messages)}" if messages else error)
        self.error, self.messages, self.retry_after = error, list(messages), retry_after
        self.more = more

    @property
    def status(self) -> int:
        """The HTTP status: Slack says 200 to everything but a caller who is too fast."""
        return 429 if self.retry_after is not None else 200

    def body(self) -> dict[str, Any]:
        """The answer as the caller reads it."""
        found: dict[str, Any] = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            found["errors"] = self.messages
            found["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in self.messages]}
        return found


class ClientRefuses(AssertionError):
    """Slack's own client does not let a person do this: a required field is empty, say."""


class Unshowable(AssertionError):
    """The app answered something that Slack cannot show; the person sees an error."""
