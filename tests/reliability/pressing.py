"""A process that presses and ticks until it is killed; started again and again by test_kill.

Python's imports take longer than a life: so this one waits, and every life is a fork of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.platform import Outgoing
from bot.web.platform import WebPlatform
from storage.database import Database
from tests import builders
from workflows.policy import load_policy

START = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
FASTER = 40_000
"""A second of a life is eleven hours of the story: many digests fit in a few seconds."""

PEOPLE = {"Maya": 1, "Asha": 2, "Tom": 3}


class FastClock:
    """Real time, but faster; the same for every life, so it never goes back."""

    def __init__(self, began: float) -> None:
        self.began = began

    def now(self) -> datetime:
        """The story's moment."""
        return START + timedelta(seconds=(time.time() - self.began) * FASTER)  # noqa: TID251


class SlowWeb(WebPlatform):
    """The web, which takes a moment after it took a message: where a kill hurts most."""

    def post(self, message: Outgoing) -> str:
        """Show it, and be slow to say so."""
        found = super().post(message)
        time.sleep(0.004)
        return found


def assistant(path: str, clock: FastClock) -> Assistant:
    """The whole assistant on this file."""
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"))
    database = Database(f"sqlite:///{path}")
    return assemble(policy, database, clock, {"web": SlowWeb(database)})


def press_of(life: int, number: int, now: datetime) -> Press:
    """The press of this number in this life: the same however often it is asked for."""
    key, luck = f"{life}-{number}", Random(f"{life}-{number}")
    who, owner = luck.choice(list(PEOPLE.values())), luck.choice(list(PEOPLE.values()))
    kind = luck.choice(["agree", "agree", "done", "help"])
    if kind == "agree":
        due = (now + timedelta(days=luck.randint(1, 4))).date().isoformat()
        answers = builders.action(f"person-{owner}", due, words=key)
        return Press("web", key, who, "action.agree", "taf-1", answers)
    if kind == "done":
        action = f"action-{luck.randint(1, 4 * life + 4)}"
        return Press("web", key, PEOPLE["Maya"], "action.mark_done", action)
    return Press("web", key, who, "help.ask", "taf-1", builders.help_wanted(words=key))


def live(path: str, began: float, life: int, retried: int) -> None:
    """Press the last life's last presses again, as a platform would, then on and on."""
    clock = FastClock(began)
    mine = assistant(path, clock)
    numbers = [(life - 1, one) for one in range(max(0, retried - 2), retried + 1)] if life else []
    number = 0
    while True:
        of_life, one = numbers.pop(0) if numbers else (life, number)
        press = press_of(of_life, one, clock.now())
        answer = mine.press(press)
        said = {"key": press.key, "ok": answer.ok, "about": answer.about, "fault": answer.fault}
        os.write(1, (json.dumps(said) + "\n").encode())
        mine.ticker.tick()
        number += of_life == life


def main() -> None:
    """Fork a life for every line that asks for one, and say when it is over."""
    path, began = sys.argv[1], float(sys.argv[2])
    for line in sys.stdin:
        life, retried = map(int, line.split())
        child = os.fork()
        if child == 0:
            live(path, began, life, retried)
        os.write(1, f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        os.write(1, f"over {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
