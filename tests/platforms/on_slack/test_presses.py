"""Buttons, forms, commands and the home tab, pressed by hands on a strict Slack."""

from __future__ import annotations

import json
from typing import Any

from storage.people import Person
from tests.platforms.on_slack.town import Town
from tests.world import START


def shown(view: Any) -> str:
    return json.dumps(view.blocks, ensure_ascii=False) if view else ""


def test_an_action_is_done_with_one_press_and_its_card_follows(place: Town) -> None:
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    place["Asha"].presses(card, "Mark done")
    place.until(lambda: place.subject(action).state == "done")
    place.quiet()
    cards = [one for one in place.channel("F-1042").standing() if "Action 1" in str(one.blocks)]
    assert len(cards) == 1
    assert cards[0].edits == 1
    assert place["Asha"].errors == []


def test_pressed_twice_it_is_done_once(place: Town) -> None:
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    first = place["Asha"].presses(card, "Mark done")
    second = place["Asha"].presses(card, "Mark done")
    assert (first.ok, second.ok) == (True, True)
    place.until(lambda: place.subject(action).state == "done")
    place["Asha"].reads("done already")


def test_somebody_who_has_left_presses_nothing(place: Town) -> None:
    """Their old message still has its button: it does nothing for them."""
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    place.quiet()
    with place.assistant.database.writing() as session:
        session.get_one(Person, place.numbers["Asha"]).left_on = START.date()
    assert place["Asha"].presses(card, "Mark done").ok
    place["Asha"].reads("I do not know you yet")
    assert place.subject(action).state == "open"


def test_a_card_has_the_buttons_that_may_be_pressed(place: Town) -> None:
    taf = place.given_a_family()
    place.given_an_action(taf)
    card = place["Asha"].reads("Action 1")
    assert "Open again" not in json.dumps(card.blocks)
    place["Asha"].presses(card, "Mark done")
    place.until(lambda: "Open again" in json.dumps(card.blocks))
    assert "Mark done" not in json.dumps(card.blocks)


def test_a_form_that_somebody_was_faster_with_is_refused(place: Town) -> None:
    """Also where it was drawn again meanwhile: it stays the form of what they saw."""
    taf = place.given_a_family()
    action = place.given_an_action(taf)
    asha = place["Asha"]
    asha.presses(asha.reads("Action 1"), "Blocked")
    place.until(lambda: asha.view and any(one["type"] == "input" for one in asha.view.blocks))
    place.does("Maya", "action.ask_for_time", action, due_on="2025-03-21", reason="Half term")
    drawn = len(place.workspace.calls("views.update"))
    view = asha.view
    assert view is not None
    first = next(one for one in view.blocks if one["type"] == "input")
    asha.fills(view, {first["block_id"]: first["element"]["options"][0]["value"]})
    if first.get("dispatch_action"):
        place.until(lambda: len(place.workspace.calls("views.update")) > drawn)
    for one in [one for one in (asha.view.blocks if asha.view else []) if one["type"] == "input"]:
        if one["element"]["type"] == "plain_text_input":
            asha.fills(asha.view, {one["block_id"]: "Waiting"})
    asha.submits(asha.view)
    place.until(lambda: "Not saved" in str(asha.view and asha.view.body["title"]))
    assert place.subject(action).state == "open"


def test_a_stranger_is_shown_nothing(place: Town) -> None:
    place.given_a_family()
    answer = place["Nosy"].types("/taf F-1042")
    assert answer.ok
    place["Nosy"].reads("no such family")


def test_a_form_opens_at_once_is_filled_in_and_saved(place: Town) -> None:
    taf = place.given_a_family()
    place.given_an_action(taf)
    asha = place["Asha"]
    card = asha.reads("Action 1")
    asha.presses(card, "Ask for more time")
    place.until(lambda: asha.view and asha.view.blocks[-1]["type"] == "input")
    view = asha.view
    assert view is not None
    inputs = [one["block_id"] for one in view.blocks if one["type"] == "input"]
    assert inputs == ["due_on", "reason"]
    asha.fills(view, {"due_on": "2025-01-01", "reason": "The landlord is away"})
    asha.submits(view)
    place.until(lambda: asha.view is not None and asha.view.errors)
    asha.fills(asha.view, {"due_on": "2025-03-25"})
    asha.submits(asha.view)
    place.until(lambda: asha.view is None)
    assert str(place.subject("action-1").due_on) == "2025-03-25"
    assert asha.errors == []


def test_convening_by_the_command(place: Town) -> None:
    maya = place["Maya"]
    maya.types("/taf new")
    place.until(lambda: maya.view and any(one["type"] == "input" for one in maya.view.blocks))
    assert "one moment" not in shown(maya.view).lower()
    assert maya.errors == []


def test_words_that_are_not_known_are_answered_with_the_nearest(place: Town) -> None:
    place["Asha"].types("/taf actoins")
    place["Asha"].reads("Did you mean /taf actions?")
    place["Asha"].types("/taf help")
    place["Asha"].reads("/taf stuck")
    place["Asha"].types("/taf actions")
    place["Asha"].reads("nothing to do")


def test_the_home_tab_lists_and_turns_pages(place: Town) -> None:
    taf = place.given_a_family()
    for _ in range(12):
        place.given_an_action(taf)
    asha = place["Asha"]
    asha.opens_home()
    place.until(lambda: asha.home and "Page 1 of 2" in shown(asha.home))
    asha.presses(asha.home, "Later")
    place.until(lambda: "Page 2 of 2" in shown(asha.home))
    assert "F-1042" in shown(asha.home)
    asha.presses(asha.home, "Mark done", "action-12")
    place.until(lambda: "11 actions" in shown(asha.home))
    assert "Page 2 of 2" in shown(asha.home)


def test_a_message_becomes_an_action(place: Town) -> None:
    place.given_a_family()
    maya = place["Maya"]
    asha = place["Asha"].id
    said = f"Mum &amp; <@{asha}> <!channel> ring <https://example.org/a?b|the school> <@U0NOBODY>"
    message = maya.writes(place.channel("F-1042"), said)
    maya.shortcut("make_action", message)
    place.until(lambda: maya.view and "words" in shown(maya.view))
    asked = {
        one["block_id"]: one.get("element", {}) for one in maya.view.blocks if "block_id" in one
    }
    assert asked["words"]["initial_value"] == "Mum & Asha ring the school somebody"


def test_a_message_that_is_too_long_for_an_action_is_seen_to_be_cut(place: Town) -> None:
    place.given_a_family()
    maya = place["Maya"]
    maya.shortcut("make_action", maya.writes(place.channel("F-1042"), "Ring the school. " * 60))
    place.until(lambda: maya.view and "words" in shown(maya.view))
    asked = {
        one["block_id"]: one.get("element", {}) for one in maya.view.blocks if "block_id" in one
    }
    assert asked["words"]["initial_value"].endswith("…")
