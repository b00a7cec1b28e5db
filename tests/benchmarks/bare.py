"""A sweep with nothing between it and the database: the least that the same rows can cost.

It reads what was written down, queues the same notices and digests, wakes the same conversations
and looks again at the same moments. It knows of no leave, no quiet hours, nobody who has left: the
day of the digest is handed to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from storage.database import Database
from storage.steps import BETWEEN, STAMP, stamp
from tests.benchmarks.ground import driver

AT_ONCE = 1_000
"""The rounds in which it is fastest, on both databases."""

STAMP_FORM = 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'
"""A moment as it is written down, in PostgreSQL's words."""

ONE_STATEMENT = """
WITH due AS (
    SELECT id, taf_id, look_again_at, steps FROM action WHERE look_again_at <= %(now)s
    ORDER BY look_again_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
), said AS (
    SELECT due.id, due.taf_id, to_char(due.look_again_at AT TIME ZONE 'UTC', %(form)s) AS since,
        left(line, %(stamp)s) AS moment, string_to_array(line, %(between)s) AS part
    FROM due, json_array_elements_text(due.steps) AS line
), come AS (
    SELECT DISTINCT ON (id, part[3], part[5]) said.*, part[5]::int AS person_id FROM said
    WHERE moment BETWEEN since AND %(now_stamped)s ORDER BY id, part[3], part[5], moment DESC
), following AS (
    SELECT id, (min(moment) FILTER (WHERE moment > %(now_stamped)s))::timestamptz AS at
    FROM said GROUP BY id
), moved AS (
    UPDATE action SET unheard_since = NULL, look_again_at = following.at
    FROM following WHERE action.id = following.id
), notices AS (
    INSERT INTO outbox (dedup_key, lane_id, operation, state, notice, rule, slot, about, taf_id,
        facts, items, made_at, available_at, attempts)
    SELECT part[2] || ':action-' || come.id || ':' || part[4] || ':' || part[5], lane.id, 'post',
        'waiting', part[6], part[2], part[4], 'action-' || come.id, taf_id, '{}', '[]', %(now)s,
        %(digest)s, 0
    FROM come JOIN lane USING (person_id)
    ON CONFLICT (dedup_key) DO NOTHING RETURNING lane_id
), digests AS (
    INSERT INTO outbox (dedup_key, lane_id, operation, state, notice, slot, about, facts, items,
        made_at, available_at, attempts)
    SELECT 'digest:' || person_id || ':' || %(day)s, lane.id, 'digest', 'ready', 'digest',
        %(day)s, 'person-' || person_id, '{}', '[]', %(now)s, %(digest)s, 0
    FROM lane WHERE id IN (SELECT lane_id FROM notices)
    ON CONFLICT (dedup_key) DO NOTHING RETURNING lane_id
), woken AS (
    UPDATE lane SET next_at = %(digest)s
    WHERE id IN (SELECT lane_id FROM digests) AND (next_at IS NULL OR next_at > %(digest)s)
)
SELECT (SELECT count(*) FROM due), (SELECT count(*) FROM notices)
"""


def in_one_statement(database: Database, now: datetime) -> Callable[[], int]:
    """PostgreSQL does it all itself, round by round; how many notices were queued."""
    raw = driver(database)
    digest = now.replace(hour=8, minute=30)
    given = {"now": now, "digest": digest, "day": digest.date().isoformat(), "most": AT_ONCE}
    given |= {"now_stamped": stamp(now), "stamp": STAMP, "between": BETWEEN, "form": STAMP_FORM}

    def once() -> int:
        queued = 0
        while True:
            looked, new = raw.execute(ONE_STATEMENT, given).fetchone()
            raw.commit()
            queued += int(new)
            if looked < AT_ONCE:
                return queued

    return once


DUE = (
    "SELECT id, taf_id, look_again_at, steps FROM action WHERE look_again_at <= ?"
    " ORDER BY look_again_at LIMIT ?"
)
NOTICE = (
    "INSERT INTO outbox (dedup_key, lane_id, operation, state, notice, rule, slot, about, taf_id,"
    " facts, items, made_at, available_at, attempts)"
    " VALUES (?, ?, 'post', 'waiting', ?, ?, ?, ?, ?, '{}', '[]', ?, ?, 0)"
    " ON CONFLICT (dedup_key) DO NOTHING"
)
DIGEST = (
    "INSERT INTO outbox (dedup_key, lane_id, operation, state, notice, slot, about, facts, items,"
    " made_at, available_at, attempts)"
    " VALUES (?, ?, 'digest', 'ready', 'digest', ?, ?, '{}', '[]', ?, ?, 0)"
    " ON CONFLICT (dedup_key) DO NOTHING"
)
WOKEN = "UPDATE lane SET next_at = ? WHERE id = ? AND (next_at IS NULL OR next_at > ?)"
MOVED = "UPDATE action SET look_again_at = ?, unheard_since = NULL WHERE id = ?"


def with_the_driver(database: Database, now: datetime) -> Callable[[], int]:
    """A file's driver: the rows are read, made and written in a loop of plain Python."""
    raw = driver(database)

    def once() -> int:
        queued = 0
        while True:
            raw.execute("BEGIN IMMEDIATE")
            looked, new = _round(raw, now)
            raw.execute("COMMIT")
            queued += new
            if looked < AT_ONCE:
                return queued

    return once


def _round(raw: Any, now: datetime) -> tuple[int, int]:
    at, digest = _kept(now), _kept(now.replace(hour=8, minute=30))
    stamped, day = stamp(now), now.date().isoformat()
    lanes = dict(raw.execute("SELECT person_id, id FROM lane"))
    rows = raw.execute(DUE, (at, AT_ONCE)).fetchall()
    notices, digests, moved = [], {}, []
    for number, taf, look_again_at, written in rows:
        since = look_again_at.replace(" ", "T") + "+00:00"
        lines = json.loads(written)
        for line in lines:
            if since <= line[:STAMP] <= stamped:
                _, rule, _, slot, to, notice, *_ = line.split(BETWEEN)
                ref, lane = f"action-{number}", lanes[int(to)]
                key = f"{rule}:{ref}:{slot}:{to}"
                notices.append((key, lane, notice, rule, slot, ref, taf, at, digest))
                digests[lane] = (f"digest:{to}:{day}", lane, day, f"person-{to}", at, digest)
        following = min((one[:STAMP] for one in lines if one[:STAMP] > stamped), default=None)
        moved.append((_kept(datetime.fromisoformat(following)) if following else None, number))
    new = raw.executemany(NOTICE, notices).rowcount
    raw.executemany(DIGEST, list(digests.values()))
    raw.executemany(WOKEN, [(digest, lane, digest) for lane in digests])
    raw.executemany(MOVED, moved)
    return len(rows), new


def _kept(at: datetime) -> str:
    """A moment as SQLAlchemy keeps it in a file."""
    return f"{at.replace(tzinfo=None).isoformat(' ', timespec='microseconds')}"
