"""Reads a story's events: who does what, when and to what; with every handle checked first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.boundary import asked_of
from bot.commands import COMMANDS, Command
from bot.story.answers import Answers, makings
from bot.story.handles import Handles, Made, made_by
from bot.story.moments import Moments
from bot.story.parts import STRANGER, Actor, Event
from bot.story.written import Problems, Rows, Table, Value, Words
from messages.form import Form
from workflows.frameworks import framework_for
from workflows.policy import Policy
from workflows.refusals import every

KEYS = ("at", "who", "does", "with", "to", "as", "refused")
NOT_TAKEN = "not_taken"
"""The reason for a form that was not filled in as it must be."""

REASONS = sorted([one().id for one in every()] + [NOT_TAKEN])


@dataclass
class Events:
    """Reads `events:`; people come first, since an event's form may hold their agency's fields."""

    policy: Policy
    people: dict[str, Actor]
    moments: Moments
    handles: Handles
    problems: Problems

    def read(self, rows: Value | None, start: datetime) -> tuple[Event, ...]:
        """Every event that can be read, in order."""
        tables = self._tables(rows)
        for number, table in enumerate(tables, 1):
            self._name(number, table)
        found, before = [], start
        for number, table in enumerate(tables, 1):
            event = self._event(number, table, before)
            if event is not None:
                found.append(event)
                before = max(before, event.at)
        return tuple(found)

    def _tables(self, rows: Value | None) -> list[Table]:
        if not isinstance(rows, Rows):
            line = rows.line if rows is not None else 1
            self.problems.add(line, "`events` is a list of what happens, each after a dash")
            return []
        for row in rows:
            if not isinstance(row, Table):
                self.problems.add(row.line, "an event says `at`, `who` and `does`")
        return [row for row in rows if isinstance(row, Table)]

    def _name(self, number: int, table: Table) -> None:
        """Give the handles that an event makes, before any is looked up."""
        command, name = COMMANDS.get(str(table.get("does"))), table.get("as")
        if command is None:
            return
        given = table.get("with")
        named = makings(command.form, given) if isinstance(given, Table) else []
        if isinstance(name, Words):
            kind = made_by(command)
            if kind is None:
                sentence = f"{command.id} makes nothing, so there is nothing to give a handle to"
                self.problems.add(name.line, sentence)
            else:
                named.append((name, kind))
        for word, kind in named:
            if "refused" in table:
                self.problems.add(word.line, "a press that is refused makes nothing to name")
            self.handles.add(word, Made(kind, word.line, number), self.problems)

    def _event(self, number: int, table: Table, before: datetime) -> Event | None:
        for key in table:
            if key not in KEYS:
                self.problems.unknown(table.line_of(key), "key of an event", key, KEYS)
        at = self._at(table, before)
        who = self._who(table)
        command = self._command(table)
        refused = self._refused(table)
        if command is None or who is None:
            return None
        lenient = refused is not None
        answers = Answers(
            self.handles, framework_for(self.policy), self.problems, number, lenient=lenient
        )
        made = table.get("as")
        return Event(
            number,
            table.line,
            at or before,
            who,
            command,
            self._to(number, table, command, lenient=lenient),
            answers.read(self._form(command, who), self._given(table, command)),
            str(made) if isinstance(made, Words) else None,
            answers.rows,
            refused,
        )

    def _at(self, table: Table, before: datetime) -> datetime | None:
        words = self._word(table, "at")
        if words is None:
            return None
        try:
            at = self.moments.at(words, before)
        except ValueError as wrong:
            self.problems.add(words.line, str(wrong))
            return None
        if at < before:
            local = self.moments.days.local(before)
            self.problems.add(
                words.line, f"a story does not go back: it is {local:%Y-%m-%d %H:%M} by then"
            )
        return at

    def _who(self, table: Table) -> str | None:
        words = self._word(table, "who")
        if words is None:
            return None
        if words not in self.people and words != STRANGER:
            self.problems.unknown(words.line, "person", words, self.people)
            return None
        return str(words)

    def _command(self, table: Table) -> Command | None:
        words = self._word(table, "does")
        if words is None:
            return None
        if words not in COMMANDS:
            self.problems.unknown(words.line, "command", words, COMMANDS)
        return COMMANDS.get(str(words))

    def _refused(self, table: Table) -> str | None:
        if "refused" not in table:
            return None
        words = self._word(table, "refused")
        if words is not None and words not in REASONS:
            self.problems.unknown(words.line, "reason for a refusal", words, REASONS)
        return str(words or "")

    def _to(self, number: int, table: Table, command: Command, *, lenient: bool) -> str | None:
        if "to" not in table:
            if command.on and not lenient:
                self.problems.add(table.line, f"{command.id} needs `to`: what it is done to")
            return None
        words = self._word(table, "to")
        if words is None:
            return None
        if not command.on:
            self.problems.add(words.line, f"{command.id} is done to nothing: leave out `to`")
            return None
        return self.handles.check(words, {command.on}, number, self.problems)

    def _form(self, command: Command, who: str) -> Form:
        actor = self.people.get(who)
        form = asked_of(command, self.policy, actor.agency if actor else "")
        return replace(form, label=command.id)

    def _given(self, table: Table, command: Command) -> Table:
        given = table.get("with")
        if isinstance(given, Table):
            return given
        if given is not None and not (isinstance(given, Words) and not given):
            self.problems.add(given.line, f"`with` holds the answers of {command.id}'s form")
        empty = Table()
        empty.line = table.line
        return empty

    def _word(self, table: Table, key: str) -> Words | None:
        """The one word under a key; None, and a problem, where there is none."""
        found = table.get(key)
        if isinstance(found, Words) and found:
            return found
        sentence = f"`{key}` is one word" if key in table else f"an event needs `{key}`"
        self.problems.add(table.line_of(key), sentence)
        return None
