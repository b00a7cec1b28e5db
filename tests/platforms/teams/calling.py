"""How the fake Teams takes a call: route, token, permissions, limits, faults, log."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.platforms.faults import Fault
from tests.platforms.teams import (
    connector,
    connector_people,
    graph_apps,
    graph_channels,
    graph_chats,
    graph_reading,
    login,
)
from tests.platforms.teams.asked import Call, Route
from tests.platforms.teams.graph import check_roles
from tests.platforms.teams.login import BOT, GRAPH
from tests.platforms.teams.refusing import ConnectorRefuses, GraphRefuses, LoginRefuses, Refused
from tests.platforms.wire import CUT, Asked, Reply, told

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

ROUTES: list[Route] = [
    *login.ROUTES,
    *connector.ROUTES,
    *connector_people.ROUTES,
    *graph_apps.ROUTES,
    *graph_channels.ROUTES,
    *graph_chats.ROUTES,
    *graph_reading.ROUTES,
]


class Calling:
    """Answers the calls that our app makes to Microsoft."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    async def answer(self, asked: Asked) -> Reply:
        """Take one call, with whatever fault was drawn for it."""
        path, query = urlsplit(asked.target).path, urlsplit(asked.target).query
        for route in ROUTES:
            at = route.takes(asked.method, path)
            if at is not None:
                break
        else:
            call = Call(self.tenant, f"unknown {asked.method} {path}", {})
            return self._refusal(call, ConnectorRefuses(404, "NotFound", "nothing is here"))
        call = Call(self.tenant, route.method, {name: unquote(one) for name, one in at.items()})
        call.path = path
        call.query = {name: one[0] for name, one in parse_qs(query).items()}
        call.authorization = asked.headers.get("authorization", "")
        call.size = len(asked.body)
        try:
            call.body = _read(asked)
        except ValueError:
            return self._refusal(call, _refusal(route)(400, "BadRequest", "that is not JSON"))
        return await self._taken(route, call)

    async def _taken(self, route: Route, call: Call) -> Reply:
        call.fault = fault = self.tenant.faults.draw(call.method)
        if fault is None:
            return self._done(route, call)
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
                return self._done(route, call)
            case "partial":
                return self._done(route, call)
            case "429":
                return self._refusal(call, _too_fast(route, fault.seconds))
            case "revoked":
                self.tenant.login.revokes()
                return self._done(route, call)
        return await self._befallen(route, call, fault)

    async def _befallen(self, route: Route, call: Call, fault: Fault) -> Reply:
        """The call of which nobody hears how it ended."""
        done = self._done(route, call) if fault.after else self._undone(call)
        match fault.kind:
            case "reset":
                return CUT
            case "timeout":
                await asyncio.sleep(fault.seconds)
                return done if fault.after else CUT
        said = {"412": "PreconditionFailed", "500": "ServiceError"}.get(fault.kind, "Unavailable")
        return told(_refusal(route)(int(fault.kind), said, "try again").body(), int(fault.kind))

    def _done(self, route: Route, call: Call) -> Reply:
        """Do it, or refuse it; either is logged."""
        try:
            with self.tenant.changed:
                self._admit(route, call)
                status, body = route.does(call)
                self.tenant.changed.notify_all()
        except Refused as no:
            return self._refusal(call, no)
        self.tenant.note(call.logged(status, None, time.monotonic()))
        where = {"Location": call.location} if call.location else {}
        return Reply(status, b"", where) if body is None else told(body, status, where)

    def _admit(self, route: Route, call: Call) -> None:
        """Refuse whoever may not call at all, or not so soon."""
        login, limits = self.tenant.login, self.tenant.limits
        if _refusal(route) is GraphRefuses:
            call.claims = login.check(call.authorization, GRAPH)
            check_roles(route, call)
            if call.method in self.tenant.app.restricted:
                raise GraphRefuses(403, "Forbidden", "The organisation does not allow it.")
            team = call.at.get("team", "")
            limits.check_graph(call.at.get("chat", team), writes=bool(team) or route.verb != "GET")
        elif _refusal(route) is ConnectorRefuses and route.path.startswith(connector.V3):
            call.claims = login.check(call.authorization, BOT)
            if call.at["tenant"] != self.tenant.id:
                raise ConnectorRefuses(403, "ForbiddenOperationException", "another tenant")
            if self.tenant.app.disabled:
                raise ConnectorRefuses(403, "BotDisabledByAdmin", "The bot is disabled.")
            limits.check(call.method, call.at.get("chat", ""))

    def _undone(self, call: Call) -> Reply:
        error = call.fault.kind if call.fault else None
        self.tenant.note(call.logged(None, error, time.monotonic()))
        return CUT

    def _refusal(self, call: Call, no: Refused) -> Reply:
        self.tenant.note(call.logged(no.status, no.error, time.monotonic()))
        after = {} if no.retry_after is None else {"Retry-After": f"{no.retry_after:g}"}
        return told(no.body(), no.status, after)


def _read(asked: Asked) -> Any:
    if asked.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {name: one[0] for name, one in parse_qs(asked.body.decode()).items()}
    return json.loads(asked.body) if asked.body else None


def _refusal(route: Route) -> type[Refused]:
    if route.path.startswith("/graph/"):
        return GraphRefuses
    return LoginRefuses if route.path.startswith("/login/") else ConnectorRefuses


def _too_fast(route: Route, seconds: float) -> Refused:
    code = "TooManyRequests" if _refusal(route) is GraphRefuses else "Throttled"
    return _refusal(route)(429, code, "too many requests", retry_after=seconds)
