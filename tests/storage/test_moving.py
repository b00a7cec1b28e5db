"""A file moves to PostgreSQL: every row, whatever stops it, and never onto somebody else's."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.app import assemble
from bot.moving import _telling, move
from bot.web.platform import WebPlatform
from storage import accounts, comparing, migrating, moving
from storage.comparing import CannotBeCarried, Unequal
from storage.database import Base, Database
from storage.families import Family
from storage.gates import Gate
from storage.indicators import Indicator
from storage.moving import CannotMove, Move, Moved, StillRunning
from storage.outbox import Delivery
from storage.people import Person
from storage.rooms import Post
from storage.settings import Setting, remember, remembered
from tests import builders
from tests.conftest import another
from tests.world import World

PRECISE = datetime(2025, 10, 26, 0, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def source(file: Database) -> str:
    """A family's work on a file that nobody has open."""
    world = World(file)
    world.given_an_agreed_action()
    world.when_working_days_pass(3)
    with file.writing() as session:
        accounts.remember(session, "slack", "U1", PRECISE, name="Zoë")
        where = {"service_url": "https://smba.example/", "kind": "personal", "account": "29:1"}
        accounts.remember_conversation(session, "teams", "a:1", PRECISE, **where)
    file.close()
    return file.url.render_as_string()


@pytest.fixture
def target(postgres: Database) -> Iterator[Database]:
    """An empty database on PostgreSQL."""
    database = another(postgres)
    yield database
    database.close()


def moved(source: str, target: Database, **how: Any) -> Moved:
    return Move(source, target, lambda *_: None, lambda _: None, **how).run()


def change(source: str, work: Callable[[Session], Any]) -> None:
    database = Database(source)
    database.write(work)
    database.close()


def rows_of(database: Database) -> dict[str, list[Any]]:
    """Everything in every table, as its models read it."""
    with database.reading() as session:
        return {
            table.name: sorted(
                (
                    repr(row)
                    for row in session.execute(table.select())
                    if table.name != "setting" or row[0] not in moving.LEAVE
                ),
            )
            for table in Base.metadata.sorted_tables
        }


def rows_of_file(source: str) -> dict[str, list[Any]]:
    with Database.beside(source) as database:
        return rows_of(database)


def is_fit(source: str) -> str | None:
    with Database.beside(source) as database:
        return migrating.fit(database)


def test_every_row_and_the_next_number(source: str, target: Database) -> None:
    found = moved(source, target)

    assert rows_of(target) == rows_of_file(source)
    assert migrating.fit(target) is None
    counted = {one.table: one.rows for one in found.tables}
    assert (counted["action"], counted["account"], counted["conversation"]) == (1, 1, 1)
    with target.writing() as session:
        highest = max(one.id for one in session.query(Person))
        session.add(made := Person(name="New", agency="housing", roles=[]))
        session.flush()
        assert made.id == highest + 1
        session.add(first := Post(number=1, card={}, posted_at=PRECISE))
        session.flush()
        assert first.id == 1


def test_every_kind_of_value(source: str, target: Database) -> None:
    long = "żółć 🙂 " * 200_000

    def values(session: Session) -> None:
        session.add(Family(reference="F-2", made_at=PRECISE))
        session.add(Gate(platform="slack", tokens=0.1 + 0.2, tokens_at=PRECISE, why=long))
        session.add(indicator())
        session.flush()
        remember(session, "small", {"a": 1.5, "b": [None, True, "\x00 é"], "c": 10**30})
        remember(session, "nothing", None)
        session.execute(text("UPDATE taf SET steps = NULL, high_cost = 1, would_benefit = 0"))

    change(source, values)
    moved(source, target)

    assert rows_of(target) == rows_of_file(source)
    with target.reading() as session:
        assert session.get_one(Gate, "slack").why == long
        assert session.get_one(Gate, "slack").tokens == 0.1 + 0.2
        assert remembered(session, "small")["b"] == [None, True, "\x00 é"]
        assert session.query(Indicator).one().target == Decimal("9999999999.99")
        query = "SELECT steps IS NULL, high_cost, would_benefit FROM taf"
        assert session.execute(text(query)).one() == (True, True, False)
        written = session.execute(text("SELECT value::text FROM setting WHERE name = 'nothing'"))
        assert written.scalar() == "null"


