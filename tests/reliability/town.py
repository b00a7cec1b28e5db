"""The partnership that scenarios happen to: families, their teams, their rooms on the platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.clock import Clock
from bot.platform import Limits
from storage import lanes, outbox
from storage.database import Database
from storage.families import TeamAroundFamily
from storage.people import Person
from storage.rooms import Room
from tests import builders
from tests.reliability.chatting import ChatPlatform
from workflows.policy import load_policy

FAMILIES = 8
PRACTITIONERS = 12

POLICY = load_policy(Path("app.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Town:
    """Who and what there is. `teams` holds, by family, its lead and two more practitioners.

    `platform` is what the fake chat knew once all rooms were open, `log` what it took until then.
    """

    tafs: list[str]
    rooms: dict[int, str]
    teams: list[list[int]]
    co_ordinator: int
    supervisor: int
    platform: dict[str, Any]
    log: list[dict[str, Any]]

    def closing(self, number: int) -> dict[str, Any]:
        """The form that closes the work with a family: its mother has been told."""
        return builders.closing({f"family_member-{2 * number + 1}": {"told_on": "2025-03-04"}})


def build(
    database: Database, clock: Clock, chat: str, saved: Callable[..., dict[str, Any]]
) -> Town:
    """Convene the families, by presses, and let every room be opened on the platform."""
    people = _people(database)
    saved("load", people=list(people))
    references = iter(f"F-{number}" for number in range(2001, 2001 + FAMILIES))
    platform = ChatPlatform(chat, limits=Limits())
    assistant = assemble(POLICY, database, clock, {"web": platform}, lambda: next(references))
    staff = people[2:]
    teams = [[staff[(3 * one + place) % len(staff)] for place in (0, 1, 2)] for one in range(8)]
    tafs = [_convene(assistant, number, team) for number, team in enumerate(teams)]
    help_wanted = Press("web", "town help", teams[0][0], "help.ask", tafs[0])
    _press(assistant, help_wanted, builders.help_wanted())
    assistant.delivery.drain()
    assistant.ticker.auditor.round(at_start=True)
    platform.close()
    with database.reading() as session:
        rooms = {one.taf_id or 0: str(one.address) for one in session.query(Room)}
    assert None not in rooms.values()
    log = saved("log")["log"]
    return Town(tafs, rooms, teams, people[0], people[1], saved("state"), log)


def _people(database: Database) -> list[int]:
    """A co-ordinator, a supervisor, and then the practitioners."""
    named = [("Priya", "advice-and-coordination", ["co-ordinator"])]
    named += [("Dr Clarke", "think-family", ["supervisor"])]
    named += [(f"Practitioner {one}", "childrens-centre", []) for one in range(PRACTITIONERS)]
    with database.writing() as session:
        for name, agency, roles in named:
            known = {"identity_verified_on": date(2025, 1, 6)}
            session.add(Person(name=name, agency=agency, roles=roles, **known))
        session.flush()
        return [one.id for one in session.query(Person).order_by(Person.id)]


def _convene(assistant: Assistant, number: int, team: list[int]) -> str:
    lead, *others = team
    answers = builders.convening(
        family=f"F-{1001 + number}",
        lead_professional=f"person-{lead}",
        practitioners=[{"person": f"person-{one}"} for one in others],
    )
    return _press(assistant, Press("web", f"town {number}", lead, "taf.convene"), answers)


def _press(assistant: Assistant, press: Press, answers: dict[str, Any]) -> str:
    whole = Press(press.platform, press.key, press.person_id, press.command, press.about, answers)
    answer = assistant.boundary.press(whole)
    assert answer.ok, f"{press.command}: {answer.sentence} {answer.errors}"
    return answer.about or ""


def queue_messages(database: Database, clock: Clock, count: int, *, people: bool = True) -> None:
    """Put so many messages in the outbox, spread over all conversations of the town."""
    now = clock.now()
    with database.writing() as session:
        places = [
            (lanes.lane_for(session, room_id=one.id), one.taf_id)
            for one in session.query(Room).order_by(Room.id)
            if one.taf_id
        ]
        tafs = {one.id: one for one in session.query(TeamAroundFamily)}
        if people:
            practitioners = session.query(Person).order_by(Person.id)
            places += [(lanes.lane_for(session, person_id=one.id), 1) for one in practitioners]
        for number in range(count):
            lane, taf_id = places[number % len(places)]
            taf = tafs[taf_id or 1]
            key = f"load:{now.isoformat()}:{number}"
            outbox.queue(session, lane, key, made_at=now, available_at=now, **_notice(taf, number))


def _notice(taf: TeamAroundFamily, number: int) -> dict[str, Any]:
    """A notice that may be said to anybody, whatever has happened since."""
    about = {"about": taf.ref, "reference": taf.reference}
    facts = about | {"request": f"H-{number}", "who": "Dr Clarke"}
    said = {"operation": "post", "notice": "help_answered", "about": taf.ref, "taf_id": taf.id}
    return said | {"facts": facts}
