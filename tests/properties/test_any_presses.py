"""Whatever anybody presses in whatever order, the record stays lawful and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from bot.boundary import form_for, lists_for
from bot.commands import COMMANDS
from bot.playing import advance
from storage import audit, subjects
from storage.database import Database
from storage.families import TeamAroundFamily
from storage.people import Person
from storage.plan import Action
from storage.subjects import KINDS
from tests.properties.filling import TYPED, filled
from tests.world import World
from workflows.moves import TABLES
from workflows.telling import works
from workflows.winding import next_look, watched

NOUNS = {
    "taf": "team around the family",
    "team_member": "team member",
    "handover": "lead handover",
    "assessment": "assessment",
    "meeting": "TAF meeting",
    "plan": "support plan",
    "action": "action",
    "indicator": "indicator",
    "help": "request for help",
}
CAST = ["Maya", "Asha", "Tom", "Ola", "Priya", "Dr Clarke", "Sal", "Nosy"]
STRANGER = "Nosy"
FOR_A_STRANGER = {"not_a_member", "gone", "not_for_your_agency"}
ENDED = {"sent", "cancelled", "superseded", "dead"}


def _hurry(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class AnyPresses(RuleBasedStateMachine):
    """A partnership in which anybody presses anything, and time goes by."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "taf.db").write_bytes(self.template.read_bytes())
        database = Database(f"sqlite:///{self.folder / 'taf.db'}")
        event.listen(database.engine, "connect", _hurry)
        self.world = World(database)
        self.world.given_a_person("Sal", "social-care")
        self.actions = 0
        self.unswept = False
        self.checked = 0
        self.states: dict[str, str] = {}

    @initialize()
    def a_family(self) -> None:
        self.world.given_a_family()
        self.world.given_an_agreed_action(owner="Asha", due="Tue 18 March")

    @rule(
        who=st.sampled_from(CAST),
        command=st.sampled_from(sorted(COMMANDS)),
        wrong=st.integers(0, 19),
        data=st.data(),
    )
    def somebody_presses(self, who: str, command: str, wrong: int, data: Any) -> None:
        about = data.draw(st.sampled_from(self._abouts(command, wrong)))
        answers = self._answers(who, command, about, data)
        answer = self.world.tries(who, command, about, **answers)
        assert answer.fault is None, (who, command, about, answers)
        if who == STRANGER and command != "my.take_leave":
            assert answer.refused in FOR_A_STRANGER, (command, answer)

    def _abouts(self, command: str, wrong: int) -> list[str]:
        kind = COMMANDS[command].on
        if not kind:
            return [""]
        if wrong == 0:
            return [f"{kind}-77", "taf-1", "nonsense"]
        with self.world.database.reading() as session:
            model: Any = KINDS[kind]
            return [one.ref for one in session.query(model)] or [f"{kind}-77"]

    def _answers(self, who: str, command: str, about: str, data: Any) -> dict[str, Any]:
        boundary, found = self.world.assistant.boundary, COMMANDS[command]
        with self.world.database.reading() as session:
            doing = boundary.doing(session, self.world.people[who], self.world.clock.now())
            subject = subjects.find(session, about) if found.on else None
            if found.on and (subject is None or subject.kind != found.on):
                return {}
            lists = lists_for(doing, subject)
            stranger = self.world.ref(STRANGER)
            return filled(form_for(found, doing), lists, doing.today, data.draw, stranger)

    @rule(hours=st.sampled_from([1, 5, 24, 24, 72, 24 * 9]))
    def time_goes_by(self, hours: int) -> None:
        to = self.world.clock.now() + timedelta(hours=hours)
        advance(self.world.assistant, self.world.clock, to)
        self.unswept = False

    @rule(hours=st.sampled_from([10, 70, 24 * 12]))
    def nothing_runs_for_a_while(self, hours: int) -> None:
        self.world.clock.set(self.world.clock.now() + timedelta(hours=hours))
        self.unswept = True

    @invariant()
    def every_move_was_legal(self) -> None:
        with self.world.database.reading() as session:
            for one in audit.moves(session, after=self.checked):
                self.checked = one.id
                kind = (one.about or "").split("-")[0]
                table = TABLES[NOUNS[kind]]
                before, to = one.facts["from"], one.facts["to"]
                legal = [move for move in table.table.values() if before in move.sources]
                assert any(move.to == to for move in legal), (one.about, before, to)
                assert self.states.get(one.about or "", table.first) == before
                self.states[one.about or ""] = to
            for kind, noun in NOUNS.items():
                model: Any = KINDS[kind]
                for subject in session.query(model):
                    assert subject.state in TABLES[noun].states
                    self._was_moved(subject)

    def _was_moved(self, subject: Any) -> None:
        started = {TABLES[NOUNS[subject.kind]].first}
        if subject.kind == "meeting":
            started.add("scheduled")
        moved = self.states.get(subject.ref)
        if moved is None:
            assert subject.state in started or subject.kind == "assessment", subject.ref
        else:
            assert moved == subject.state, subject.ref

    @invariant()
    def no_action_is_lost(self) -> None:
        with self.world.database.reading() as session:
            found = session.query(Action).all()
            assert len(found) >= self.actions
            self.actions = len(found)
            numbers = Counter((one.taf_id, one.number) for one in found)
            assert set(numbers.values()) <= {1}
            for one in found:
                assert (one.owner_id is None) != (one.family_owner_id is None)
                assert (one.state == "done") == (one.done_on is not None)

    @invariant()
    def who_leads_is_on_the_team(self) -> None:
        with self.world.database.reading() as session:
            for taf in session.query(TeamAroundFamily):
                assert (taf.lead_id is None) == (taf.lead_vacant_since is not None)
                joined = {one.person_id for one in taf.team if one.state == "joined"}
                assert taf.lead_id is None or taf.lead_id in joined
                if taf.state == "sharing_stopped":
                    assert joined <= {taf.lead_id}

    @invariant()
    def rooms_hold_the_team_and_nobody_else(self) -> None:
        with self.world.database.reading() as session:
            for taf in session.query(TeamAroundFamily):
                if taf.state == "closed":
                    assert taf.room.name not in self.world.platform.inside
                    continue
                joined = {one.person_id for one in taf.team if one.state == "joined"}
                assert self.world.platform.inside[taf.room.name] == joined
                assert {one.id for one in taf.room.inside} == joined

    @invariant()
    def nothing_typed_is_ever_shown(self) -> None:
        for said in self.world.platform.said:
            assert TYPED not in said.title + said.text

    @invariant()
    def everything_is_looked_at_when_its_time_comes(self) -> None:
        world, office = self.world, self.world.assistant.office
        if self.unswept:
            return
        with world.database.reading() as session:
            for taf in session.query(TeamAroundFamily):
                for subject in watched(taf):
                    if taf.state != "open":
                        assert subject.look_again_at is None
                        continue
                    wanted = next_look(subject, world.clock.now(), office.policy, office.days)
                    assert subject.look_again_at == wanted, subject.ref
                    assert subject.unheard_since is None

    def teardown(self) -> None:
        try:
            to = self.world.clock.now() + timedelta(days=45)
            advance(self.world.assistant, self.world.clock, to)
            self._every_delivery_ended()
            self._one_digest_a_day()
            self._the_closed_are_silent()
            self.world.then(STRANGER).hears_nothing()
        finally:
            self.world.database.close()
            shutil.rmtree(self.folder)

    def _every_delivery_ended(self) -> None:
        now = self.world.clock.now()
        for one in self.world.outbox():
            if one.available_at <= now:
                assert one.state in ENDED, (one.dedup_key, one.state)
            assert one.state != "dead", (one.dedup_key, one.why)
            assert one.state in {"sent", "ready", "waiting"} or one.why

    def _one_digest_a_day(self) -> None:
        days = self.world.assistant.office.days
        for name, number in self.world.people.items():
            told = self.world.then(name).messages
            digests = Counter(days.today(one.at) for one in told if one.notice == "digest")
            assert set(digests.values()) <= {1}, (name, digests)
            for one in told:
                assert not days.is_quiet(one.at), (name, one)
            with self.world.database.reading() as session:
                person = session.get_one(Person, number)
                if not person.leave:
                    for on in digests:
                        assert works(person, on, days), (name, on)

    def _the_closed_are_silent(self) -> None:
        with self.world.database.reading() as session:
            closed = [
                (taf.room.name, self._closed_at(session, taf))
                for taf in session.query(TeamAroundFamily)
                if taf.state == "closed"
            ]
            again = Counter(taf.family_id for taf in session.query(TeamAroundFamily))
        if set(again.values()) != {1}:
            return
        for name, at in closed:
            for said in self.world.platform.said:
                if said.at <= at or said.to == name:
                    continue
                for line in f"{said.title}\n{said.text}".splitlines():
                    about_it = line.startswith(f"{name}: ")
                    assert not about_it or "closed" in line or "is answered" in line, said

    @staticmethod
    def _closed_at(session: Any, taf: Any) -> Any:
        moves = [one for one in audit.moves(session) if one.about == taf.ref]
        return moves[-1].at


def test_any_presses_in_any_order(template: Path) -> None:
    AnyPresses.template = template
    run_state_machine_as_test(
        AnyPresses,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