def indicator() -> Indicator:
    return Indicator(
        taf_id=1,
        number=1,
        measure="x",
        words="x",
        unit="days",
        better="lower",
        evidence_source="x",
        history="x",
        forecast="x",
        baseline=Decimal("0.10"),
        target=Decimal("9999999999.99"),
        starts_on=date(2025, 3, 4),
        chosen_at=PRECISE,
        chosen_by_id=1,
    )


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("UPDATE action SET words = 'a' || char(0) || 'b'", "words holds a NUL character"),
        ("UPDATE person SET name = printf('%.101c', 'x') WHERE id = 1", "name is longer than 100"),
        ("UPDATE action SET times_moved = 3000000000", "times_moved is too large a number"),
        ("UPDATE action SET times_moved = 'x'", "times_moved is no whole number"),
        ("UPDATE action SET steps = '{'", "steps is not valid JSON"),
    ],
)
def test_what_cannot_be_kept_is_named_before_anything_is_done(
    source: str, target: Database, spoil: str, says: str
) -> None:
    change(source, lambda session: session.execute(text(spoil)))

    with pytest.raises(CannotBeCarried, match=f"Row 1 of the table .* {says}"):
        moved(source, target)
    assert migrating.current(target) is None
    assert is_fit(source) is None


def test_beside_the_service_then_without_it(source: str, target: Database) -> None:
    running = Database(source)
    world = World(running)
    with pytest.raises(StillRunning, match="Stop the service, then run the same command again"):
        moved(source, target)
    assert "still being moved here" in (migrating.fit(target) or "")

    with running.writing() as session:
        for one in session.query(Person):
            one.name = f"Changed {one.name}"
        session.add(Person(name="Come since", agency="housing", roles=[]))
        session.execute(text("DELETE FROM team_member WHERE id = 3"))
    running.close()
    found = moved(source, target)

    assert rows_of(target) == rows_of_file(source)
    written = {one.table: one.written for one in found.tables if one.written}
    assert written["person"] >= 2
    assert written["team_member"] == 1
    assert "inbox" not in written
    assert world.database is running


def test_waiting_for_the_service_to_stop(source: str, target: Database) -> None:
    running, said = Database(source), []

    def stop(words: str) -> None:
        said.append(words)
        threading.Timer(0.5, running.close).start()

    found = Move(source, target, lambda *_: None, stop, wait=True).run()

    assert "Stop the service now" in said[0]
    assert found.tables
    assert rows_of(target) == rows_of_file(source)


def test_two_rows_changed_places_between_the_passes(source: str, target: Database) -> None:
    def named(first: str, second: str) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            query = "UPDATE person SET email = :email WHERE id = :id"
            for email, number in ((None, 1), (first, 2), (second, 1)):
                session.execute(text(query), {"email": email, "id": number})

        return work

    change(source, named("a@x", "b@x"))
    running = Database(source)
    with pytest.raises(StillRunning):
        moved(source, target)
    running.close()
    change(source, lambda session: session.execute(text("UPDATE person SET email = NULL")))
    change(source, named("b@x", "a@x"))
    moved(source, target)

    assert rows_of(target) == rows_of_file(source)


class Killed(BaseException):
    """As if the process had gone."""


def commits(engine: Engine, seen: Callable[[], None]) -> None:
    commit = engine.dialect.do_commit

    def asked(connection: Any) -> None:
        seen()
        commit(connection)

    engine.dialect.do_commit = asked  # type: ignore[method-assign]


def dying_at(nth: int, source: str, target: Database, monkeypatch: Any) -> int:
    """Move, but go before the nth commit on either side; how many there were."""
    count = 0

    def seen() -> None:
        nonlocal count
        count += 1
        if count == nth:
            raise Killed

    mine = Database(target.url.render_as_string(hide_password=False))
    commits(mine.engine, seen)
    opened = Database.__init__

    def opening(self: Database, url: str) -> None:
        opened(self, url)
        commits(self.engine, seen)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "__init__", opening)
        try:
            moved(source, mine)
        finally:
            mine.close()
    return count


