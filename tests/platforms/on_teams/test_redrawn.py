"""A card that something was pressed on shows what is so now, and keeps all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.home import HERE
from bot.clock import StoppedClock
from bot.inbox import Inbox
from bot.playing import advance
from storage import families
from storage.database import Database
from storage.people import Person
from tests import builders
from tests.platforms.on_teams.town import TeamsTown, town
from tests.platforms.teams.cards import parts
from tests.platforms.teams.chats import Message
from tests.world import START

DONE = "Mark done"


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[TeamsTown]:
    """Nothing goes on by itself: whoever moves the clock lets it."""
    with town(database, tmp_path, standing=StoppedClock(START)) as found:
        yield found


def two_actions(place: TeamsTown) -> tuple[str, str]:
    """Asha has two actions, and has read her digest of them."""
    answers = builders.convening(
        lead_professional=place.ref("Maya"), practitioners=[{"person": place.ref("Asha")}]
    )
    taf = place.does("Maya", "taf.convene", **answers).about
    first, second = place.given_an_action(taf), place.given_an_action(taf, due_on="2025-03-25")
    goes_on(place, days=1)
    return first, second


def goes_on(place: TeamsTown, **by: int) -> None:
    """Time passes."""
    place.rest()
    advance(place.assistant, place.clock, place.clock.now() + timedelta(**by))
    place.rest()


def buttons(said: Message, title: str) -> list[str]:
    """What the buttons of this title on a message are about."""
    found: list[dict[str, Any]] = [one for one in parts(said.card) if one.get("title") == title]
    return [one["data"]["about"] for one in found]


def own(place: TeamsTown, name: str, words: str) -> Message:
    """The newest message in somebody's own chat that says this."""
    standing = place[name].personal.standing()
    return next(one for one in reversed(standing) if one.says(words, place[name].person))


def test_another_page_of_home_stands_in_the_message_too(place: TeamsTown) -> None:
    """Teams may take back what is only the answer to a press, and show the message again."""
    taf = place.given_a_team()
    for _ in range(HERE + 1):
        place.given_an_action(taf)
    asha = place["Asha"]
    asha.types("actions")
    place.rest()
    home = own(place, "Asha", "Page 1 of 2")
    for title, page in (("Later", "Page 2 of 2"), ("Sooner", "Page 1 of 2")):
        assert asha.presses(home, title).ok
        place.rest()
        assert page in str(home.card), "what stands in the message"
        assert page in str(home.card_of(asha.person))


def test_a_digest_says_what_was_done_and_keeps_the_rest(place: TeamsTown) -> None:
    first, second = two_actions(place)
    asha, digest = place["Asha"], own(place, "Asha", "Action 2 is yours")
    assert buttons(digest, DONE) == [first, second]
    asha.presses(digest, DONE, first)
    place.rest()
    assert buttons(digest, DONE) == [second]
    assert digest.says(asha.notices[-1], asha.person)
    assert digest.says("Action 1 is yours", asha.person)
    asha.presses(digest, DONE, second)
    place.rest()
    assert buttons(digest, DONE) == []
    assert str(digest.card).count(asha.notices[-1]) == 2


def test_a_card_whose_edit_was_lost_is_drawn_at_the_next_press(place: TeamsTown) -> None:
    first, second = two_actions(place)
    asha, digest = place["Asha"], own(place, "Asha", "Action 2 is yours")
    place.workspace.faults.order("activities.update", "500 before", times=2)  # the room's card too
    asha.presses(digest, DONE, first)
    place.rest()
    assert buttons(digest, DONE) == [first, second]
    asha.presses(digest, DONE, first)
    place.rest()
    assert buttons(digest, DONE) == [second]


def test_a_form_that_a_digest_opened_is_answered_on_it_too(place: TeamsTown) -> None:
    first, second = two_actions(place)
    asha, digest = place["Asha"], own(place, "Asha", "Action 2 is yours")
    asha.presses(digest, "Ask for more time", second)
    asha.fills(asha.view, {"f_due_on": "2025-04-01", "f_reason": "The clinic is closed"})
    asha.presses(asha.view, "Save")  # type: ignore[arg-type]
    place.rest()
    assert digest.says(asha.notices[-1], asha.person)
    assert buttons(digest, DONE) == [first, second]


def test_home_shows_what_is_left_to_do(place: TeamsTown) -> None:
    first, second = two_actions(place)
    asha = place["Asha"]
    asha.types("actions")
    place.rest()
    home = own(place, "Asha", "My actions")
    asha.presses(home, DONE, first)
    place.rest()
    assert buttons(home, DONE) == [second]
    assert home.says("My families", asha.person)
    asha.presses(home, "Ask for more time", second)
    asha.fills(asha.view, {"f_due_on": "2025-04-01", "f_reason": "The clinic is closed"})
    asha.presses(asha.view, "Save")  # type: ignore[arg-type]
    place.rest()
    assert home.says("1 April", asha.person)


