"""The choices of a question as platforms offer them: with one to take an answer back, searched."""

from __future__ import annotations

from messages.form import Choice, ChoiceLists, Field
from messages.reading import shown_choices

NO_ANSWER = Choice("-", "No answer")
"""A menu or radio buttons cannot be cleared; where no answer is needed, this takes it back.

Its value is none of ours: every value that a form or a list gives is a word or a reference.
"""

_OWN_NONE = frozenset({"none", "not_yet"})


def offered(field: Field, lists: ChoiceLists) -> list[Choice]:
    """The choices of a question, and one to take an answer back where none is needed."""
    found = list({choice.value: choice for choice in shown_choices(field, lists)}.values())
    single = field.kind in {"choice", "yes_no"}
    if not found or not single or field.required or _OWN_NONE & {one.value for one in found}:
        return found
    return [*found, NO_ANSWER]


def matching(field: Field, query: str, lists: ChoiceLists) -> list[Choice]:
    """The choices that hold every word typed; "No answer" comes first, where it is among them."""
    words = query.casefold().split()
    found = [
        choice
        for choice in offered(field, lists)
        if all(word in choice.label.casefold() for word in words)
    ]
    if NO_ANSWER in found:
        found = [NO_ANSWER, *(choice for choice in found if choice != NO_ANSWER)]
    return found