def test_gone_before_any_commit_either_works_and_the_next_run_ends_it(
    source: str, postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = source.removeprefix("sqlite:///")
    whole = Path(path).read_bytes()
    clean = another(postgres)
    count = dying_at(0, source, clean, monkeypatch)
    clean.close()
    assert count > len(Base.metadata.sorted_tables)
    for nth in (1, 2, 3, 4, count // 2, count - 3, count - 2, count - 1, count):
        copy, target = tmp_path / f"{nth}.db", another(postgres)
        copy.write_bytes(whole)
        url = f"sqlite:///{copy}"
        with pytest.raises(Killed):
            dying_at(nth, url, target, monkeypatch)

        open_now = [is_fit(url) is None, migrating.fit(target) is None]
        if open_now == [True, True]:
            assert not any(rows for name, rows in rows_of(target).items() if name != "setting")
        if open_now == [False, False]:
            assert rows_of(target) == rows_of_file(url), "neither, and the new one not complete"
        again = moved(url, target)
        assert again.place == target.place
        assert [is_fit(url) is None, migrating.fit(target) is None] == [False, True]
        assert rows_of(target) == rows_of_file(url)
        target.close()


KILL = """
import os, signal, sys
from storage.database import Database
from storage.moving import Move
left = int(sys.argv[3])
def told(table, done, of):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
Move(sys.argv[1], Database(sys.argv[2]), told, print).run()
"""


def test_killed_for_real_and_run_again(source: str, target: Database) -> None:
    to = target.url.render_as_string(hide_password=False)
    for point in (5, 30):
        command = [sys.executable, "-c", KILL, source, to, str(point)]
        assert subprocess.run(command, check=False).returncode == -9
        assert is_fit(source) is None
        assert migrating.fit(target) is not None
    moved(source, target)

    assert rows_of(target) == rows_of_file(source)


def test_moved_before_is_said_and_nothing_is_done(source: str, target: Database) -> None:
    moved(source, target)
    with target.writing() as session:
        session.add(Person(name="Come since", agency="housing", roles=[]))
    before = rows_of(target)

    assert moved(source, target).tables == ()
    assert rows_of(target) == before
    assert "was moved to" in (is_fit(source) or "")


def test_nowhere_else_after_that(source: str, target: Database, postgres: Database) -> None:
    moved(source, target)
    for other in (another(postgres), half_way(source, another(postgres))):
        with pytest.raises(CannotMove, match="cannot be moved twice"):
            moved(source, other)
        other.close()


def half_way(source: str, target: Database) -> Database:
    """A target that a move of this file was begun to."""
    migrating.upgrade(target)
    with Database.beside(source) as database, database.reading() as session:
        identity = remembered(session, migrating.IDENTITY)
    with target.writing() as session:
        remember(session, migrating.MOVING_HERE, {"partnership": identity, "move": "another"})
    return target


def of_somebody_else(target: Database) -> None:
    with target.writing() as session:
        session.execute(text("CREATE TABLE theirs (id int)"))


def with_data(target: Database) -> None:
    migrating.upgrade(target)
    with target.writing() as session:
        session.add(Family(reference="F-1", made_at=PRECISE))


def older(target: Database) -> None:
    migrating.upgrade(target, "0001")


def newer(target: Database) -> None:
    migrating.upgrade(target)
    with target.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def being_moved_to(target: Database) -> None:
    migrating.upgrade(target)
    with target.writing() as session:
        remember(session, migrating.MOVING_HERE, {"partnership": "x", "move": "y"})


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (of_somebody_else, "not the assistant's"),
        (with_data, "holds data already"),
        (older, "another release's migration"),
        (newer, "another release's migration"),
        (being_moved_to, "Another partnership"),
    ],
)
def test_a_target_that_is_not_for_us_is_left_alone(
    source: str, target: Database, made: Callable[[Database], None], says: str
) -> None:
    made(target)
    with pytest.raises(CannotMove, match=says):
        moved(source, target)
    assert is_fit(source) is None


def test_a_migrated_target_with_nothing_in_it_will_do(source: str, target: Database) -> None:
    migrating.upgrade(target)
    moved(source, target)
    assert rows_of(target) == rows_of_file(source)


def test_only_from_a_file_to_postgresql(source: str, target: Database, file: Database) -> None:
    with pytest.raises(CannotMove, match="Give a PostgreSQL database"):
        moved(source, file)
    with pytest.raises(CannotMove, match="Only a file can be moved"):
        moved(target.url.render_as_string(hide_password=False), target)
    with pytest.raises(CannotMove, match="There is no file"):
        moved("sqlite:////nowhere/taf.db", target)


