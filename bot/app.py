"""Puts the assistant together: policy, database, clock and platforms, in one place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.boundary import Answer, Boundary, Press
from bot.clock import Clock
from bot.delivery import Delivery
from bot.platform import Platform
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
    delivery: Delivery
    ticker: Ticker

    def press(self, press: Press) -> Answer:
        """Let a press in, then send at once what it brought about.

        What is saved is saved: where the sending fails, the ticker sends it later.
        """
        answer = self.boundary.press(press)
        if answer.ok:
            try:
                self.delivery.drain()
            except Exception:
                log.exception("what %s brought about is sent later", press.command)
        return answer


def new_reference() -> str:
    """An opaque reference for a family: F and six digits that mean nothing."""
    return f"F-{100000 + secrets.randbelow(900000)}"


def assemble(
    policy: Policy,
    database: Database,
    clock: Clock,
    platforms: Mapping[str, Platform] | None = None,
    references: Callable[[], str] = new_reference,
) -> Assistant:
    """The assistant, ready to work; without other platforms, on the web alone."""
    office = Office(policy, references)
    carried = platforms or {"web": WebPlatform(database)}
    delivery = Delivery(database, clock, office, carried)
    return Assistant(
        database,
        clock,
        office,
        Boundary(database, clock, office),
        delivery,
        Ticker(database, clock, office, delivery),
    )
