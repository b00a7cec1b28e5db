"""Reads the people of a story: who acts, for which agency, on which platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.story.expecting import PLATFORMS
from bot.story.handles import SHAPE
from bot.story.parts import Actor
from bot.story.written import Problems, Rows, Table, Words
from workflows.policy import Policy

KEYS = ("name", "agency", "on", "roles", "works_on", "verified")
ROLES = ("co-ordinator", "supervisor")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class People:
    """Reads `people:` under the agencies of a policy."""

    policy: Policy
    problems: Problems

    def read(self, root: Table) -> dict[str, Actor]:
        """Everybody, by handle; whoever cannot be read is a problem, and a name all the same."""
        people = root.get("people")
        if not isinstance(people, Table) or not people:
            sentence = "`people` names everybody who acts, each by a handle"
            self.problems.add(root.line_of("people"), sentence)
            return {}
        return {handle: self._person(handle, people) for handle in people}

    def _person(self, handle: str, people: Table) -> Actor:
        row, line = people[handle], people.line_of(handle)
        if not SHAPE.fullmatch(handle):
            sentence = f'"{handle}" cannot be a handle: use letters, numbers and hyphens'
            self.problems.add(line, sentence)
        if not isinstance(row, Table):
            sentence = f'"{handle}" needs a name and an agency, like {{name: …, agency: …}}'
            self.problems.add(line, sentence)
            return Actor(handle, handle, "")
        for key in row:
            if key not in KEYS:
                what = "key of a person"
                self.problems.unknown(row.line_of(key), what, key, KEYS)
        for key in ("name", "agency"):
            if not row.get(key):
                self.problems.add(
                    line, f'"{handle}" needs {"a name" if key == "name" else "an agency"}'
                )
        agency = self._one_of(row, "agency", self.policy.agencies)
        return Actor(
            handle,
            str(row.get("name", handle)),
            agency or "",
            self._one_of(row, "on", PLATFORMS, "platform") or "web",
            tuple(self._roles(row)),
            self._works_on(row),
            self._one_of(row, "verified", ("true", "false"), "answer") != "false",
        )

    def _one_of(self, row: Table, key: str, known: Collection[str], what: str = "") -> str | None:
        found = row.get(key)
        if not found:
            return None
        if not isinstance(found, Words):
            self.problems.add(found.line, f"`{key}` is one word")
            return None
        if found not in known:
            self.problems.unknown(found.line, what or key, found, known)
        return str(found)

    def _roles(self, row: Table) -> Iterator[str]:
        given = row.get("roles")
        for one in given if isinstance(given, Rows) else [given] if given else []:
            if isinstance(one, Words) and one in ROLES:
                yield str(one)
            else:
                self.problems.unknown(one.line, "role", str(one), ROLES)

    def _works_on(self, row: Table) -> str:
        """The ISO weekdays somebody works: "135", or [mon, wed, fri]."""
        given = row.get("works_on")
        if given is None:
            return "12345"
        if isinstance(given, Words) and given and set(given) <= set("1234567"):
            return str(given)
        found = ""
        for one in given if isinstance(given, Rows) else [given]:
            day = str(one).lower()[:3]
            if day in WEEKDAYS:
                found += str(WEEKDAYS.index(day) + 1)
            else:
                self.problems.unknown(one.line, "weekday", str(one), WEEKDAYS)
        return found