def test_all_that_can_be_done_about_a_family_leads_back_to_home(place: TeamsTown) -> None:
    first, second = two_actions(place)
    asha = place["Asha"]
    asha.types("actions")
    place.rest()
    home = own(place, "Asha", "My actions")
    asha.presses(home, "Something else about this family")
    asha.fills(asha.view, {"f_what": f"action.mark_done {first}"})
    asha.presses(asha.view, "Continue")  # type: ignore[arg-type]
    place.rest()
    assert buttons(home, DONE) == [second]


def test_an_answer_shows_what_can_still_be_done(place: TeamsTown) -> None:
    two_actions(place)
    asha = place["Asha"]
    asha.types("F-1042")
    place.rest()
    answer = own(place, "Asha", "Two open actions")
    asha.presses(answer, "Something else about this family")
    asha.fills(asha.view, {"f_what": "action.mark_done action-1"})
    asha.presses(asha.view, "Continue")  # type: ignore[arg-type]
    place.rest()
    assert answer.says("One open action", asha.person)


def test_what_somebody_else_did_meanwhile_loses_its_button(place: TeamsTown) -> None:
    first, second = two_actions(place)
    asha, digest = place["Asha"], own(place, "Asha", "Action 2 is yours")
    place.does("Maya", "action.mark_done", first)
    asha.presses(digest, DONE, first)
    place.rest()
    assert buttons(digest, DONE) == [second]
    assert not digest.says(asha.notices[-1], asha.person)


def test_nobody_draws_another_s_card(place: TeamsTown) -> None:
    """What a button says of the card it stands on is asked of the record."""
    first, _ = two_actions(place)
    digest = own(place, "Asha", "Action 2 is yours")
    before = digest.card
    again = place.listening.doors.again  # type: ignore[attr-defined]
    number = next(one["data"]["n"] for one in parts(digest.card) if one.get("title") == DONE)
    body = {"account": place["Tom"].person.mri, "where": digest.chat, "about": first}
    body |= {"command": "action.mark_done"}
    again.after(body | {"card": ["another", number]}, None)
    again.after(body | {"card": [digest.id, "home:0:abcd"]}, None)
    again.after(body | {"card": [digest.id, "9" * 40]}, None)
    assert digest.card == before


def test_whoever_s_press_another_process_finished_hears_of_it(
    place: TeamsTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_actions(place)
    asha, digest = place["Asha"], own(place, "Asha", "Action 2 is yours")

    def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(Inbox, "work_on", dies)
        asha.presses(digest, DONE, first)
        place.rest()
    assert place.subject(first).state == "open"
    before = len(asha.personal.standing())
    goes_on(place, minutes=1)
    place.assistant.inbox.work_off()
    assert place.subject(first).state == "done"
    said = asha.personal.standing()[before:]
    assert [one for one in said if one.says("Marked done.", asha.person)]
    assert buttons(digest, DONE) == [second]


def test_a_lead_that_is_offered_stands_at_home_until_it_is_answered(place: TeamsTown) -> None:
    """Whoever it is offered to may be on no team of that family yet."""
    two_actions(place)
    tom = place["Tom"]
    with place.assistant.database.reading() as session:
        taf = families.taf_of_name(session, "F-1042")
        assert taf is not None
        about = taf.ref
    place.does("Maya", "lead.hand_over", about, to=place.ref("Tom"), reason="She moves on")
    tom.types("actions")
    place.rest()
    home = own(place, "Tom", "My actions")
    assert home.says("Maya asks you to be the Lead Professional", tom.person)
    tom.presses(home, "Accept the lead")
    place.rest()
    assert not home.says("asks you to be", tom.person)
    assert home.says("F-1042. You are the Lead Professional", tom.person)


def test_an_account_is_known_from_the_day_on_the_partnership_s_wall(place: TeamsTown) -> None:
    """In summer the day begins an hour before it does in UTC."""
    with place.assistant.database.writing() as session:
        tom = session.get_one(Person, place.numbers["Tom"])
        tom.platform_id = tom.identity_verified_on = None
    chat = place.workspace.add_chat("TAF", place["Tom"].person, place["Asha"].person, app=True)
    platform = place.assistant.delivery.platforms["teams"]
    platform.knowing.inside(chat.id, datetime(2025, 6, 10, 23, 30, tzinfo=UTC))  # type: ignore[attr-defined]
    with place.assistant.database.reading() as session:
        known = session.get_one(Person, place.numbers["Tom"]).identity_verified_on
    assert known == date(2025, 6, 11)
