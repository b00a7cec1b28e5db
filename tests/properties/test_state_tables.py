"""The tables alone: no order of moves leaves them, and a refused move changes nothing."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

import bot.commands  # noqa: F401  fills the tables
from workflows.moves import TABLES, Moves
from workflows.refusals import Refusal


@st.composite
def lives(draw: st.DrawFn) -> tuple[Moves, list[str]]:
    """A table, and the names of moves that people try in some order."""
    moves = TABLES[draw(st.sampled_from(sorted(TABLES)))]
    return moves, draw(st.lists(st.sampled_from(sorted(moves.table)), max_size=30))


@given(life=lives())
def test_no_order_of_moves_leaves_the_table(life: tuple[Moves, list[str]]) -> None:
    moves, names = life
    subject = SimpleNamespace(state=moves.first)
    for name in names:
        before = subject.state
        refused = moves.refusal(name, subject)
        assert isinstance(refused, Refusal | None)
        if refused is None:
            assert before in moves.table[name].sources
            subject.state = moves.table[name].to or before
        assert subject.state in moves.states


@given(life=lives())
def test_what_has_ended_stays_ended(life: tuple[Moves, list[str]]) -> None:
    moves, names = life
    leaving = {state for one in moves.table.values() if one.to for state in one.sources - {one.to}}
    for end in set(moves.states) - leaving:
        for name in names:
            move = moves.table[name]
            assert end not in move.sources or move.to in {None, end}
