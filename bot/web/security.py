"""Guards every web answer: strict headers, no presses from other sites, no endless bodies."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from importlib.resources import files

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.database import NOT_NOW

log = logging.getLogger(__name__)

MOST_BYTES = 512 * 1024
"""A full record of a meeting, in letters of three bytes each, is under 300 kB."""


def _own_script() -> str:
    """The hash of the one inline script that the GOV.UK page template brings."""
    page = files("govuk_frontend_jinja").joinpath("templates/template.html").read_text("utf-8")
    script = re.search(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    if script is None:
        raise LookupError("the GOV.UK page template has no inline script any more")
    return base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()


_SCRIPT_HASH = _own_script()


def policy(nonce: str) -> str:
    """The content security policy of one answer; blank where no script of its own is in it."""
    scripts = f"'self' 'sha256-{_SCRIPT_HASH}'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts} 'nonce-{nonce}'" if nonce else f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def nonce_of(request: Request) -> str:
    """What the scripts of this one answer are known by, drawn when a page first needs it."""
    if not hasattr(request.state, "nonce"):
        request.state.nonce = secrets.token_urlsafe(16)
    return str(request.state.nonce)


def is_from_here(headers: Headers, scheme: str) -> bool:
    """Whether a press comes from our own pages, as far as the browser says."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or origin == f"{scheme}://{headers.get('host', '')}"


POLICY, CACHED = b"content-security-policy", b"cache-control"
ALWAYS = {
    POLICY: policy("").encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    CACHED: b"no-store",
}

TOO_MUCH = "That is too much at once. Nothing was saved."


LATER = "10"
"""Seconds after which it may be asked again (ours): a burst is over by then."""


def not_now(answer: Response) -> Response:
    """The same answer, where it is a database that is full, busy or away: ask again later."""
    answer.status_code = 503
    answer.headers["Retry-After"] = LATER
    return answer


class TooMuch(Exception):
    """The body is longer than any form of ours."""


class Guard:
    """The outermost layer: nothing reaches a page, or leaves one, without passing here."""

    def __init__(self, app: ASGIApp, fault: Callable[[Request, str], Response]) -> None:
        self.app, self.fault = app, fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(message, str(state.get("nonce", "")), str(scope["path"]))
            await send(message)

        if scope["method"] not in {"GET", "HEAD"} and not is_from_here(headers, scope["scheme"]):
            await _refuse(sending, 403, "This did not come from our own page. Nothing was saved.")
        elif _announced(headers) > MOST_BYTES:
            await _refuse(sending, 413, TOO_MUCH)
        else:
            await self._let_through(scope, _counted(receive), sending)

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a fault becomes a page with a reference, guarded like any other."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except ClientDisconnect:
            log.info("whoever asked has hung up")  # no fault of ours, and nobody to answer
        except Exception as fault:
            if started:
                raise
            quoted = "".join(secrets.choice("346789ABCDEFGHJKLMNPQRTUVWXY") for _ in range(5))
            log.exception("a page failed", extra={"quoted": quoted})
            answer = self.fault(Request(scope), quoted)
            if isinstance(fault, NOT_NOW):
                not_now(answer)
            await answer(scope, receive, send)


def _announced(headers: Headers) -> int:
    length = headers.get("content-length") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _counted(receive: Receive) -> Receive:
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise TooMuch
        return message

    return receiving


def _protect(message: Message, nonce: str, path: str) -> None:
    """Put our headers in place of any that the answer has of the same name."""
    ours = {**ALWAYS, POLICY: policy(nonce).encode()} if nonce else ALWAYS
    if path.startswith("/static/"):
        ours = {name: value for name, value in ours.items() if name != CACHED}
    theirs = [one for one in message["headers"] if one[0] not in ours]
    message["headers"] = [*theirs, *ours.items()]


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
