"""A county at work: some families made by real presses, then copied until there are enough."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.clock import StoppedClock
from bot.playing import advance
from bot.web.platform import WebPlatform
from storage import migrating, subjects
from storage.database import Base, Database
from storage.people import Person
from storage.subjects import KINDS
from tests import builders
from tests.world import START
from workflows.policy import load_policy

AGENCIES = ("police", "housing", "secondary-school", "probation", "health-visiting")
TEAM = 5
ACTIONS = 10
MEETINGS = 4

Row = dict[str, Any]


def make(path: Path, families: int, template: int = 10) -> None:
    """A file with this many families, a multiple of `template`."""
    database = Database(f"sqlite:///{path}")
    event.listen(database.engine, "connect", _hurry)
    migrating.upgrade(database)
    _made_by_presses(database, template)
    database.close()
    _copied(path, families // template, template)


def _hurry(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _made_by_presses(database: Database, families: int) -> None:
    policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"))
    clock = StoppedClock(START)
    assistant = assemble(policy, database, clock, {"web": WebPlatform(database)})
    people = _people(database, families * 2)
    pressed = _presser(assistant)
    tafs = []
    for number in range(families):
        team = [people[(number * 2 + one) % len(people)] for one in range(TEAM)]
        tafs.append((pressed(team[0], "taf.convene", "", _convening(number, team)), team))
    for round_ in range(MEETINGS):
        called = [_a_round(pressed, clock, taf, team, round_) for taf, team in tafs]
        advance(assistant, clock, clock.now() + timedelta(days=8))
        for meeting, (taf, team) in zip(called, tafs, strict=True):
            pressed(team[0], "meeting.record", meeting, _recorded(database, taf, team))


def _people(database: Database, count: int) -> list[int]:
    with database.writing() as session:
        made = [
            _person(f"Worker {one}", "childrens-centre" if one % 2 == 0 else AGENCIES[one % 5])
            for one in range(count)
        ]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def _person(name: str, agency: str, *roles: str) -> Person:
    known = date(2025, 1, 6)
    return Person(name=name, agency=agency, roles=list(roles), identity_verified_on=known)


def _presser(assistant: Assistant) -> Callable[[int, str, str, Any], str]:
    keys = iter(range(10**9))

    def pressed(who: int, command: str, about: str, answers: Any) -> str:
        answer = assistant.boundary.press(
            Press("web", f"made-{next(keys)}", who, command, about, answers)
        )
        assert answer.ok, (command, answer)
        return answer.about or ""

    return pressed


def _convening(number: int, team: list[int]) -> Row:
    return builders.convening(
        family=f"F-{9001 + number}",
        lead_professional=f"person-{team[0]}",
        practitioners=[{"person": f"person-{one}"} for one in team[1:]],
    )


def _a_round(pressed: Any, clock: StoppedClock, taf: str, team: list[int], round_: int) -> str:
    """What a quarter of the work comes to: a meeting called, and some actions, done in time.

    Only the last action of all stays open, to be done when the county opens.
    """
    for number in range(ACTIONS // MEETINGS + (round_ < ACTIONS % MEETINGS)):
        owner = team[number % TEAM]
        answers = builders.action(f"person-{owner}", "2025-04-07")
        action = pressed(team[0], "action.agree", taf, answers)
        if number or round_ < MEETINGS - 1:
            pressed(team[0], "action.mark_done", action, {})
    on = (clock.now() + timedelta(days=5)).date().isoformat()
    invite = [f"person-{one}" for one in team]
    answers = builders.meeting(invite, on=on, purpose="review" if round_ else "initial")
    return str(pressed(team[0], "meeting.schedule", taf, answers))


def _recorded(database: Database, taf: str, team: list[int]) -> Row:
    with database.reading() as session:
        family = {one.ref: "part" for one in subjects.find(session, taf).members}
    return builders.record({f"person-{one}": "attended" for one in team}, family)


TABLES = {kind: model.__tablename__ for kind, model in KINDS.items()}  # type: ignore[attr-defined]
REFERENCE = re.compile(rf"\b({'|'.join(sorted({*TABLES, 'person', 'room'}))})-(\d+)\b")
FAMILY = re.compile(r"\bF-(\d+)\b")
IN_STEPS = re.compile(r"(?<=\\t)\d+(?=\\t)")
OF_A_PERSON = re.compile(r"(?<=digest:)\d+(?=:)|(?<=:admit:)\d+(?=:)|(?<=:)\d+$")


def _copied(path: Path, times: int, families: int) -> None:
    """Every row once for each copy, its own number and those it points at moved on together."""
    raw = sqlite3.connect(path)
    raw.row_factory = sqlite3.Row
    raw.execute("PRAGMA synchronous=OFF")
    tables = [one for one in Base.metadata.sorted_tables if "id" in one.columns]
    rows = {
        one.name: [dict(row) for row in raw.execute(f'SELECT * FROM "{one.name}"')]  # noqa: S608
        for one in tables
    }
    step = {name: max((row["id"] for row in found), default=0) for name, found in rows.items()}
    shared = _shared(rows)
    for copy in range(1, times):
        moved_on = _mover(step, shared, copy, families)
        for table in tables:
            kept = shared.get(table.name, set())
            made = [moved_on(table, row) for row in rows[table.name] if row["id"] not in kept]
            if made:
                names = ", ".join(f'"{name}"' for name in made[0])
                marks = ", ".join("?" for _ in made[0])
                raw.executemany(
                    f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608
                    [tuple(one.values()) for one in made],
                )
    raw.commit()
    raw.close()


def _shared(rows: Mapping[str, list[Row]]) -> dict[str, set[int]]:
    """What a county has once: its supervisor, their room, and what is said to them."""
    found = {
        "person": {row["id"] for row in rows["person"] if row["roles"] != "[]"},
        "room": {row["id"] for row in rows["room"] if row["taf_id"] is None},
    }
    found["lane"] = {
        row["id"]
        for row in rows["lane"]
        if row["room_id"] in found["room"] or row["person_id"] in found["person"]
    }
    found["outbox"] = {row["id"] for row in rows["outbox"] if row["lane_id"] in found["lane"]}
    found["post"] = {row["id"] for row in rows["post"] if row["number"] in found["outbox"]}
    found["admission"] = {row["id"] for row in rows["admission"] if row["room_id"] in found["room"]}
    return found


def _mover(
    step: Mapping[str, int], shared: Mapping[str, set[int]], copy: int, families: int
) -> Callable[[Any, Row], Row]:
    """Makes of a row the same row of a copy."""

    def on(table: str, number: int) -> int:
        return number if number in shared.get(table, ()) else number + copy * step[table]

    def referred(found: re.Match[str]) -> str:
        return f"{found[1]}-{on(TABLES.get(found[1], found[1]), int(found[2]))}"

    def words(value: str) -> str:
        value = FAMILY.sub(lambda found: f"F-{int(found[1]) + copy * families}", value)
        return REFERENCE.sub(referred, value)

    def moved_on(table: Any, row: Row) -> Row:
        made = {name: words(one) if isinstance(one, str) else one for name, one in row.items()}
        made["id"] = on(table.name, made["id"])
        for key in table.foreign_keys:
            if made[key.parent.name] is not None:
                made[key.parent.name] = on(key.column.table.name, made[key.parent.name])
        _numbers_in_words(table.name, made, on, copy)
        return made

    return moved_on


def _numbers_in_words(table: str, made: Row, on: Callable[[str, int], int], copy: int) -> None:
    """The numbers that stand in keys and lists, where no foreign key tells of them."""
    if table == "post":
        made["number"] = on("outbox", made["number"])
    if table == "inbox":
        made["key"] += f" of copy {copy}"
    if table == "outbox":
        made["items"] = json.dumps([on("outbox", one) for one in json.loads(made["items"])])
        made["dedup_key"] = OF_A_PERSON.sub(
            lambda found: str(on("person", int(found[0]))), made["dedup_key"]
        )
        if (made["provider_ref"] or "").isdigit():
            made["provider_ref"] = str(on("post", int(made["provider_ref"])))
    if made.get("steps"):
        steps = IN_STEPS.sub(lambda found: str(on("person", int(found[0]))), made["steps"])
        made["steps"] = steps
        if table == "action" and made["state"] == "open":
            assert f"\\t{made['owner_id']}\\t" in steps, "steps are written in another way now"
