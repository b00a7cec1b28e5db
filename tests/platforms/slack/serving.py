"""What the fake Slack serves: its Web API, response URLs and Socket Mode."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.platforms.slack.calling import Calling
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.responding import respond
from tests.platforms.wire import Asked, Reply, Wire, told

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace


class Serving(Wire):
    """One workspace at a port of its own."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(self._serve, lambda: workspace.now())  # noqa: PLW0108  a test sets another
        self.workspace = workspace
        self.upgrade = workspace.sockets.link
        self._calling = Calling(workspace)

    async def _serve(self, asked: Asked) -> Reply:
        path, query = urlsplit(asked.target).path, urlsplit(asked.target).query
        if path.startswith("/api/"):
            method = path.removeprefix("/api/")
            return await self._calling.answer(method, asked.headers, query, asked.body)
        if path.startswith("/actions/") and asked.method == "POST":
            return self._respond(path.removeprefix("/actions/"), asked.body)
        return Reply(404, b"not found")

    def _respond(self, name: str, body: bytes) -> Reply:
        try:
            respond(self.workspace, name, json.loads(body))
        except Refused as no:
            gone = no.error in {"used_url", "expired_url", "invalid_url"}
            return told(no.body(), 404 if gone else 200)  # remembered, both
        except ValueError:
            return told({"ok": False, "error": "invalid_payload"}, 400)
        return Reply(200, b"ok", {"Content-Type": "text/plain"})
