"""A server that speaks as Slack's Web API does, takes everything at once, and keeps nothing."""

from __future__ import annotations

import itertools
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.benchmarks.peers.obeying import answer, orders

_numbers = itertools.count(1)
US = {"user_id": "U0", "bot_id": "B0", "team_id": "T1"}


class Taking(BaseHTTPRequestHandler):
    """One call of a method."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Say that it was done."""
        asked = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
        said: dict[str, Any] = {"ok": True, "ts": f"{next(_numbers)}.000001"} | US
        if self.path.endswith("conversations.open"):
            said["channel"] = {"id": f"D{parse_qs(asked)['users'][0]}"}
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for _ in orders():
        answer(server.server_port)
