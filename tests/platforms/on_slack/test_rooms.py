"""A family's room is a private channel, and its members are the team, and nobody else."""

from __future__ import annotations

import pytest

from bot.platform import Outgoing, Place, Undelivered
from bot.slack.platform import PURPOSE, TOPIC
from messages.card import Card
from storage.outbox import Delivery
from tests import builders
from tests.platforms.on_slack.town import Town
from tests.world import START


def test_convening_opens_a_private_channel_for_the_team(place: Town) -> None:
    place.given_a_family()
    channel = place.channel("F-1042")
    assert (channel.name, channel.is_private) == ("taf-f-1042", True)
    welcome = place["Asha"].reads("Welcome")
    place.until(lambda: welcome.ts in channel.pins)
    assert (channel.topic, channel.purpose) == (TOPIC, PURPOSE)
    assert "1042" not in channel.topic + channel.purpose
    assert not [one for one in place["Nosy"].sees if "1042" in str(one.blocks)]


def test_a_pin_that_slack_refuses_is_listed(place: Town) -> None:
    place.workspace.app.scopes -= {"pins:write"}
    place.given_a_family()

    def listed() -> list[str]:
        with place.assistant.database.reading() as session:
            dead = session.query(Delivery).where(Delivery.state == "dead").all()
            return [one.operation for one in dead]

    place.until(lambda: listed() == ["pin"], 15)
    place["Asha"].reads("Welcome")


def test_a_welcome_that_could_not_be_pinned_is_pinned_later(place: Town) -> None:
    place.workspace.faults.order("pins.add", "500 before")
    place.given_a_family()
    welcome = place["Asha"].reads("Welcome")
    channel = place.channel("F-1042")
    place.until(lambda: welcome.ts in channel.pins, 30)
    assert len([one for one in channel.standing() if "Welcome" in str(one.blocks)]) == 1


def test_the_channel_follows_the_record(place: Town) -> None:
    taf = place.given_a_family()
    place.does("Maya", "taf.add_member", taf, person=place.ref("Ola"))
    place.inside("F-1042", "Maya", "Asha", "Tom", "Ola")


def test_a_channel_that_was_there_is_never_taken_over(place: Town) -> None:
    place.workspace.add_channel("taf-f-1042", place["Nosy"].id)
    place.given_a_family()
    assert place.channel("F-1042").name == "taf-f-1042-2"


def test_a_lost_answer_makes_no_second_channel(place: Town) -> None:
    place.workspace.faults.order("conversations.create", "reset after")
    place.given_a_family()
    made = [one for one in place.workspace.channels.values() if one.name.startswith("taf-")]
    assert [one.name for one in made] == ["taf-f-1042"]


def test_somebody_who_is_not_on_slack_is_reported_by_name(place: Town) -> None:
    place["Tom"].admin.deactivates(place["Tom"].person)
    answers = builders.convening(
        lead_professional=place.ref("Maya"),
        practitioners=[{"person": place.ref("Asha")}, {"person": place.ref("Tom")}],
    )
    place.does("Maya", "taf.convene", **answers)
    place.inside("F-1042", "Maya", "Asha")

    def reported() -> bool:
        with place.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.notice == "not_let_in").all()
            return any(
                (one.facts["who"], one.lane.person_id) == ("Tom", place.numbers["Maya"])
                for one in rows
            )

    place.until(reported)


def test_nothing_is_said_in_a_channel_that_is_shared(place: Town) -> None:
    taf = place.given_a_family()
    place.quiet()
    channel = place.channel("F-1042")
    place["Nosy"].admin.shares(channel)
    before = len(channel.standing())
    place.given_an_action(taf)
    place.quiet()
    assert len(channel.standing()) == before


def test_of_a_room_without_a_channel_nothing_is_said_about_a_persons_email(place: Town) -> None:
    said = Outgoing(1, Place(1, None, "F-1042", None), Card("Welcome"), START)
    with pytest.raises(Undelivered, match="no channel on Slack"):
        place.assistant.delivery.platforms["slack"].post(said)


def told(place: Town, who: str, what: str) -> None:
    """Wait until somebody's next digest will say that this was wrong."""

    def waits() -> bool:
        with place.assistant.database.reading() as session:
            rows = session.query(Delivery).where(Delivery.notice == "room_astray").all()
            return any(
                one.facts["what"] == what and one.lane.person_id == place.numbers[who]
                for one in rows
            )

    place.until(waits)


def test_whoever_does_not_belong_there_is_taken_out_again(place: Town) -> None:
    place.given_a_family()
    channel = place.channel("F-1042")
    place["Maya"].admin.brings(channel, place["Nosy"].person)
    place.inside("F-1042", "Maya", "Asha", "Tom")
    told(place, "Maya", "stranger")


def test_whoever_belongs_there_and_left_is_invited_again(place: Town) -> None:
    place.given_a_family()
    place.quiet()
    place["Tom"].admin.leaves(place.channel("F-1042"))
    place.inside("F-1042", "Maya", "Asha", "Tom")
    told(place, "Priya", "missing")


@pytest.mark.parametrize("name", ["the-hardman-family", "taf-f-1042-hardman"])
def test_a_name_that_was_changed_by_hand_is_put_back(place: Town, name: str) -> None:
    place.given_a_family()
    channel = place.channel("F-1042")
    place.workspace.faults.order("conversations.rename", "500 before", "reset after")
    place["Maya"].admin.renames(channel, name)
    place.until(lambda: channel.name == "taf-f-1042", 30)
    told(place, "Maya", "renamed")


@pytest.mark.parametrize(
    ("happens", "what"),
    [
        ("shares", "shared"),
        ("archives", "archived"),
        ("removes_bot", "gone"),
    ],
)
def test_what_only_a_person_can_put_right_is_said(place: Town, happens: str, what: str) -> None:
    place.given_a_family()
    place.quiet()
    getattr(place["Maya"].admin, happens)(place.channel("F-1042"))
    place.workspace.settle()
    told(place, "Priya", what)


def test_once_an_hour_every_room_is_looked_at(place: Town) -> None:
    """Also where Slack told of nothing."""
    place.given_a_family()
    place.quiet()
    channel = place.channel("F-1042")
    place.workspace.app.events.clear()
    place["Maya"].admin.brings(channel, place["Nosy"].person)
    assert place["Nosy"].id in channel.members
    place.an_hour_later()
    place.inside("F-1042", "Maya", "Asha", "Tom")
