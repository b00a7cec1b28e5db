"""Benchmarks 7 and 8: taking the next fifty messages, whatever waits or was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import bindparam, text

from storage import claiming, finishing
from storage.database import Database, Instant
from tests.benchmarks.finding import NUMBERS
from tests.benchmarks.ground import KINDS, Ground, filling, settle
from tests.benchmarks.measured import Measured, Timed, compared, lower, timed
from tests.benchmarks.queued import NOW, people

HEADS = 50
AWAKE = 60
"""Conversations that may go on now; all the others have just been written to."""

FILL_LANES = """
    INSERT INTO lane (person_id, next_at, fence)
    SELECT n, CASE WHEN n <= :awake THEN :now ELSE :ahead END, 0 FROM {numbers} AS numbers
"""
FILL_OUTBOX = """
    INSERT INTO outbox (dedup_key, lane_id, operation, state, facts, items, made_at, available_at,
        sent_at, attempts)
    SELECT :state || n, 1 + n % :lanes, 'post', :state, '{{}}', '[]', :now, :now,
        CASE WHEN :state = 'sent' THEN :now END, CASE WHEN :state = 'sent' THEN 1 ELSE 0 END
    FROM {numbers} AS numbers
"""
MOMENTS = (
    bindparam("now", NOW - timedelta(minutes=1), Instant),
    bindparam("ahead", NOW + timedelta(days=9), Instant),
)


def backlog(ground: Ground, kind: str, lanes: int, ready: int, sent: int = 0) -> Database:
    """So many conversations, sixty of them awake, with so much to send and so much sent."""
    database = ground.database(kind)
    numbers = NUMBERS[kind]
    state = "CAST(:state AS text)" if kind == "postgresql" else ":state"
    outbox = FILL_OUTBOX.format(numbers=numbers).replace(":state", state)
    people(database, lanes)
    with filling(database) as connection:
        fill = text(FILL_LANES.format(numbers=numbers)).bindparams(*MOMENTS)
        connection.execute(fill, {"rows": lanes, "awake": AWAKE})
        for name, rows in (("sent", sent), ("ready", ready)):
            if rows:
                fill = text(outbox).bindparams(MOMENTS[0])
                connection.execute(fill, {"rows": rows, "lanes": lanes, "state": name})
    return database


def claim(database: Database) -> None:
    """Take fifty heads, and give them back."""
    with database.writing() as session:
        assert len(claiming.claim(session, NOW, "bench", HEADS)) == HEADS
        session.rollback()


def _claims(database: Database) -> Timed:
    """A few claims at a time: one alone is too short to be told from its neighbours."""

    def five() -> None:
        for _ in range(5):
            claim(database)

    return timed(five)


def flat(ground: Ground) -> Iterator[Measured]:
    """Claiming must not slow down as the backlog grows."""
    large = ground.much(10_000, 1_000)
    for kind, name in KINDS.items():
        few, many = backlog(ground, kind, AWAKE, 300), backlog(ground, kind, large, large * 10)
        found = compared(ground.much(15, 7), few=_claims(few), many=_claims(many))
        yield lower(
            f"7 claim 50 from a large backlog ({name})",
            found.ratio("many", "few"),
            1.5,
            f"the same from a small one: {large * 10:,} messages waiting against 300",
        )
        ground.drop(few)
        ground.drop(many)


def with_a_past(ground: Ground) -> Iterator[Measured]:
    """What was sent years ago must not be in the way either."""
    sent = ground.much(500_000, 50_000)
    for kind, name in KINDS.items():
        new = backlog(ground, kind, 600, 3_000)
        old = backlog(ground, kind, 600, 3_000, sent)
        found = compared(ground.much(15, 7), new=_claims(new), old=_claims(old))
        yield lower(
            f"8 claim 50 beside what was sent ({name})",
            found.ratio("old", "new"),
            1.2,
            f"the same with nothing sent: {sent:,} messages sent against none",
        )
        ground.drop(new)
        ground.drop(old)


@contextmanager
def _looking_back(database: Database) -> Iterator[None]:
    """A report that somebody began and left open: PostgreSQL keeps all it might still read."""
    with database.engine.connect().execution_options(
        isolation_level="REPEATABLE READ"
    ) as connection:
        connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
        connection.execute(text("SELECT count(*) FROM lane"))
        yield
        connection.rollback()


def _churn(database: Database, messages: int) -> None:
    """Send so many messages, hundreds in a transaction: the rows left behind are the same."""
    sent = 0
    while sent < messages:
        with database.writing() as session:
            claims = claiming.claim(session, NOW, "bench", 500)
            for one in claims:
                finishing.finish(session, one, "sent", NOW, sent_at=NOW)
        sent += len(claims)
        assert claims, f"{sent} of {messages} were sent"


def with_a_held_snapshot(ground: Ground) -> Iterator[Measured]:
    """A transaction left open keeps every dead row: slower is allowed, for ever is not."""
    messages, rounds = ground.much(40_000, 2_000), ground.much(15, 7)
    fresh = backlog(ground, "postgresql", 600, 3_000)
    churned = backlog(ground, "postgresql", 600, messages + 3_000)
    _all_awake(churned)
    with _looking_back(churned):
        _churn(churned, messages)
        held = compared(rounds, fresh=_claims(fresh), churned=_claims(churned))
    settle(churned)
    after = compared(rounds, fresh=_claims(fresh), churned=_claims(churned))
    yield lower(
        "8 claim 50 under a transaction left open (PostgreSQL)",
        held.ratio("churned", "fresh"),
        10,
        f"the same with none open: {messages:,} messages sent meanwhile",
    )
    yield lower(
        "8 claim 50 once it has ended, after VACUUM (PostgreSQL)",
        after.ratio("churned", "fresh"),
        1.2,
        "the same where nothing was sent",
    )
    ground.drop(fresh)
    ground.drop(churned)


def _all_awake(database: Database) -> None:
    with filling(database) as connection:
        connection.execute(text("UPDATE lane SET next_at = :now").bindparams(MOMENTS[0]))
