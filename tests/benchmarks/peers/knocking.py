"""A press from Slack taken in two ways: ours, kept in the inbox, and slack-bolt's, kept nowhere."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.app import assemble
from bot.clock import WallClock
from bot.running import share_fairly
from bot.slack import joining, knocking
from bot.slack.connecting import Connection
from bot.slack.listening import Listening
from bot.web.app import web_app
from storage.database import Database
from tests.benchmarks.nowhere import Nowhere
from tests.benchmarks.peers.loading import SECRET
from tests.benchmarks.peers.serving import serve
from workflows.policy import load_policy

US = {"user_id": "U1", "bot_id": "B1", "team_id": "T1"}
NOWHERE = "http://127.0.0.1:9/api/"


def ours(url: str) -> FastAPI:
    """Our address: the signature, the inbox row committed, the acknowledgement; the work is off."""
    database = Database(url)
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"), "app.yaml")
    slack = joining.platform(Connection("xoxb-bench", SECRET, "", NOWHERE), database, policy)
    slack.calling._ourselves = dict(US)
    assistant = assemble(policy, database, WallClock(), {"slack": Nowhere(name="slack")})
    doors = joining.doors(slack, assistant)
    doors.arriving.work_on = lambda _: None  # type: ignore[method-assign]
    routes = knocking.routes(Listening(slack.calling, doors), SECRET, WallClock())
    return web_app(assistant, practice=None, more=[routes])


def bolt(_: str) -> FastAPI:
    """slack-bolt as its documentation has it, checking the signature, and doing nothing."""

    async def ourselves() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token="xoxb-bench"
        )

    slack = AsyncApp(signing_secret=SECRET, authorize=ourselves, process_before_response=True)

    @slack.action("press:action.mark_done:0")
    async def pressed(ack: Any) -> None:
        await ack()

    handler, app = AsyncSlackRequestHandler(slack), FastAPI()

    @app.post(knocking.ADDRESS)
    async def knock(request: Request) -> Any:
        return await handler.handle(request)

    return app


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    share_fairly()
    way, url, core = sys.argv[1:]
    serve({"ours": ours, "bolt": bolt}[way](url), core)
