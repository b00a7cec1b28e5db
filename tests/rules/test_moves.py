"""The tables of legal moves: whole, reachable, and each with a kind word for the late."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.commands import COMMANDS
from workflows.moves import TABLES, Moves

tables = pytest.mark.parametrize("moves", TABLES.values(), ids=list(TABLES))

NOT_COMMANDS = {
    ("team member", "sharing_stops"),
    ("team member", "sharing_resumes"),
    ("TAF meeting", "arrange"),
    ("support plan", "open_review"),
    ("support plan", "after_review"),
    ("support plan", "close_plan"),
}
"""Moves that other commands bring about."""


def reached(moves: Moves) -> set[str]:
    found, size = {moves.first}, 0
    while len(found) > size:
        size = len(found)
        for move in moves.table.values():
            if move.sources & found and move.to:
                found.add(move.to)
    return found


def test_there_is_a_table_for_every_noun_that_moves() -> None:
    assert set(TABLES) == {
        "team around the family",
        "team member",
        "lead handover",
        "assessment",
        "TAF meeting",
        "support plan",
        "action",
        "indicator",
        "request for help",
        "message that could not be delivered",
    }


@tables
def test_every_state_can_be_reached(moves: Moves) -> None:
    assert reached(moves) == set(moves.states)


@tables
def test_a_move_leaves_the_state_or_changes_it(moves: Moves) -> None:
    for move in moves.table.values():
        assert move.sources
        assert move.to is None or move.to in moves.states


@tables
def test_every_move_is_a_command_or_is_brought_about_by_one(moves: Moves) -> None:
    given = {command.does.name for command in COMMANDS.values() if command.does.moves is moves}

    for name in moves.table:
        assert name in given or (moves.noun, name) in NOT_COMMANDS or name in {"withdraw_consent"}


def test_every_command_that_moves_names_a_move_of_its_own_table() -> None:
    for command in COMMANDS.values():
        if command.does.moves is not None:
            assert command.does.name in command.does.moves.table, command.id


@tables
def test_the_two_checks_are_one(moves: Moves) -> None:
    for name, move in moves.table.items():
        for state in moves.states:
            refused = moves.refusal(name, SimpleNamespace(state=state))
            assert (refused is None) == (state in move.sources)
            if refused is not None and state in moves.already:
                assert type(refused) is moves.already[state]


@pytest.mark.parametrize(
    ("noun", "ends"),
    [
        ("team around the family", {"closed"}),
        ("team member", {"left", "declined"}),
        ("lead handover", {"accepted", "declined", "withdrawn"}),
        ("assessment", {"completed"}),
        ("TAF meeting", {"held", "cancelled"}),
        ("support plan", {"closed"}),
        ("action", {"withdrawn"}),
        ("indicator", {"stopped"}),
        ("request for help", {"answered", "withdrawn"}),
        ("message that could not be delivered", {"unknown", "cancelled"}),
    ],
)
def test_where_each_noun_ends(noun: str, ends: set[str]) -> None:
    moves = TABLES[noun]
    leavable = {state for one in moves.table.values() if one.to for state in one.sources - {one.to}}

    assert set(moves.states) - leavable == ends
