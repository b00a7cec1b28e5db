"""What every chat platform must do: room, admission, digest, forms, cards, leavers, outages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storage.audit import AuditEntry
from storage.outbox import Delivery
from storage.people import Person
from tests.platforms.contract.desk import Desk
from tests.world import START


def cards(desk: Desk, words: str) -> list[Any]:
    """The messages in the family's room in which these words stand."""
    return [one for one in desk.place.channel("F-1042").standing() if words in str(one.blocks)]


def test_a_room_is_opened_with_the_team_in_it_and_nobody_else(desk: Desk) -> None:
    desk.place.given_a_family()
    desk.place["Asha"].reads("Welcome", 15)
    desk.place.quiet()
    assert not [one for one in desk.place["Nosy"].sees if "1042" in str(one.blocks)]
    assert "hardman" not in desk.place.channel("F-1042").name.lower()


def test_somebody_who_joins_the_team_is_admitted_and_reads_what_comes(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    desk.place.does("Maya", "taf.add_member", taf, person=desk.place.ref("Ola"))
    desk.place.inside("F-1042", "Maya", "Asha", "Tom", "Ola")
    desk.place.given_an_action(taf)
    desk.place["Ola"].reads("Action 1", 15)


def test_the_digest_comes_to_one_person_in_the_morning_once(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    desk.place.given_an_action(taf, due_on="2025-03-04")
    desk.place.quiet()
    desk.place.assistant.delivery.lease = timedelta(seconds=4)  # so long it waits after a leap
    desk.place.clock.set(START.replace(hour=8, minute=31) + timedelta(days=1))

    def digests() -> list[Delivery]:
        with desk.place.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.operation == "digest").all()
            asha = desk.place.numbers["Asha"]
            return [one for one in rows if one.lane.person_id == asha and one.state == "sent"]

    desk.place.until(digests, 40)
    card = desk.place["Asha"].reads("F-1042", 15)
    assert card is not None
    assert len(digests()) == 1


def test_somebody_who_never_used_it_is_found_by_their_work_email_and_hears(desk: Desk) -> None:
    """Ola is in no room yet, so nobody looked for her account before there was this to say."""
    ola = desk.place.numbers["Ola"]
    with desk.place.assistant.database.writing() as session:
        person = session.get_one(Person, ola)
        account, person.platform, person.platform_id = person.platform_id, "web", None
        person.agency = "childrens-centre"  # which has agreed to lead
    taf = desk.place.given_a_family()
    hands_over = {"to": desk.place.ref("Ola"), "reason": "Moving post"}
    desk.place.does("Maya", "lead.hand_over", taf, **hands_over)
    desk.place.quiet()
    desk.place.assistant.delivery.lease = timedelta(seconds=4)  # so long it waits after a leap
    desk.place.clock.set(START.replace(hour=8, minute=31) + timedelta(days=1))
    desk.place["Ola"].reads("Would you be", 40)
    with desk.place.assistant.database.reading() as session:
        assert session.get_one(Person, ola).platform_id == account


def test_a_form_says_what_is_wrong_keeps_what_was_typed_and_is_saved_then(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    action = desk.place.given_an_action(taf)
    desk.opens("Asha", desk.place["Asha"].reads("Action 1", 15), "Ask for more time")
    desk.fills("Asha", {"due_on": "2025-01-01", "reason": "The landlord is away"})
    desk.sends("Asha")
    desk.place.until(lambda: desk.problems("Asha"))
    assert desk.holds("Asha", "reason") == "The landlord is away"
    desk.fills("Asha", {"due_on": "2025-03-25"})
    desk.sends("Asha")
    desk.place.until(lambda: not desk.is_open("Asha"))
    assert str(desk.place.subject(action).due_on) == "2025-03-25"
    assert desk.place["Asha"].errors == []


def test_a_press_does_it_and_the_card_follows_for_everybody(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    action = desk.place.given_an_action(taf)
    desk.place["Asha"].presses(desk.place["Asha"].reads("Action 1", 15), "Mark done")
    desk.place.until(lambda: desk.place.subject(action).state == "done")
    desk.place.quiet()
    (card,) = cards(desk, "Action 1")
    assert card.edits == 1
    assert "Mark done" not in str(card.blocks)
    assert card in desk.place["Tom"].sees


def test_a_card_that_was_deleted_by_hand_stands_again_once_it_has_something_to_say(
    desk: Desk,
) -> None:
    taf = desk.place.given_a_family()
    action = desk.place.given_an_action(taf)
    gone = desk.place["Asha"].reads("Action 1", 15)
    desk.place.quiet()
    gone.deleted = True
    desk.place.does("Maya", "action.mark_done", action)
    desk.place.until(lambda: cards(desk, "Action 1"), 30)
    desk.place.does("Maya", "action.reopen", action, due_on="2025-03-25")
    (card,) = cards(desk, "Action 1")
    desk.place.until(lambda: "Mark done" in str(card.blocks), 30)
    desk.place.quiet()
    assert cards(desk, "Action 1") == [card]
    assert card.edits == 1
    with desk.place.assistant.database.reading() as session:
        assert session.query(Delivery).where(Delivery.state == "dead").all() == []


def test_what_got_ready_too_late_is_not_sent_by_then(desk: Desk) -> None:
    """Its lease runs out, and somebody else may have begun: it is sent by its next attempt."""
    taf = desk.place.given_a_family()
    desk.place.quiet()
    desk.place.assistant.delivery.lease = timedelta(seconds=4)  # a quarter of which it has
    desk.dawdles(1.5)
    desk.place.given_an_action(taf)

    def waits() -> bool:
        with desk.place.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.state == "ready").all()
            return any("too slow" in str(one.why) for one in rows)

    desk.place.until(waits, 15)
    assert cards(desk, "Action 1") == []
    desk.place["Asha"].reads("Action 1", 30)
    desk.place.quiet()
    assert len(cards(desk, "Action 1")) == 1


def test_a_double_press_does_it_once(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    action = desk.place.given_an_action(taf)
    card = desk.place["Asha"].reads("Action 1", 15)
    for _ in range(2):
        desk.place["Asha"].presses(card, "Mark done")
    desk.place.until(lambda: desk.place.subject(action).state == "done")
    desk.place.rest()
    desk.place.quiet()
    with desk.place.assistant.database.reading() as session:
        given = session.query(AuditEntry).where(AuditEntry.command == "action.mark_done").count()
    assert given == 1
    assert desk.place["Asha"].errors == []


def test_a_press_on_what_somebody_else_did_meanwhile_is_refused_kindly(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    action = desk.place.given_an_action(taf)
    card = desk.place["Asha"].reads("Action 1", 15)
    shown = list(desk.place["Asha"].sees)
    assert card in shown
    desk.place.does("Maya", "action.mark_done", action)
    desk.place["Asha"].presses(card, "Mark done")
    desk.place.until(lambda: desk.is_done("Asha", "already"))
    assert desk.place["Asha"].errors == []


def test_whoever_has_left_presses_nothing(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    action = desk.place.given_an_action(taf)
    card = desk.place["Asha"].reads("Action 1", 15)
    desk.place.quiet()
    with desk.place.assistant.database.writing() as session:
        session.get_one(Person, desk.place.numbers["Asha"]).left_on = START.date()
    desk.place["Asha"].presses(card, "Mark done")
    desk.place.until(lambda: desk.is_done("Asha", "I do not know you yet"))
    assert desk.place.subject(action).state == "open"


def test_a_stranger_learns_nothing(desk: Desk) -> None:
    desk.place.given_a_family()
    desk.types("Nosy", "F-1042")
    desk.place["Nosy"].reads("no such family", 15)


def test_words_that_are_not_known_are_answered_with_the_nearest(desk: Desk) -> None:
    desk.types("Asha", "stcuk")
    desk.place["Asha"].reads("Did you mean", 15)
    desk.types("Asha", "help")
    desk.place["Asha"].reads("convene a team around a family", 15)
    desk.types("Asha", "actions")
    desk.place["Asha"].reads("nothing to do", 15)


def test_after_an_outage_what_was_held_up_comes_once_and_in_order(desk: Desk) -> None:
    taf = desk.place.given_a_family()
    desk.place.quiet()
    mend = desk.goes_down()
    for _ in range(3):
        desk.place.given_an_action(taf)
    held = desk.place.workspace
    desk.place.until(lambda: held.faults.drawn, 15)
    assert not cards(desk, "Action ")
    mend()
    for number in (1, 2, 3):
        desk.place["Asha"].reads(f"Action {number}", 40)
    desk.place.quiet()
    shown = [str(one.blocks) for one in cards(desk, "Action ")]
    found = [next(n for n in (1, 2, 3) if f"Action {n}" in one) for one in shown]
    assert found == [1, 2, 3]


def test_a_co_ordinator_finds_a_practitioner_and_what_can_be_changed(desk: Desk) -> None:
    desk.types("Priya", "people ash")
    card = desk.place["Priya"].reads("Asha, ", 15)
    assert "Has left" in str(card.blocks)
    desk.types("Asha", "people Maya")
    desk.place["Asha"].reads("Only co-ordinators", 15)


def test_what_could_not_be_delivered_is_listed_for_whoever_minds_it(desk: Desk) -> None:
    desk.place.given_a_family()
    desk.place.quiet()
    desk.types("Priya", "undelivered")
    desk.place["Priya"].reads("Everything was delivered", 15)
    with desk.place.assistant.database.writing() as session:
        posted = session.query(Delivery).filter(Delivery.operation == "post").first()
        posted.state, posted.why, posted.attempts = "dead", "Nobody knows them there.", 1
    desk.types("Priya", "undelivered")
    card = desk.place["Priya"].reads("Nobody knows them there.", 15)
    with desk.place.assistant.database.reading() as session:
        read = session.query(AuditEntry).filter(AuditEntry.entry == "read").all()
        assert [one.person_id for one in read] == [desk.place.numbers["Priya"]]
    assert "Set aside" in str(card.blocks)
