"""Puts the assistant together: policy, database, clock and platforms, in one place."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from bot.auditor import Auditor
from bot.boundary import Answer, Boundary, Press
from bot.clock import Clock
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.platform import Limits, Platform
from bot.ticker import Ticker
from bot.web.platform import WebPlatform
from storage.database import Database
from workflows.doing import Office
from workflows.policy import Policy

log = logging.getLogger(__name__)


@dataclass
class Assistant:
    """Everything one process needs."""

    database: Database
    clock: Clock
    office: Office
    boundary: Boundary
    inbox: Inbox
    delivery: Delivery
    ticker: Ticker

    def start(self) -> Ticker:
        """Let everything go on by itself from now on, until the ticker is told to stop."""
        self.ticker.start()
        return self.ticker

    def press(self, press: Press) -> Answer:
        """Let a press in, then send at once what it brought about.

        What is saved is saved: where the sending fails, the ticker sends it later. Where a sender
        runs, it does the sending, so that nobody waits for a platform.
        """
        answer = self.boundary.press(press)
        if answer.ok:
            self.send_soon()
        return answer

    def send_soon(self) -> None:
        """Something was brought about: let the sender see to it, or send it here."""
        if self.ticker.wake():
            return
        try:
            self.delivery.drain()
        except Exception:
            log.exception("what was brought about is sent later")


def new_reference() -> str:
    """An opaque reference for a family: F and six digits that mean nothing."""
    return f"F-{100000 + secrets.randbelow(900000)}"


def worker_name() -> str:
    """What this process calls itself in a lane's lease."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}"


def assemble(
    policy: Policy,
    database: Database,
    clock: Clock,
    platforms: Mapping[str, Platform] | None = None,
    references: Callable[[], str] = new_reference,
    luck: Random | None = None,
    rooms_on: str = "web",
) -> Assistant:
    """The assistant, ready to work; without other platforms, on the web alone.

    `luck` spreads the attempts after a fault; `rooms_on` is where new rooms are opened.
    """
    carried = platforms or {"web": WebPlatform(database)}
    there = carried[rooms_on].limits if rooms_on in carried else Limits()
    office = Office(policy, references, rooms_on, there.by_hand, there.fewest)
    boundary = Boundary(database, clock, office)
    inbox = Inbox(database, clock, boundary)
    delivery = Delivery(database, clock, office, carried, worker_name(), luck=luck)
    auditor = Auditor(database, clock, office, carried)
    ticker = Ticker(database, clock, office, delivery, inbox, auditor)
    return Assistant(database, clock, office, boundary, inbox, delivery, ticker)
