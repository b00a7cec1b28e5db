"""How far behind the assistant is: a handful of figures that stay quick in a large database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from storage import settings, subjects
from storage.gates import Gate
from storage.inbox import Received
from storage.outbox import Delivery

HEARTBEAT = "auditor heartbeat"
"""The fact that says when the auditor last went through everything, as an instant in UTC."""


@dataclass(frozen=True)
class Measures:
    """Counts of rows, and ages in seconds; what never happened yet has no age."""

    due_lag: float
    deliveries_open: int
    oldest_delivery: float
    presses_open: int
    dead_letters: int
    late_duplicates: int
    heartbeat_age: float | None
    shut: dict[str, bool]


def measure(session: Session, now: datetime) -> Measures:
    """Every figure at one moment."""
    seen = heartbeat(session)
    return Measures(
        due_lag=_age(oldest_look(session), now),
        # The conditions are spelt as the partial indexes spell them: as parameters, neither
        # database could tell that the index answers.
        deliveries_open=_count(session, Delivery, "state IN ('ready', 'sending', 'unknown')"),
        oldest_delivery=_age(_oldest_delivery(session), now),
        presses_open=_count(session, Received, "next_at IS NOT NULL"),
        dead_letters=_count(session, Delivery, "state = 'dead'"),
        late_duplicates=_late_duplicates(session),
        heartbeat_age=None if seen is None else (now - seen) / timedelta(seconds=1),
        shut={
            gate.platform: gate.shut_until is not None
            for gate in session.scalars(select(Gate).order_by(Gate.platform))
        },
    )


def heartbeat(session: Session) -> datetime | None:
    """When the auditor last went through everything; None: it has not yet."""
    kept = settings.remembered(session, HEARTBEAT)
    return datetime.fromisoformat(kept) if kept else None


def oldest_look(session: Session) -> datetime | None:
    """When the subject that has been due longest, or will be due first, is to be looked at."""
    looks = (subjects.next_look(session, kind) for kind in _watched())
    return min((at for at in looks if at is not None), default=None)


def _watched() -> Iterator[str]:
    return (kind for kind, model in subjects.KINDS.items() if issubclass(model, subjects.Watched))


def _oldest_delivery(session: Session) -> datetime | None:
    waiting = text("state IN ('ready', 'sending', 'unknown')")
    return session.scalar(select(func.min(Delivery.available_at)).where(waiting))


def _late_duplicates(session: Session) -> int:
    repeated = select(func.sum(Delivery.duplicates)).where(text("repeats > 0"))
    return session.scalar(repeated) or 0


def _count(session: Session, model: Any, condition: str) -> int:
    counted = select(func.count()).select_from(model).where(text(condition))
    return session.scalar(counted) or 0


def _age(since: datetime | None, now: datetime) -> float:
    """Seconds by which a moment has passed; nothing for one to come, or none."""
    return max(0.0, (now - since) / timedelta(seconds=1)) if since else 0.0
