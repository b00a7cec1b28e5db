"""A county at work, put in at once: its families, its practitioners, and the actions that are due.

2,820 families are those of a county's published Think Family figures. How they are spread is ours:
700 practitioners, four of them on each family's team and the first one leading, so that each is on
16 teams; 4,000 open actions, each with somebody drawn from its family's team, so that on a bad
morning a practitioner has six due, some have one and some have fifteen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from storage.database import Database
from storage.families import Family, TeamAroundFamily
from storage.people import Person
from storage.plan import Action
from storage.team import TeamMember
from tests.benchmarks.ground import Ground, filling, settle
from workflows.policy import Policy, load_policy
from workflows.upcoming import write_down
from workflows.working_days import WorkingDays

POLICY: Policy = load_policy(Path("app.yaml").read_text(encoding="utf-8"))
DAYS = WorkingDays.of(POLICY)

TODAY = date(2025, 3, 4)
MORNING = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
MADE = datetime(2025, 2, 3, 9, 0, tzinfo=UTC)
TEAM = 4

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How large a county is."""

    families: int = 2_820
    practitioners: int = 700
    actions: int = 4_000


WHOLE = Size()
SMALL = Size(705, 175, 1_000)


def of(ground: Ground, kind: str) -> tuple[Database, Size]:
    """A database with a county in it whose actions are all due today; how large it is."""
    size = SMALL if ground.quick else WHOLE
    return ground.like("county", kind, lambda database: settled(database, size)), size


def settled(database: Database, size: Size, due_on: date = TODAY) -> None:
    """Put a county in whose actions are all due on one day, and nobody was written to yet."""
    luck = Random(2)
    teams = [luck.sample(range(1, size.practitioners + 1), TEAM) for _ in range(size.families)]
    with filling(database) as connection:
        for model, rows in (
            (Person, people(size.practitioners)),
            (Family, _families(size.families)),
            (TeamAroundFamily, _tafs(teams)),
            (TeamMember, _members(teams)),
            (Action, _actions(size.actions, teams, due_on, luck)),
        ):
            connection.execute(insert(model), list(rows))
        if not database.is_file:
            _numbers_go_on(connection)
    with database.writing() as session:
        _written_down(session)
    settle(database)


def _written_down(session: Any) -> None:
    """What each action's rules will say, as the assistant itself writes it down."""
    team = selectinload(Action.taf).selectinload(TeamAroundFamily.team)
    for action in session.scalars(select(Action).options(team.selectinload(TeamMember.person))):
        write_down(action, action.look_again_at, POLICY, DAYS)


def _numbers_go_on(connection: Any) -> None:
    """Rows came with their numbers: the next one is counted from there."""
    for model in (Person, Family, TeamAroundFamily, TeamMember, Action):
        table = model.__tablename__
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        )


def people(count: int) -> Iterator[Row]:
    """Practitioners, all at work today."""
    for one in range(1, count + 1):
        job = {"agency": "childrens-centre", "job": "", "roles": [], "platform": "web"}
        yield {"id": one, "name": f"Practitioner {one}", "version": 1, "works_on": "12345", **job}


def _families(count: int) -> Iterator[Row]:
    for one in range(1, count + 1):
        yield {"id": one, "reference": f"F-{1000 + one}", "made_at": MADE}


def _tafs(teams: Sequence[Sequence[int]]) -> Iterator[Row]:
    for one, team in enumerate(teams, 1):
        yield {
            "id": one,
            "family_id": one,
            "version": 1,
            "state": "open",
            "framework": "think_family",
            "criteria": [],
            "statutory_plan": "none",
            "convened_at": MADE,
            "convened_by_id": team[0],
            "lead_id": team[0],
            "assessment_due_on": TODAY + timedelta(days=90),
        }


def _members(teams: Sequence[Sequence[int]]) -> Iterator[Row]:
    for taf, team in enumerate(teams, 1):
        for person in team:
            asked = {"asked_by_id": team[0], "state": "joined", "joined_at": MADE, "version": 1}
            yield {"taf_id": taf, "person_id": person, **asked}


def _actions(
    count: int, teams: Sequence[Sequence[int]], due_on: date, luck: Random
) -> Iterator[Row]:
    due_at = datetime.combine(due_on, time(0), UTC)
    for one in range(1, count + 1):
        taf = 1 + one % len(teams)
        team = teams[taf - 1]
        owner = luck.choice(team)
        yield {
            "id": one,
            "taf_id": taf,
            "number": 1 + one // len(teams),
            "version": 1,
            "state": "open",
            "words": "Ring the debt agency together",
            "list": "family_plan",
            "owner_id": owner,
            "due_on": due_on,
            "agreed_at": MADE,
            "agreed_by_id": team[0],
            "times_moved": 0,
            "look_again_at": due_at,
        }
