"""The assistant as `taf serve` runs it on Slack, on one core, on a morning with much due."""

from __future__ import annotations

import logging
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from bot.app import Assistant, assemble
from bot.clock import WallClock
from bot.running import settle_memory, share_fairly
from bot.slack import joining, knocking
from bot.slack.connecting import Connection
from bot.slack.listening import Listening
from bot.web.app import web_app
from storage.database import Database
from storage.outbox import Delivery
from storage.plan import Action
from tests.benchmarks import county
from tests.benchmarks.peers.loading import SECRET
from tests.benchmarks.peers.serving import serve
from tests.reliability.moments import ScenarioClock


class Morning:
    """Everything falls due at one moment; how the sweep and the sender got on with it."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._sweep = threading.Thread(target=self._swept)
        self._seconds = 0.0
        self._sent_before = 0

    def begin(self) -> None:
        """All actions are due: the sweep that comes each minute comes now."""
        due = county.MORNING.replace(hour=0)  # the moment of their first reminder
        self.assistant.database.write(
            lambda session: session.execute(update(Action).values(look_again_at=due))
        )
        self._sent_before = self._count(state="sent")
        self._sweep.start()

    def _swept(self) -> None:
        began = time.perf_counter()
        self.assistant.ticker._sweep_and_send()
        self._seconds = time.perf_counter() - began

    def _count(self, **of: Any) -> int:
        with self.assistant.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Delivery).filter_by(**of)) or 0

    def ended(self) -> dict[str, float]:
        """How many messages were sent meanwhile, and how many seconds the sweep took."""
        sent = self._count(state="sent") - self._sent_before
        self._sweep.join()
        queued = self._count(operation="digest")
        return {"seconds": self._seconds, "sent": sent, "queued": queued}


def main(url: str, api: str, clock: str, core: str) -> None:
    """Put it together as the command line does, and let it run."""
    database, times = Database(url), ScenarioClock(Path(clock))
    slack = joining.platform(Connection("xoxb-bench", SECRET, "", api), database, county.POLICY)
    assistant = assemble(county.POLICY, database, times, {"slack": slack}, rooms_on="slack")
    listening = Listening(slack.calling, joining.doors(slack, assistant))
    routes = knocking.routes(listening, SECRET, WallClock())
    settle_memory()
    share_fairly()
    assistant.start()
    morning = Morning(assistant)
    app = web_app(assistant, practice=None, more=[routes])
    serve(app, core, begin=morning.begin, ended=morning.ended)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(*sys.argv[1:])
