"""What a person sees of a modal, and what is wrong with a form's answers."""

from __future__ import annotations

from typing import Any

from bot.slack.answers import answers
from bot.slack.asked import paths
from bot.slack.modals import view
from bot.slack.steps import steps
from messages.form import Choice, ChoiceLists, Field, Form, Raw
from messages.reading import NotTaken, read
from messages.rows import laid_out, merged

META = {"command": "action.mark_done", "about": "action-12", "seen": 3, "draft": 7}


def views(
    form: Form, raw: Raw, lists: ChoiceLists, errors: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    return [
        view(form, number, raw, lists, errors or {}, META, context=["F-1042, TAF meeting 3"])
        for number in range(len(steps(form, lists, raw)))
    ]


def lists_in(form: Form) -> list[Field]:
    return [field for field in form.fields if field.kind == "list"]


def inputs(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["block_id"]: one for one in made["blocks"] if one["type"] == "input"}


def said(made: dict[str, Any]) -> list[str]:
    texts = [one.get("text", {}).get("text", "") for one in made["blocks"]]
    return [text for text in texts if text]


def mistakes(form: Form, raw: Raw, lists: ChoiceLists) -> dict[str, str]:
    try:
        read(form, raw, lists)
    except NotTaken as wrong:
        return wrong.errors
    return {}


def drawn(form: Form, step: int, raw: Raw, lists: ChoiceLists) -> dict[str, Any]:
    return view(form, step, raw, lists, {}, {})


def taken(
    form: Form, raw: Raw, lists: ChoiceLists, state: dict[str, Any], made: dict[str, Any]
) -> dict[str, Any]:
    """As the inbound side does it: read the view, lay it over the draft, put rows in place."""
    return laid_out(form, merged(raw, answers(form, state, paths(made))), lists)


def people(*refs: str) -> ChoiceLists:
    return lambda _: [Choice(ref, ref.title()) for ref in refs]
