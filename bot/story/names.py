"""Handles and references while a story is played: each finds the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Names:
    """`references` by handle, and how each reference is shown: by its own handle where it has one.

    What has no handle of its own goes by its family's: "hardman.plan", "hardman.meeting-2",
    "hardman.housing" for somebody's place on the team.
    """

    references: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)

    def give(self, handle: str, ref: str) -> None:
        """Let a handle stand for a subject; the first one is how the subject is shown."""
        self.references[handle] = ref
        self.shown.setdefault(ref, handle)

    def of(self, ref: str | None) -> str | None:
        """How a subject is shown: its handle, or else its reference."""
        return self.shown.get(ref, ref) if ref else None

    def person(self, person: Any) -> str | None:
        """The handle of a practitioner."""
        return self.of(person.ref) if person is not None else None

    def owner(self, action: Any) -> str | None:
        """The handle of whoever owns an action, practitioner or family member."""
        return self.person(action.owner or action.family_owner)

    def give_parts(self, taf: Any) -> None:
        """Name everything that belongs to a family, where the family has a handle."""
        family = self.shown.get(taf.ref)
        if taf.room is not None:
            self.rooms[taf.ref] = taf.room.name
        if family is None:
            return
        self.give(f"{family}.plan", taf.plan.ref)
        for place in taf.team:
            self.give(f"{family}.{self.of(place.person.ref)}", place.ref)
        for several in (
            taf.assessments,
            taf.meetings,
            taf.outcomes,
            taf.actions,
            taf.indicators,
            taf.help_requests,
            taf.handovers,
            taf.members,
        ):
            for number, one in enumerate(several, 1):
                self.references.setdefault(f"{family}.{one.kind}", one.ref)
                self.give(f"{family}.{one.kind}-{number}", one.ref)
