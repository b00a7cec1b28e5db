"""Microsoft's own Agents Playground takes our messages, cards, presses and forms, in Chromium.

The Playground stands in Teams' place: it sends what a person does to the assistant, and takes what
the assistant sends, as the connector. It has no tenant, so between the two stands a relay
(relay.py) that signs each activity with the key of the fake Bot Framework, as Microsoft would; it
changes nothing in them. The assistant gets its own tokens from the fake login server, and looks at
every signature as it does in earnest. Dialogs opened by a card's button (task/fetch) are not tried:
the Playground has none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from bot.teams.joining import CALL
from bot.teams.manifest import MAKE_ACTION
from tests import builders
from tests.platforms.playground.conftest import Witness
from tests.platforms.playground.screen import PATIENT

pytestmark = pytest.mark.xdist_group("playground")

CHAT = "TAF F-1042"
WRITTEN = "Somebody should ring the school about the uniform"


def test_it_takes_what_we_send_and_we_take_what_it_sends(witness: Witness) -> None:
    witness.screen.opens()
    typed_words_are_answered(witness)
    taf = a_family(witness)
    an_action_agreed_elsewhere_comes_and_is_done(witness, taf)
    the_group_chat_becomes_the_familys_room(witness)
    a_card_of_the_room_is_edited(witness, taf)
    a_message_becomes_an_action(witness)
    assert {status for status, _ in witness.relay.answered} == {200}


def typed_words_are_answered(witness: Witness) -> None:
    screen = witness.screen
    screen.types(f"{CALL} help")  # as the help itself has it
    screen.card("convene a team around a family")
    screen.types("actions")
    screen.card("You have nothing to do.")
    screen.pictured("typed")


def a_family(witness: Witness) -> str:
    """Everybody in the group chat is on the team, or it could not be the family's room."""
    town = witness.town
    team = [{"person": town.ref(name)} for name in town.hands if name != "Maya"]
    answers = builders.convening(lead_professional=town.ref("Maya"), practitioners=team)
    taf: str = town.does("Maya", "taf.convene", **answers).about
    return taf


def an_action_for_maya(witness: Witness, taf: str) -> str:
    town = witness.town
    ref: str = town.does("Asha", "action.agree", taf, **builders.action(town.ref("Maya"))).about
    return ref


def an_action_agreed_elsewhere_comes_and_is_done(witness: Witness, taf: str) -> None:
    screen, action = witness.screen, an_action_for_maya(witness, taf)
    witness.lives_on(timedelta(days=1))
    card = screen.card("Action 1 is yours")
    screen.pictured("proactive")
    screen.presses(card, "Mark done")
    witness.town.until(lambda: '"Marked done."' in witness.relay.answered[-1][1])
    done = screen.card("Marked done.")
    expect(done.get_by_role("button", name="Mark done")).to_have_count(0, timeout=PATIENT)
    assert witness.town.subject(action).state == "done"
    screen.pictured("done")


def the_group_chat_becomes_the_familys_room(witness: Witness) -> None:
    screen = witness.screen
    screen.goes_to(CHAT)
    screen.card("link F-1042")
    screen.mentions("link F-1042")
    screen.card("This chat is the room of F-1042 now.")
    witness.lives_on()
    screen.card("Welcome to the room")
    done = screen.card("Action 1 is done")
    expect(done).not_to_contain_text("This may have reached you before")
    screen.pictured("linked")


def a_card_of_the_room_is_edited(witness: Witness, taf: str) -> None:
    """As with every card that is drawn again, the answer below it may be gone in no time."""
    screen, action = witness.screen, an_action_for_maya(witness, taf)
    witness.lives_on()
    screen.presses(screen.card("Action 2 is open"), "Mark done")
    screen.card("Action 2 is done")
    witness.town.until(lambda: '"Marked done."' in witness.relay.answered[-1][1])
    expect(screen.page.get_by_text("Action 2 is open")).to_have_count(0, timeout=PATIENT)
    assert witness.town.subject(action).state == "done"
    screen.pictured("edited")


def a_message_becomes_an_action(witness: Witness) -> None:
    """What is wrong with the form is said by the assistant; what was filled in is still there."""
    screen, dialog = witness.screen, witness.screen.dialog
    screen.types(WRITTEN)
    screen.makes_of_the_last_message(MAKE_ACTION)
    words = dialog.get_by_label("What will be done")
    expect(words).to_have_value(WRITTEN, timeout=PATIENT)
    screen.pictured("form")
    screen.chooses("Who will do it", "Asha")
    screen.presses(dialog, "Save")
    screen.sees(dialog.get_by_text("⚠ Enter the due date"))
    expect(words).to_have_value(WRITTEN)
    expect(dialog.get_by_role("combobox", name="Who will do it")).to_have_value(
        re.compile(r"^Asha \(")
    )
    screen.pictured("wrong")
    screen.picks("Due date", date(2025, 3, 21))
    screen.presses(dialog, "Save")
    screen.sees(dialog.get_by_text("Agreed"))
    screen.pictured("saved")
    screen.presses(dialog, "Close")
    witness.lives_on()
    card = screen.card("Action 3 is open")
    expect(card).to_contain_text("Friday 21 March")
    screen.pictured("made")
