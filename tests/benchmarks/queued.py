"""An outbox full of true notices: the owner of each action is told that it is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text, update

from storage.database import Database
from storage.lanes import Lane
from storage.outbox import Delivery
from storage.people import Person
from storage.plan import Action
from tests.benchmarks import county
from tests.benchmarks.ground import filling

NOW = county.MORNING


def people(database: Database, count: int) -> None:
    """So many practitioners."""
    with filling(database) as connection:
        connection.execute(insert(Person), list(county.people(count)))


def conversations(database: Database, practitioners: int) -> None:
    """Everybody has been written to before."""
    with filling(database) as connection:
        rows = [{"id": one, "person_id": one, "fence": 0} for one in range(1, practitioners + 1)]
        connection.execute(insert(Lane), rows)


def refill(database: Database, count: int) -> None:
    """Empty the outbox, and put one notice for each of the first actions in it."""
    with database.reading() as session:
        actions = session.query(Action).order_by(Action.id).limit(count).all()
        rows = list(_notices(actions))
    with filling(database) as connection:
        fresh = "DELETE FROM outbox" if database.is_file else "TRUNCATE outbox"
        connection.execute(text(fresh))
        connection.execute(insert(Delivery), rows)
        connection.execute(update(Lane).values(next_at=None, lease_until=None, owner=None))
        woken = Lane.id.in_({row["lane_id"] for row in rows})
        connection.execute(update(Lane).where(woken).values(next_at=NOW))


def _notices(actions: list[Action]) -> Iterator[dict[str, Any]]:
    for action in actions:
        facts: dict[str, Any] = {"about": action.ref, "reference": f"F-{1000 + action.taf_id}"}
        facts |= {"number": action.number, "due_on": str(action.due_on), "by": "Practitioner 1"}
        yield notice(action.id, action.owner_id or 0, action.taf_id) | {
            "notice": "action_for_you",
            "about": action.ref,
            "facts": facts,
        }


def notice(number: int, lane: int, taf: int = 1, at: datetime = NOW) -> dict[str, Any]:
    """A row of the outbox that is ready."""
    told: dict[str, Any] = {
        "dedup_key": f"bench:{number}",
        "lane_id": lane,
        "taf_id": taf,
        "operation": "post",
    }
    when = {"made_at": at - timedelta(minutes=1), "available_at": at - timedelta(minutes=1)}
    return told | when | {"state": "ready", "facts": {}, "items": [], "attempts": 0}
