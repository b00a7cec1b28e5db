"""The ways in which the fake Teams says no."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack.refusing import ClientRefuses, Unshowable

__all__ = ["ClientRefuses", "ConnectorRefuses", "GraphRefuses", "LoginRefuses", "Refused"]
__all__ += ["Unshowable"]


class Refused(Exception):
    """Microsoft says no, with a status, a code and a sentence."""

    def __init__(
        self, status: int, error: str, message: str = "", *, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{status} {error} {message}")
        self.status, self.error, self.message = status, error, message
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The answer as the caller reads it."""
        return {"error": {"code": self.error, "message": self.message}}


class ConnectorRefuses(Refused):
    """The connector says no; the codes are those of Teams' own table (documented)."""

    def body(self) -> dict[str, Any]:
        """A caller whom it does not know hears no code (remembered)."""
        return {"message": self.message} if self.status == 401 else super().body()


class GraphRefuses(Refused):
    """Graph says no."""

    def body(self) -> dict[str, Any]:
        """Graph's error body (documented); the ids and the date are made up."""
        inner = {
            "date": "2025-03-03T09:00:00",
            "request-id": "00000000-0000-4000-8000-00000000aaaa",
            "client-request-id": "00000000-0000-4000-8000-00000000aaaa",
        }
        said = {"code": self.error, "message": self.message, "innerError": inner}
        return {"error": said}


class LoginRefuses(Refused):
    """The login server says no; `error` is OAuth's word, the sentence begins with AADSTS."""

    def body(self) -> dict[str, Any]:
        """The login server's error body (documented)."""
        number = self.message.removeprefix("AADSTS").partition(":")[0]
        codes = [int(number)] if number.isdigit() else []
        said = {"error": self.error, "error_description": self.message}
        return said | {"error_codes": codes, "correlation_id": "made-up", "trace_id": "made-up"}
