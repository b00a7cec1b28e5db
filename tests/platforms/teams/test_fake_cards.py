"""Which cards the fake Teams shows, and why it does not show the others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.teams.cards import Unfit, check_card
from tests.platforms.teams.conftest import card
from tests.platforms.teams.forms import DIALOG, FORM, choices, saying

LARGEST = 28_000


@pytest.mark.parametrize(
    "shown",
    [
        FORM,
        DIALOG,
        saying("Hello"),
        saying("Hello") | {"msteams": {"width": "Full"}},
        card(
            {
                "type": "Input.ChoiceSet",
                "id": "f_who",
                "choices": choices("asha"),
                "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
            }
        ),
        saying("Hello <at>Asha</at>")
        | {"msteams": {"entities": [{"type": "mention", "text": "<at>Asha</at>"}]}},
    ],
)
def test_a_card_that_is_shown(shown: dict[str, Any]) -> None:
    check_card(shown, LARGEST)


TEXT = {"type": "TextBlock", "text": "Hello"}


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ({"type": "AdaptiveCard", "body": []}, "version None"),
        (saying("Hello") | {"version": "1.6"}, r"1\.6"),
        (card({"type": "TextBlock", "txt": "Hello"}), "at body/0"),
        (card({"type": "TextBlok", "text": "Hello"}), "at body/0"),
        (card({"type": "Input.Text", "label": "What"}), "at body/0"),
        (card(TEXT | {"weight": "Boldest"}), "at body/0"),
        (card({"type": "CodeBlock", "codeSnippet": "x"}), "at body/0"),
        (saying("Hello") | {"colour": "red"}, "at the top"),
        (saying("x" * LARGEST), "bytes"),
        (card({"type": "Input.Text", "id": "a"}, {"type": "Input.Date", "id": "a"}), "one id"),
        (card(actions=[{"type": "Action.Execute"}]) | {"version": "1.3"}, r"1\.4"),
        (saying("Hello <at>Asha</at>"), "mentions"),
        ("Hello", "an object"),
    ],
)
def test_a_card_that_is_not_shown(shown: Any, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        check_card(shown, LARGEST)
