"""Cards for the tests of the fake itself."""

from __future__ import annotations

from typing import Any

from tests.platforms.teams.conftest import card


def choices(*values: str) -> list[dict[str, Any]]:
    """Choices whose titles are capitals."""
    return [{"title": one.capitalize(), "value": one} for one in values]


FORM = card(
    {"type": "Input.Text", "id": "f_what", "label": "What", "isRequired": True, "maxLength": 20},
    {"type": "Input.Text", "id": "f_note", "label": "Note"},
    {"type": "Input.Number", "id": "f_days", "label": "Days", "min": 1, "max": 9},
    {"type": "Input.Date", "id": "f_due", "label": "Due", "min": "2025-03-01"},
    {"type": "Input.Time", "id": "f_at", "label": "At"},
    {"type": "Input.Toggle", "id": "f_sure", "title": "Sure"},
    {"type": "Input.ChoiceSet", "id": "f_who", "choices": choices("asha", "ben")},
    {
        "type": "Input.ChoiceSet",
        "id": "f_days_of",
        "isMultiSelect": True,
        "choices": choices("monday", "tuesday", "friday"),
    },
    {"type": "Input.Text", "id": "f_hidden", "isVisible": False, "value": "kept"},
    actions=[
        {"type": "Action.Execute", "title": "Save", "verb": "save", "data": {"ref": "A-7"}},
        {
            "type": "Action.Submit",
            "title": "More",
            "associatedInputs": "none",
            "data": {"msteams": {"type": "task/fetch"}, "ref": "A-7"},
        },
        {"type": "Action.Submit", "title": "Send", "data": {"ref": "A-7"}},
        {"type": "Action.OpenUrl", "title": "Page", "url": "https://example.org/"},
    ],
)


def saying(words: str) -> dict[str, Any]:
    """A card that says something."""
    return card({"type": "TextBlock", "text": words, "wrap": True})


def replacing(shown: dict[str, Any]) -> dict[str, Any]:
    """The answer to a press that gives the presser another card."""
    kind = "application/vnd.microsoft.card.adaptive"
    return {"statusCode": 200, "type": kind, "value": shown}


def telling(words: str) -> dict[str, Any]:
    """The answer to a press that tells the presser something."""
    kind = "application/vnd.microsoft.activity.message"
    return {"statusCode": 200, "type": kind, "value": words}


def continuing(shown: dict[str, Any], title: str = "An action", **more: Any) -> dict[str, Any]:
    """The answer that draws a dialog."""
    kind = "application/vnd.microsoft.card.adaptive"
    value = {"title": title, "card": {"contentType": kind, "content": shown}, **more}
    return {"task": {"type": "continue", "value": value}}


DIALOG = card(
    {"type": "Input.Text", "id": "f_what", "label": "What", "isRequired": True},
    {"type": "Input.Text", "id": "f_note", "label": "Note", "value": "preset"},
    actions=[
        {"type": "Action.Submit", "title": "Save", "data": {"_ctx": "A-7", "f_note": "old"}},
        {
            "type": "Action.Submit",
            "title": "Add a row",
            "data": {"_ctx": "A-7", "row": "add"},
            "associatedInputs": "none",
        },
    ],
)
