"""A small app that listens where Teams sends, checks the token, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import jwt

from tests.platforms.teams.keys import ISSUER

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

Saying = tuple[int, Any]


class Listening:
    """The app. `answers` is asked what to say to each activity; by default, 200 and nothing."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.heard: list[dict[str, Any]] = []
        self.refused = 0
        self.answers: Callable[[dict[str, Any]], Saying] = lambda _: (200, None)
        self._keys = jwt.PyJWKClient(tenant.keys.metadata()["jwks_uri"])
        app = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, said = app.take(body, self.headers["Authorization"] or "")
                raw = b"" if said is None else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """Keep the tests' output free of it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        """The request URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/messages"

    def take(self, body: bytes, authorization: str) -> Saying:
        """Check the token, remember what was said, and answer."""
        token = authorization.removeprefix("Bearer ")
        try:
            key = self._keys.get_signing_key_from_jwt(token).key
            about = {"audience": self.tenant.app.client_id, "issuer": ISSUER}
            claims = jwt.decode(token, key, ["RS256"], **about)  # type: ignore[arg-type]
        except jwt.PyJWTError:
            self.refused += 1
            return 401, None
        activity = json.loads(body)
        assert claims["serviceurl"] == activity.get("serviceUrl", claims["serviceurl"])
        self.heard.append(activity)
        return self.answers(activity)

    def last(self, kind: str) -> dict[str, Any]:
        """The last activity of this type or, of invokes, this name."""
        heard = reversed(self.heard)
        return next(one for one in heard if kind in {one.get("type"), one.get("name")})

    def kinds(self) -> list[str]:
        """The types of what was heard, in the order in which it came."""
        return [str(one.get("name") or one.get("type")) for one in self.heard]

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
