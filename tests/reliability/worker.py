"""A real worker process: the whole assistant with its threads, on a database and the fake chat."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import bot.recording
import bot.ticker
import storage.gates
from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.clock import clock_for
from bot.platform import Limits
from storage.database import Database
from tests.reliability.chatting import ChatPlatform
from tests.reliability.failpoints import Failpoints
from tests.reliability.moments import ScenarioClock
from workflows.policy import load_policy


@dataclass(frozen=True)
class Options:
    """How a worker runs; times in seconds, all so short that a scenario takes seconds too."""

    name: str
    folder: str
    database: str
    chat: str
    seed: int = 0
    lease: float = 2.0
    pace: float = 0.04
    time_out: float = 0.5
    settles: float = 1.0
    at_once: int = 8
    per_second: float | None = None
    burst: int = 20
    looks: bool = True
    sweep_every: float = 0.5
    picked_up_after: float = 1.0
    backoff: float = 0.04
    skewed: bool = False
    real_clock: bool = False
    intake: bool = True
    point: str = ""
    nth: int = 1
    action: str = "die"


def run(given: dict[str, Any]) -> None:
    """Work until killed."""
    options = Options(**given)
    logging.basicConfig(
        filename=Path(options.folder) / f"{options.name}.log",
        level=logging.WARNING,
        format="%(asctime)s %(name)s %(message)s",
    )
    _faster(options)
    points = Failpoints(options.point, options.nth, options.action)
    points.install()
    assistant = put_together(options, points)
    if options.intake:
        _listen(assistant, options, points)
    assistant.start()
    (Path(options.folder) / f"{options.name}.ready").touch()
    threading.Event().wait()


def _faster(options: Options) -> None:
    """Shorten what the assistant keeps as constants."""
    usual = bot.recording.BACKOFF
    bot.recording.BACKOFF = tuple(one * options.backoff for one in usual)  # type: ignore[assignment]
    bot.recording.LOCKED_OUT = timedelta(seconds=0.5)
    storage.gates.PROBE = timedelta(seconds=options.time_out + 0.5)
    bot.ticker.SWEEP_EVERY = timedelta(seconds=options.sweep_every)
    bot.ticker.PICK_UP_EVERY = timedelta(seconds=options.sweep_every)
    bot.ticker.WATCH_EVERY = timedelta(seconds=options.sweep_every)


def put_together(options: Options, points: Failpoints) -> Assistant:
    """The assistant of this process."""
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"))
    limits = Limits(
        timedelta(seconds=options.pace),
        options.per_second,
        options.burst,
        timedelta(seconds=options.settles),
        options.looks,
    )
    platform = points.around(ChatPlatform(options.chat, options.time_out, limits))
    database = Database(options.database)
    scenarios = ScenarioClock(Path(options.folder) / "clock", skewed=options.skewed)
    clock = clock_for(database) if options.real_clock else scenarios
    references = Random(f"{options.seed} {options.name}")
    assistant = assemble(
        policy, database, clock, {"web": platform}, lambda: f"F-{references.randint(1000, 999999)}"
    )
    assistant.delivery.worker = options.name
    assistant.delivery.lease = timedelta(seconds=options.lease)
    assistant.inbox.picked_up_after = timedelta(seconds=options.picked_up_after)
    assistant.ticker.hands = options.at_once
    return assistant


def _listen(assistant: Assistant, options: Options, points: Failpoints) -> None:
    """Take events and presses in over HTTP."""

    class Intake(BaseHTTPRequestHandler):
        """One request: an event to be kept and worked on later, or a press to be answered."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Take it in, and only then say so."""
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path == "/press":
                answer = asdict(assistant.press(Press(**asked)))
            else:
                new = assistant.inbox.take(**asked)
                points.passing("intake: stored")
                answer = {"new": new}
            self._tell(answer)
            points.passing("intake: acknowledged")
            if answer.get("new"):
                assistant.inbox.work_on(asked["platform"], asked["key"])

        def _tell(self, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Intake)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    written = Path(options.folder) / f"{options.name}.port.new"
    written.write_text(str(server.server_port), encoding="utf-8")
    written.replace(written.with_suffix(""))
