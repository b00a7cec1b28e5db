"""All that happened in a scenario: the platform's log beside everything in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from storage.audit import AuditEntry
from storage.inbox import Received
from storage.lanes import Lane
from storage.outbox import Delivery
from storage.rooms import Room
from workflows.policy import Policy
from workflows.working_days import WorkingDays

SPOKEN = frozenset({"post", "edit"})
SAYS_SOMETHING = frozenset({"post", "digest"})


@dataclass(frozen=True)
class History:
    """What is checked. `log` is the platform's, `session` looks at the database.

    `may_repeat`: in this scenario the platform took a message later than it says it may, so one
    sent again may be there twice. `began` is when the scenario began, in the log's lines: what is
    older was there before.
    """

    log: list[dict[str, Any]]
    session: Any
    now: datetime
    policy: Policy
    may_repeat: bool = False
    platform: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def days(self) -> WorkingDays:
        """The partnership's working days."""
        return WorkingDays.of(self.policy)

    def rows(self, model: Any) -> list[Any]:
        """Every row of a table, in the order of their ids."""
        found: Iterable[Any] = self.session.query(model).order_by(model.id)
        return list(found)

    @cached_property
    def deliveries(self) -> dict[int, Delivery]:
        """The whole outbox."""
        return {one.id: one for one in self.rows(Delivery)}

    @cached_property
    def lanes(self) -> dict[int, Lane]:
        """Every conversation."""
        return {one.id: one for one in self.rows(Lane)}

    @cached_property
    def rooms(self) -> dict[int, Room]:
        """Every room."""
        return {one.id: one for one in self.rows(Room)}

    @cached_property
    def inbox(self) -> list[Received]:
        """Everything that came in."""
        return self.rows(Received)

    @cached_property
    def audit(self) -> list[AuditEntry]:
        """The whole audit."""
        return self.rows(AuditEntry)

    @cached_property
    def accepted(self) -> list[dict[str, Any]]:
        """The messages and edits that the platform took, in its order."""
        return [one for one in self.log if one["status"] == 200 and one["operation"] in SPOKEN]

    @cached_property
    def accepted_of(self) -> dict[int, list[dict[str, Any]]]:
        """The same by the delivery they came from."""
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for one in self.accepted:
            found[one["number"]].append(one)
        return found

    def place(self, lane_id: int) -> str | None:
        """Where a lane leads, as the platform calls it."""
        lane = self.lanes[lane_id]
        if lane.person_id is not None:
            return f"D{lane.person_id}"
        room = self.rooms.get(lane.room_id or 0)
        return room.address if room else None

    def first_due(self, delivery: Delivery) -> datetime:
        """When a delivery could first be sent, whatever became of its first attempts."""
        lane = self.lanes[delivery.lane_id]
        if lane.person_id is None:
            return delivery.made_at
        if delivery.operation == "digest" and delivery.slot:
            on = datetime.fromisoformat(delivery.slot).date()
            return self.days.instant(on, self.policy.hours.digest)
        if delivery.attempts > 1:
            return self.days.end_of_quiet(delivery.made_at)
        return max(delivery.available_at, delivery.made_at)


def at(line: dict[str, Any]) -> datetime:
    """When the platform took or refused something, by the clock on its wall."""
    return datetime.fromtimestamp(line["at"], UTC)


def named(delivery: Delivery) -> str:
    """A delivery as a sentence names it."""
    return f"delivery {delivery.id} ({delivery.notice or delivery.operation}, {delivery.state})"


A_MOMENT = timedelta(seconds=3)
"""Two transactions that met may each have read the clock before the other one committed."""