def test_a_file_of_another_release_is_migrated_first(source: str, target: Database) -> None:
    def behind(session: Session) -> None:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    change(source, behind)
    with pytest.raises(CannotMove, match="Run: taf migrate"):
        moved(source, target)


def test_two_moves_to_one_place_are_one_too_many(source: str, target: Database) -> None:
    with moving._alone(target), pytest.raises(CannotMove, match="Another move"):
        moved(source, target)


def test_a_row_that_comes_back_otherwise_opens_nothing(
    source: str, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = comparing._named

    def forgetful(table: Any, row: Any, before: str = "") -> Any:
        made = honest(table, row, before)
        return made | {"words": "x"} if table.name == "action" else made

    with monkeypatch.context() as patched:
        patched.setattr(comparing, "_named", forgetful)
        with pytest.raises(Unequal, match="Row 1 of the table action"):
            moved(source, target)
    assert is_fit(source) is None
    assert migrating.fit(target) is not None
    moved(source, target)
    assert rows_of(target) == rows_of_file(source)


def test_a_row_too_many_opens_nothing(
    source: str, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip_in(database: Database, tables: Any) -> None:
        with database.writing() as session:
            session.add(Family(id=77, reference="F-77", made_at=PRECISE))
        honest(database, tables)

    honest = moving._check_counts
    monkeypatch.setattr(moving, "_check_counts", slip_in)
    with pytest.raises(Unequal, match="table family has rows"):
        moved(source, target)
    assert is_fit(source) is None


@pytest.mark.parametrize("taken", [True, False])
def test_what_was_on_its_way_is_neither_lost_nor_repeated(
    file: Database, target: Database, taken: bool
) -> None:
    world = World(file)
    web = WebPlatform(file)
    world.assistant.delivery.platforms = {"web": web}
    world.given_a_family()
    posted = web.post

    def gone(message: Any) -> str:
        if taken:
            posted(message)
        raise Killed

    web.post = gone  # type: ignore[method-assign]
    with pytest.raises(Killed):
        world.does("Maya", "action.agree", world.taf, **builders.action(world.ref("Asha")))
    (on_its_way,) = [one.id for one in world.outbox() if one.state == "sending"]
    file.close()
    moved(file.url.render_as_string(), target)

    world.clock.set(world.clock.now() + timedelta(minutes=2))
    policy, there = world.assistant.office.policy, {"web": WebPlatform(target)}
    mine = assemble(policy, target, world.clock, there)
    for _ in range(2):
        mine.ticker.tick()
    with target.reading() as session:
        assert session.query(Post).where(Post.number == on_its_way).count() == 1
        ended = session.get_one(Delivery, on_its_way)
        assert ended.state == "sent"
        assert taken == (ended.repeats == 0)
        posts = session.query(Delivery).where(Delivery.state == "sent", Delivery.card.is_not(None))
        assert session.query(Post).count() == posts.count()


def test_the_command_says_what_came_of_it_and_no_password(source: str, target: Database) -> None:
    to = target.url.set(password="very-secret").render_as_string(hide_password=False)
    environment = {"DATABASE_URL": source, "TAF_MOVE_TO": to}
    found = CliRunner().invoke(move, [], env=environment)
    again = CliRunner().invoke(move, [], env=environment)

    assert (found.exit_code, again.exit_code) == (0, 0), found.output
    assert "each seen equal" in found.output
    assert "It was moved before" in again.output
    with Database.beside(source) as database, database.reading() as session:
        mark = json.dumps(session.get_one(Setting, migrating.MOVED_AWAY).value)
    for words in (found.output, again.output, mark, is_fit(source) or ""):
        assert "very-secret" not in words
    for wrong in ("postgresql://me:very-secret@h:very-secret/x", "very-secret", to + "_none"):
        refused = CliRunner().invoke(move, ["--to", wrong], env={"DATABASE_URL": source})
        assert refused.exit_code == 2
        assert "very-secret" not in refused.output
        assert len(refused.output.splitlines()) == 1


def test_on_a_terminal_there_is_a_bar_for_each_table() -> None:
    console = Console(force_terminal=True, file=StringIO(), width=80)
    with _telling(console) as told:
        told("family", 500, 1000)
        told("family", 1000, 1000)
        told("gate", 0, 0)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "family" in shown
    assert "1000/1000" in shown
