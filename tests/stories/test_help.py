"""Stories of being stuck: asked by anybody on the team, answered by a supervisor at once."""

from __future__ import annotations

from storage import supervision
from tests import builders
from tests.world import World


def asked(world: World, who: str = "Tom", **changes: str) -> str:
    if not world.taf:
        world.given_a_family()
    answers = builders.help_wanted(**changes)
    return world.does(who, "help.ask", world.taf, **answers).about or ""


def waiting(world: World) -> list[str]:
    with world.database.reading() as session:
        return [one.reference for one in supervision.waiting(session)]


def test_the_supervisors_hear_the_reference_and_the_reason_and_no_more(world: World) -> None:
    asked(world, tried="Three letters to the landlord")

    room = world.then("supervision")
    room.sees("F-1042: Tom asks for help")
    room.sees("nothing changes")
    room.never_sees("Christmas")
    room.never_sees("landlord")
    room.never_sees("mother")
    assert world.platform.inside["supervision"] == {world.people["Dr Clarke"]}
    assert waiting(world) == ["H-1"]


def test_the_answer_reaches_the_asker_and_the_lead_at_once(world: World) -> None:
    request = asked(world)
    world.when("Wed 5 March", "15:00")
    world.does("Dr Clarke", "help.answer", request, answer="Try a joint visit")

    for name in ("Tom", "Maya"):
        last = world.then(name).messages[-1]
        assert last.at.isoformat() == "2025-03-05T15:00:00+00:00"
        assert "Request H-1 is answered" in last.title
        assert "joint visit" not in last.text
    world.then("Asha").never_sees("H-1")
    assert waiting(world) == []
    assert world.look(request, "answer", "state") == ("Try a joint visit", "answered")


def test_an_evening_answer_waits_for_the_morning(world: World) -> None:
    request = asked(world)
    world.when("Wed 5 March", "18:00")
    heard = len(world.then("Tom").messages)
    world.does("Dr Clarke", "help.answer", request, answer="x")
    assert len(world.then("Tom").messages) == heard
    world.when("Thu 6 March", "09:00")

    assert world.then("Tom").messages[heard].at.isoformat() == "2025-03-06T08:00:00+00:00"


def test_only_a_supervisor_answers_and_only_once(world: World) -> None:
    request = asked(world)
    for name, reason in (("Tom", "not_a_supervisor"), ("Nosy", "not_a_member")):
        assert world.refused(name, "help.answer", request, answer="x") == reason
    world.does("Dr Clarke", "help.answer", request, answer="x")

    assert world.refused("Dr Clarke", "help.answer", request, answer="y") == "already_answered"
    assert world.refused("Tom", "help.take_back", request) == "already_answered"
    assert world.look(request, "answer") == "x"


def test_no_longer_stuck(world: World) -> None:
    request = asked(world)
    assert world.refused("Nosy", "help.take_back", request) == "not_a_member"
    world.does("Maya", "help.take_back", request)

    assert waiting(world) == []
    assert world.refused("Dr Clarke", "help.answer", request, answer="x") == "already_withdrawn"


def test_two_requests_before_the_room_is_open_open_it_once(world: World) -> None:
    world.given_a_family()
    boundary = world.assistant.boundary
    from bot.boundary import Press

    for key in ("one", "two"):
        answers = builders.help_wanted()
        press = Press("web", key, world.people["Tom"], "help.ask", world.taf, answers)
        assert boundary.press(press).ok
    opened = [one for one in world.outbox() if one.operation == "open" and one.taf_id is None]

    assert len(opened) == 1


def test_what_help_is_wanted_with_must_be_said(world: World) -> None:
    world.given_a_family()
    answer = world.tries("Tom", "help.ask", world.taf, why="no_change", words=" ")
    assert list(answer.errors) == ["words"]
    assert world.refused("Nosy", "help.ask", world.taf, **builders.help_wanted()) == "not_a_member"
    assert waiting(world) == []
