"""A small app that listens where Slack sends, checks the signature, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier


@dataclass
class Heard:
    """One request that was rightly signed."""

    kind: str
    body: dict[str, Any]
    headers: dict[str, str]


Saying = tuple[int, Any, dict[str, str]]


class Listening:
    """The app. `answers` is asked what to say to each request; by default, 200 and nothing."""

    def __init__(self, signing_secret: str) -> None:
        self.verifier = SignatureVerifier(signing_secret)
        self.heard: list[Heard] = []
        self.refused = 0
        self.answers: Callable[[Heard], Saying] = lambda _: (200, "", {})
        app = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, said, headers = app.take(body, dict(self.headers))
                raw = (said if isinstance(said, str) else json.dumps(said)).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
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
        return f"http://127.0.0.1:{self._server.server_address[1]}/slack/events"

    def take(self, body: bytes, headers: dict[str, str]) -> Saying:
        """Check the signature, remember what was said, and answer."""
        if not self.verifier.is_valid_request(body, headers):
            self.refused += 1
            return 401, "", {}
        found = _read(body, headers)
        self.heard.append(found)
        return self.answers(found)

    def last(self, kind: str) -> dict[str, Any]:
        """The last request of this kind."""
        return next(one.body for one in reversed(self.heard) if one.kind == kind)

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _read(body: bytes, headers: dict[str, str]) -> Heard:
    if headers["Content-Type"].startswith("application/json"):
        found = json.loads(body)
        return Heard(found["type"], found, headers)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if "payload" in form:
        found = json.loads(form["payload"])
        return Heard(found["type"], found, headers)
    return Heard("command", form, headers)
