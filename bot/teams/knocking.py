"""The one address that Teams sends to: nothing passes that Teams did not sign for us."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import jwt
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from bot.teams import sdk
from bot.teams.connecting import ADDRESS, Connection
from bot.teams.guarding import Activity, Guard, Turned
from bot.teams.keys import Keys
from bot.teams.listening import Listening

log = logging.getLogger(__name__)

LARGEST = 256_000
"""Bytes of one activity: a form with every field full is under 100 kB, and Teams sends no files."""

SAYS = {
    400: "That cannot be read.",
    401: "Not signed.",
    403: "Not from here.",
    413: "That is too much at once.",
    501: "Not known here.",
    503: "Not now.",
}
WHOLE = "activity"


class Remembered(jwt.PyJWKClient):
    """The SDK asks for keys on the event loop, each time for one it does not know: not so here."""

    def __init__(self, keys: Keys) -> None:
        super().__init__(keys.url)
        self._keys = keys

    def get_signing_key(self, kid: str) -> jwt.PyJWK:
        """A key that we have already."""
        found = self._keys.known(kid)
        if found is None:
            raise jwt.PyJWKClientError("not known")
        return found


class Mounted:
    """Our side of the SDK's server: it gives us what answers, and FastAPI serves it."""

    handle: sdk.HttpRouteHandler

    def register_route(
        self,
        method: str,  # noqa: ARG002  there is one only
        path: str,  # noqa: ARG002
        handler: sdk.HttpRouteHandler,
    ) -> None:
        """Take what answers at our one address."""
        self.handle = handler

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing: there are no files."""

    async def start(self, port: int) -> None:
        """Nothing: it begins and ends with our application."""

    async def stop(self) -> None:
        """Nothing."""


def mounted(listening: Listening, guard: Guard) -> Mounted:
    """The SDK's server, its own look at tokens left on, with our memory of the keys below it."""
    to, ours = guard.to, Mounted()

    async def hear(event: sdk.ActivityEvent) -> Any:
        status, body = await listening.hear(getattr(event.body, WHOLE))
        return {"status": status, "body": body}  # its own class would fill in and leave out

    server = sdk.HttpServer(ours, ADDRESS)
    server.on_request = hear
    server.initialize(
        _credentials(to), _cloud(to), dangerously_allow_unauthenticated_requests=False
    )
    # Private, so a test holds that it looks here and asks nobody: the release is pinned.
    server._token_validator._service_validator._jwks_client = Remembered(guard.keys)  # type: ignore[union-attr]
    return ours


def _credentials(to: Connection) -> sdk.TokenCredentials:
    def none(*_: object) -> None:
        """The SDK sends nothing, and needs no token."""

    return sdk.TokenCredentials(client_id=to.client_id, tenant_id=to.tenant_id, token=none)


def _cloud(to: Connection) -> sdk.CloudEnvironment:
    return replace(sdk.from_name(to.cloud_name), openid_metadata_url=to.cloud.openid)


def routes(listening: Listening, connection: Connection) -> APIRouter:
    """The address for messages, presses, forms and events alike."""
    router, guard = APIRouter(), Guard(connection)
    server = mounted(listening, guard)

    @router.post(ADDRESS)
    async def knock(request: Request) -> Response:
        try:
            claims = await guard.claims(request.headers.get("authorization", ""))
            activity = _read(await _body(request))
            guard.look_at(activity, claims)
        except Turned as turned:
            log.warning("something at teams' address is turned away", extra={"why": turned.why})
            return PlainTextResponse(SAYS[turned.status], turned.status)
        seen = {name: activity.get(name) for name in ("type", "id", "serviceUrl")}
        answer = await server.handle(
            {"body": seen | {WHOLE: activity}, "headers": dict(request.headers)}
        )
        status, body = answer["status"], answer["body"]
        if body is None:
            return PlainTextResponse(SAYS.get(status, ""), status)
        return JSONResponse(body, status)

    return router


async def _body(request: Request) -> bytes:
    """What was sent, and not more than fits; raises Turned."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:12]) > LARGEST:
        raise Turned(413, "too_much")
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > LARGEST:
            raise Turned(413, "too_much")
    return bytes(found)


def _read(body: bytes) -> Activity:
    """The activity, of a shape that can be looked at; raises Turned."""
    try:
        found = _cleaned(json.loads(body))
    except (ValueError, RecursionError):
        raise Turned(400, "not_readable") from None
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Turned(400, "no_activity")
    if not isinstance(found.get("id", ""), str):
        raise Turned(400, "no_activity")
    return found


def _cleaned(value: Any) -> Any:
    """The same, without half letters and zero bytes, which no database takes."""
    if isinstance(value, str):
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value
