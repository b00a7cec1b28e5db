"""A county's day as a process: it presses, sweeps and delivers, and tells of it, until killed.

Run as `python -m tests.reliability.going_on URL LIFE BEGAN FASTER`; a line of JSON for each press
that was answered and each message that was shown.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.platform import Outgoing
from bot.web.platform import WebPlatform
from storage import families
from storage.database import Database
from tests import builders
from workflows.policy import load_policy

OPENS = datetime(2025, 4, 7, 7, 20, tzinfo=UTC)
"""The Monday after the county of county.py was left: ten minutes before everybody's message."""


@dataclass
class FastClock:
    """Real time from one moment on, but faster; the same for every life of the story."""

    began: float
    faster: float

    def now(self) -> datetime:
        """The story's moment."""
        return OPENS + timedelta(seconds=(time.time() - self.began) * self.faster)  # noqa: TID251


class ToldWeb(WebPlatform):
    """The web, which says of every message that it showed it, and is slow to come back."""

    def post(self, message: Outgoing) -> str:
        """Show it; say so; be killed here, as like as not."""
        shown = super().post(message)
        tell(shown=message.number, edited=bool(message.replaces))
        time.sleep(0.002)
        return shown


def tell(**facts: object) -> None:
    """A line for whoever started this."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def assistant(url: str, clock: FastClock) -> Assistant:
    """The whole assistant on a database."""
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"))
    database = Database(url)
    return assemble(policy, database, clock, {"web": ToldWeb(database)})


def press_of(key: str, led: Sequence[tuple[str, int]], now: datetime) -> Press:
    """The press of this key, the same however often it is asked for on one day."""
    luck = Random(key)
    taf, lead = luck.choice(led)
    if luck.random() < 0.7:
        due = (now + timedelta(days=luck.randint(3, 9))).date().isoformat()
        answers = builders.action(f"person-{lead}", due, words=key)
        return Press("web", key, lead, "action.agree", taf, answers)
    return Press("web", key, lead, "help.ask", taf, builders.help_wanted(words=key))


def over_and_over(work: Callable[[], object]) -> None:
    """Do this for as long as the process lives, beside all else."""

    def on_and_on() -> None:
        while True:
            work()
            time.sleep(0.05)

    threading.Thread(target=on_and_on, daemon=True).start()


def main() -> None:
    """Press and press, while sweeps and deliveries go on by themselves, as in the service."""
    url, life, began, faster = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    clock = FastClock(began, faster)
    mine = assistant(url, clock)
    with mine.database.reading() as session:
        led = [(one.ref, one.lead_id or 0) for one in families.every_taf(session)]
    for number in itertools.count():
        press = press_of(f"{life}-{number}", led, clock.now())
        answer = mine.boundary.press(press)
        tell(key=press.key, ok=answer.ok, about=answer.about or "", fault=answer.fault)
        if number == 0:
            over_and_over(mine.ticker.sweep)
            over_and_over(mine.delivery.drain)
        time.sleep(0.02)


if __name__ == "__main__":
    main()
