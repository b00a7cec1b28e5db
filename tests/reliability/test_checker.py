"""The checker itself: a healthy history is found healthy, and each kind of wrong is found."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.orm import Session

from bot.app import Assistant, assemble
from bot.boundary import Press
from bot.platform import Limits
from storage.database import Database
from storage.outbox import Delivery
from tests import builders
from tests.reliability import checks
from tests.reliability.chat.ordering import Chat
from tests.reliability.chatting import ChatPlatform
from tests.reliability.checks.history import History
from tests.reliability.conftest import Built
from tests.reliability.moments import ScenarioClock
from tests.reliability.town import POLICY, Town

pytestmark = pytest.mark.xdist_group("checker")

Log = list[dict[str, Any]]


@dataclass(frozen=True)
class Lived:
    """A week in the town, on a file that nobody has open, and what the platform saw of it."""

    file: Path
    log: Log
    platform: dict[str, Any]
    now: datetime


@pytest.fixture(scope="module")
def lived(town_file: Built, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """An action is agreed, falls due and is said; a family's work is closed."""
    folder = tmp_path_factory.mktemp("lived")
    file = Path(shutil.copy(town_file.database, folder / "taf.db"))
    clock = ScenarioClock.made(folder / "clock")
    clock.move(timedelta(hours=1))
    chat = Chat(folder / "clock", "--pace", "0")
    chat.order("load", **town_file.town.platform)
    database = Database(f"sqlite:///{file}")
    platform = ChatPlatform(chat.url, limits=Limits())
    assistant = assemble(POLICY, database, clock, {"web": platform})
    try:
        _a_week(assistant, clock, town_file.town)
        log, state = town_file.town.log + chat.log(), chat.order("state")
    finally:
        database.close()
        platform.close()
        chat.stop()
    return Lived(file, log, state, clock.now())


def _a_week(assistant: Assistant, clock: ScenarioClock, town: Town) -> None:
    lead, owner, _ = town.teams[0]
    _does(assistant, lead, "action.agree", town.tafs[0], builders.action(f"person-{owner}"))
    _does(
        assistant, owner, "action.block", "action-1", {"blocked_by": "waiting_list", "words": "x"}
    )
    _does(assistant, owner, "action.unblock", "action-1", {"due_on": "2025-03-18"})
    for _ in range(3):
        clock.set(clock.now().replace(hour=9, minute=0) + timedelta(days=1))
        assistant.ticker.tick()
    _does(assistant, town.teams[1][0], "taf.close", town.tafs[1], town.closing(1))
    for later in (timedelta(days=7), timedelta(minutes=2)):
        clock.move(later)
        assistant.ticker.tick()


def _does(assistant: Assistant, who: int, command: str, about: str, answers: Any) -> None:
    press = Press("web", f"{command} {who}", who, command, about, answers)
    answer = assistant.boundary.press(press)
    assert answer.ok, f"{command}: {answer.sentence} {answer.errors}"
    assistant.delivery.drain()


@dataclass
class Planted:
    """A copy of the healthy history, in which something can be put wrong."""

    session: Session
    log: Log
    platform: dict[str, Any]
    now: datetime

    def sql(self, statement: str) -> None:
        """Change the database behind everybody's back."""
        assert self.session.execute(text(statement)).rowcount, "nothing was planted"  # type: ignore[attr-defined]

    def change(self, number: int, **values: Any) -> None:
        """Change a delivery."""
        self.session.execute(update(Delivery).where(Delivery.id == number).values(**values))

    def one(self, where: str) -> int:
        """The number of a delivery that is so."""
        found = self.session.execute(text(f"SELECT id FROM outbox WHERE {where}")).scalar()  # noqa: S608
        assert found, where
        return int(found)

    def line(self, number: int) -> dict[str, Any]:
        """What the platform took of a delivery."""
        return next(one for one in self.log if one["number"] == number and one["card"])

    def wrong(self) -> list[str]:
        """What the checker says."""
        history = History(self.log, self.session, self.now, POLICY, platform=self.platform)
        return checks.wrong(history)


@pytest.fixture
def planted(lived: Lived, tmp_path: Path) -> Iterator[Planted]:
    """A history of one's own."""
    engine = create_engine(f"sqlite:///{shutil.copy(lived.file, tmp_path / 'taf.db')}")
    with Session(engine) as session:
        log, platform = copy.deepcopy(lived.log), copy.deepcopy(lived.platform)
        yield Planted(session, log, platform, lived.now)
    engine.dispose()


def test_a_healthy_history(planted: Planted) -> None:
    assert planted.wrong() == []
    assert planted.one("operation = 'digest' AND state = 'sent'")
    assert planted.one("rule IS NOT NULL AND state = 'superseded'")


SENT = "operation = 'post' AND state = 'sent' AND card_key IS NULL"


def _lost(history: Planted) -> None:
    history.log.remove(history.line(history.one(SENT)))


def _twice(history: Planted) -> None:
    history.log.append(history.line(history.one(SENT)) | {"ref": "M999999"})


def _elsewhere(history: Planted) -> None:
    history.line(history.one(SENT))["place"] = "C0009"


def _other_words(history: Planted) -> None:
    line = history.line(history.one(SENT))
    line["card"] = line["card"] | {"title": "Something else"}


def _unknown(history: Planted) -> None:
    history.log.append(history.line(history.one(SENT)) | {"number": 99_999})


def _other_ref(history: Planted) -> None:
    history.change(history.one(SENT), provider_ref="M0")


def _cancelled(history: Planted) -> None:
    history.change(history.one(SENT), state="cancelled", why="x")


def _no_reason(history: Planted) -> None:
    history.sql("UPDATE outbox SET why = NULL WHERE state = 'superseded'")


