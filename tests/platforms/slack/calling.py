"""How the fake Slack takes a call of its Web API: token, limits, scopes, faults, log."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.platforms.faults import Fault
from tests.platforms.slack import (
    methods_about,
    methods_chat,
    methods_members,
    methods_reading,
    methods_rooms,
    methods_views,
)
from tests.platforms.slack.asked import Call, Method
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.scopes import check_scopes
from tests.platforms.wire import CUT, Reply, told

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

METHODS: dict[str, Method] = {
    **methods_about.METHODS,
    **methods_chat.METHODS,
    **methods_members.METHODS,
    **methods_reading.METHODS,
    **methods_rooms.METHODS,
    **methods_views.METHODS,
}

NO_JSON = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "pins.list",
        "team.info",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)
"""Methods that take only forms: of a JSON body they see nothing (remembered)."""


def read_arguments(method: str, query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """The arguments from URL and body, wherever the caller put them."""
    found: dict[str, Any] = {
        name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()
    }
    if content_type.startswith("application/json"):
        if method not in NO_JSON and body:
            try:
                found |= json.loads(body)
            except (ValueError, TypeError):
                raise Refused("invalid_json") from None  # remembered
    elif body:
        form = parse_qs(body.decode(), keep_blank_values=True)
        found |= {name: values[0] for name, values in form.items()}
    return found


class Calling:
    """Answers the calls of one workspace's Web API."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def answer(self, method: str, headers: dict[str, str], query: str, body: bytes) -> Reply:
        """Take one call, with whatever fault was drawn for it."""
        call = Call(self.workspace, method, {})
        try:
            kind = headers.get("content-type", "")
            call.args = read_arguments(method, query, kind, body)
            self._admit(call, headers.get("authorization", ""))
        except Refused as no:
            return self._refusal(call, no)
        call.fault = fault = self.workspace.faults.draw(method)
        if fault is None:
            return self._done(call)
        return await self._befallen(call, fault)

    def _admit(self, call: Call, authorization: str) -> None:
        """Refuse whoever may not call at all, or not so soon."""
        token = authorization.removeprefix("Bearer ").strip() or call.args.pop("token", "")
        app = self.workspace.app
        if not token:
            raise Refused("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise Refused("invalid_auth")
        if app.refusal:
            raise Refused(app.refusal)
        if call.method not in METHODS:
            raise Refused("unknown_method", req_method=call.method)
        if (token == app.app_token) != (call.method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")
        with self.workspace.lock:
            self.workspace.limits.check(call.method, str(call.args.get("channel", "")))

    async def _befallen(self, call: Call, fault: Fault) -> Reply:
        """The call as it ends when this fault meets it."""
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
                return self._done(call)
            case "partial":
                return self._done(call)
            case "ratelimited":
                return self._refusal(call, Refused("ratelimited", retry_after=fault.seconds))
            case "token_revoked" | "account_inactive":
                self.workspace.app.refusal = fault.kind
                return self._refusal(call, Refused(fault.kind))
        done = self._done(call) if fault.after else self._undone(call)
        match fault.kind:
            case "500":
                return Reply(500, b"<html>Server Error</html>", {"Content-Type": "text/html"})
            case "reset":
                return CUT
            case "timeout":
                await asyncio.sleep(fault.seconds)
                return done if fault.after else CUT
        return told({"ok": False, "error": fault.kind})

    def _done(self, call: Call) -> Reply:
        """Do it, or refuse it; either is logged."""
        try:
            with self.workspace.changed:
                check_scopes(call)
                if call.method in self.workspace.app.restricted:
                    raise Refused("restricted_action")
                body = {"ok": True, **METHODS[call.method](call)}
                self.workspace.changed.notify_all()
        except Refused as no:
            return self._refusal(call, no)
        self._log(call, 200, None)
        scopes = self.workspace.app.provided()
        return told(body, headers={"X-OAuth-Scopes": scopes, "X-Slack-Req-Id": "made-up"})

    def _undone(self, call: Call) -> Reply:
        self._log(call, None, call.fault.kind if call.fault else None)
        return CUT

    def _refusal(self, call: Call, no: Refused) -> Reply:
        self._log(call, no.status, no.error)
        after = {} if no.retry_after is None else {"Retry-After": f"{no.retry_after:g}"}
        scopes = self.workspace.app.provided()
        return told(no.body(), no.status, {"X-OAuth-Scopes": scopes} | after)

    def _log(self, call: Call, status: int | None, error: str | None) -> None:
        at = time.monotonic()
        self.workspace.note(call.logged(status, error, at))