def _in_no_digest(history: Planted) -> None:
    history.sql("UPDATE outbox SET items = '[]' WHERE operation = 'digest' AND state = 'sent'")


def _left_behind(history: Planted) -> None:
    history.sql("UPDATE outbox SET state = 'waiting' WHERE state = 'superseded'")


def _two_rooms(history: Planted) -> None:
    history.log.append(next(one for one in history.log if one["operation"] == "open"))


def _out_of_order(history: Planted) -> None:
    places = [one["place"] for one in history.log if one["operation"] == "post"]
    place = next(one for one in places if one.startswith("C") and places.count(one) > 1)
    first, second = [one for one in history.log if one["place"] == place and one["card"]][:2]
    at, then = history.log.index(first), history.log.index(second)
    history.log[at], history.log[then] = second, first


def _after_the_end(history: Planted) -> None:
    number = history.one("operation = 'digest' AND state = 'sent'")
    history.sql(
        "INSERT INTO audit (at, entry, about, taf_id, facts) VALUES ('2025-03-04 09:30:00',"
        ' \'state\', \'taf-1\', 1, \'{"from": "open", "to": "closed"}\')'
    )
    assert history.line(number)


def _in_a_closed_room(history: Planted) -> None:
    place = next(one["place"] for one in history.log if one["operation"] == "close")
    line = next(one for one in history.log if one["place"] == place and one["card"])
    history.log.remove(line)
    history.log.append(line)


def _begun(history: Planted) -> None:
    history.change(history.one(SENT), state="sending")


def _due(history: Planted) -> None:
    history.change(history.one(SENT), state="ready")


def _asleep(history: Planted) -> None:
    history.change(history.one(SENT), state="ready", available_at=history.now + timedelta(days=1))
    history.sql("UPDATE lane SET next_at = NULL")


def _held(history: Planted) -> None:
    history.sql("UPDATE lane SET owner = 'x', lease_until = '2025-03-04 10:00:00' WHERE id = 1")


def _no_digest_coming(history: Planted) -> None:
    history.change(history.one("state = 'superseded'"), state="waiting")


def _slot_twice(history: Planted) -> None:
    number = history.one("rule IS NOT NULL")
    names = "lane_id, operation, state, notice, rule, slot, about, facts, items, made_at, why"
    history.sql(
        f"INSERT INTO outbox ({names}, available_at, attempts, dedup_key)"  # noqa: S608
        f" SELECT {names}, available_at, 0, 'again' FROM outbox WHERE id = {number}"
    )


def _slot_skipped(history: Planted) -> None:
    history.change(history.one("rule = 'action_due_soon' OR rule = 'action_due'"), dedup_key="x")


def _not_looked_at(history: Planted) -> None:
    history.sql("UPDATE action SET look_again_at = '2025-03-10 09:00:00'")


def _event_left(history: Planted) -> None:
    history.sql("UPDATE inbox SET state = 'received' WHERE command = 'action.agree'")


def _no_audit(history: Planted) -> None:
    history.sql("DELETE FROM audit WHERE command = 'action.agree'")


def _audit_alone(history: Planted) -> None:
    history.sql("DELETE FROM inbox WHERE command = 'action.agree'")


def _wrong_state(history: Planted) -> None:
    history.sql("UPDATE action SET state = 'done'")


def _missing_move(history: Planted) -> None:
    history.sql(
        """UPDATE audit SET facts = '{"from": "done", "to": "open"}'
        WHERE about = 'action-1' AND facts LIKE '%"to": "open"%'"""
    )


def _orphan(history: Planted) -> None:
    history.sql("UPDATE admission SET person_id = 999 WHERE id = 1")


def _on_nothing(history: Planted) -> None:
    history.change(history.one(SENT), taf_id=999)


def _about_nothing(history: Planted) -> None:
    history.change(history.one(SENT), about="action-999")


def _stranger_inside(history: Planted) -> None:
    history.platform["rooms"][0]["members"].append(99)


def _still_open(history: Planted) -> None:
    history.platform["rooms"][1]["closed"] = False


PLANTS: dict[str, Callable[[Planted], None]] = {
    "was never taken: it is lost": _lost,
    "was taken 2 times": _twice,
    "where it does not belong": _elsewhere,
    "not said in the words": _other_words,
    "comes from delivery 99999, which is not there": _unknown,
    "is not the message M0": _other_ref,
    "was said all the same: x": _cancelled,
    "has no reason": _no_reason,
    "is in 0 digests that were sent": _in_no_digest,
    "was said in a digest": _left_behind,
    "made 2 rooms": _two_rooms,
    "which was queued later": _out_of_order,
    "was said after taf-1 had ended": _after_the_end,
    "after it had closed": _in_a_closed_room,
    "was begun and never ended": _begun,
    "is due and was not sent": _due,
    "never wakes": _asleep,
    "is still held by x": _held,
    "waits for a digest that nobody queued": _no_digest_coming,
    "was queued 2 times": _slot_twice,
    "was never queued": _slot_skipped,
    "should have been looked at": _not_looked_at,
    "and is still received": _event_left,
    "the audit has 0 of it": _no_audit,
    "and the inbox 0": _audit_alone,
    "but the audit left it": _wrong_state,
    "but it was": _missing_move,
    "that is not there": _orphan,
    "hangs on nothing": _on_nothing,
    "about action-999, which is not there": _about_nothing,
    "the record says": _stranger_inside,
    "and not so on the platform": _still_open,
}


@pytest.mark.parametrize("sentence", PLANTS)
def test_what_is_wrong_is_found(planted: Planted, sentence: str) -> None:
    PLANTS[sentence](planted)

    assert any(sentence in one for one in planted.wrong()), planted.wrong()
