"""One question as elements of a card: which input, filled in how, under which id.

No input is required or bounded by the client. A required one would hold every button of the card
back, "Add another" and "Back" too, and a date outside its bounds the same; and the reader says the
same in our own words, above the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.teams.listening import search_result
from bot.teams.wording import Element, clean, paragraph, plain, run, weight, within
from messages.form import Choice, ChoiceLists, Field, Form
from messages.offering import matching, offered
from messages.places import place
from messages.reading import NotTaken, read

BEFORE = "f_"
"""An input's id is this and the question's path: "f_actions-0-due_on"."""

LABEL, CHOICE, ERROR = 200, 100, 120
"""The most characters of a label and a choice, and bytes of an error; ours are shorter (ours)."""

FEW, RADIO = 30, 3
"""So many choices stand in a menu, or open where several may be chosen; and so many radio buttons.

Of more than a few, somebody types to find theirs: not before, since a client that is no newer than
it must be shows what was chosen before by its value there, "person-12".
"""

LISTED = 6_000
"""The most bytes of a list that stands on the card; a longer one is searched on our side."""

FOUND = 15
"""Teams shows no more of what a search finds."""

_CHOOSING = frozenset({"choice", "choices", "yes_no"})
_BYTES, _MOST_BYTES = 2, 4
"""The bytes of a character that are counted with, and that it can have.

Two are enough for every text in Latin, Greek, Cyrillic, Hebrew or Arabic letters. One in others may
make a card longer than we mean it to be: under 50 KB, which Teams takes all the same.
"""


def question(
    field: Field, path: str, value: Any, lists: ChoiceLists, *, label: str = "", search: str = ""
) -> list[Element]:
    """An input and its hint; where there is nothing to choose from, words that say so.

    `search` is whom to ask for a long list: a command and what it is given on.
    """
    choices = offered(field, lists) if field.kind in _CHOOSING else []
    name = label or field.label
    if field.kind in _CHOOSING and not choices:
        return [paragraph(run(f"{name}: there is nothing to choose from yet."))]
    named = plain(name, LABEL) + ("" if field.required else " (optional)")
    asked: Element = {"id": f"{BEFORE}{path}", "label": named}
    if choices:
        made = _choosing(field, value, choices, f"{search}|{path}")
    elif field.kind in {"date", "time"}:
        made = _picking(field, value)
    else:
        made = _typing(field, value)
    hint = [paragraph(run(field.hint, isSubtle=True, size="small"), spacing="small")]
    return [made | asked, *(hint if field.hint else [])]


def with_error(elements: list[Element], sentence: str) -> list[Element]:
    """The elements, and above them what is wrong with the answer."""
    if not sentence:
        return elements
    return [paragraph(wrong(sentence)), *elements]


def wrong(sentence: str) -> Element:
    """What is wrong, in red; the sign says it to whoever sees no red."""
    return run(f"⚠ {within(plain(sentence), ERROR)}", color="attention", weight="bolder")


def most_bytes(field: Field, lists: ChoiceLists, path: str, label: str = "") -> int:
    """How many bytes a question takes at most, whatever is answered and wrong."""
    bare = weight(with_error(question(field, path, None, lists, label=label), "x" * ERROR))
    several = field.kind == "choices"
    if is_searched(field, lists):
        chosen = weight(_within(field, offered(field, lists))) if several else 0
        return bare + max(LISTED, chosen + _values(field, lists) * several)
    if several:
        return bare + _values(field, lists)
    if field.kind in _CHOOSING:
        return bare + max((len(one.value) for one in offered(field, lists)), default=0) + 20
    return bare + _BYTES * field.limit + 20


def found(form: Form, lists: ChoiceLists, path: str, query: str) -> dict[str, Any]:
    """The answer to a search in a long list: the first choices that hold every word typed."""
    where = place(form, path)
    return found_of(matching(where.field, query, lists) if where else [])


def found_of(choices: Sequence[Choice]) -> dict[str, Any]:
    """The first of the choices that a search found, as its answer."""
    first = choices[:FOUND]
    return search_result([{"title": plain(one.label, CHOICE), "value": one.value} for one in first])


def search_of(data: Any) -> tuple[str, str, str, str] | None:
    """Of a search: the command, what it is given on, the question's path, what was typed."""
    if not isinstance(data, Mapping):
        return None
    parts = str(data.get("dataset") or "")[:300].split("|")
    query = data.get("queryText")
    typed = query[:150] if isinstance(query, str) else ""
    return (parts[0], parts[1], parts[2], typed) if len(parts) == 3 else None


def is_searched(field: Field, lists: ChoiceLists) -> bool:
    """Whether a question's list is too long to stand on the card."""
    return weight(_listed(field, offered(field, lists), CHOICE)) > LISTED


def packed(value: str) -> str:
    """A choice's value where several are joined with commas."""
    return value.replace("%", "%25").replace(",", "%2C")


def unpacked(value: str) -> str:
    """The value that `packed` was given."""
    return value.replace("%2C", ",").replace("%25", "%")


def _typing(field: Field, value: Any) -> Element:
    """A box to type in; a number's too, since "£1,250" is how people write it."""
    typed = clean(str(value)) if isinstance(value, str | int | float) else ""
    typed = typed.encode()[: _MOST_BYTES * field.limit].decode(errors="ignore")
    made: Element = {"type": "Input.Text", "maxLength": max(field.limit, len(typed))}
    made |= {"isMultiline": True} if field.kind == "words" else {}
    return made | ({"value": typed} if typed else {})


def _picking(field: Field, value: Any) -> Element:
    """A date or a time that is none is left out: clients show it as they like, or not at all."""
    made: Element = {"type": f"Input.{field.kind.capitalize()}"}
    try:
        alone = Form("", fields=(replace(field, only_if=None),))
        given = read(alone, {field.id: value}, _no_lists)[field.id]
    except NotTaken:
        given = None
    if given is None:
        return made
    return made | {"value": given.isoformat() if field.kind == "date" else f"{given:%H:%M}"}


def _no_lists(_: str) -> Sequence[Choice]:
    return ()


def _choosing(field: Field, value: Any, choices: list[Choice], search: str) -> Element:
    several = field.kind == "choices"
    held = [one for one in choices if one.value in _held(value)]
    given = ",".join(packed(one.value) if several else one.value for one in held)
    made: Element = {"type": "Input.ChoiceSet", "style": _style(len(choices), several=several)}
    made |= {"isMultiSelect": True} if several else {}
    made |= {"wrap": True} if several or len(choices) <= RADIO else {"placeholder": "Choose"}
    listed = _listed(field, choices, CHOICE)
    if weight(listed) > LISTED:
        # What is chosen already stands on the card, or a client could not show it.
        listed = _within(field, held)
        data = {"type": "Data.Query", "dataset": search}
        made |= {"style": "filtered", "placeholder": "Type to search", "choices.data": data}
    made["choices"] = listed
    return made | ({"value": given} if given else {})


def _style(count: int, *, several: bool) -> str:
    if count <= (FEW if several else RADIO):
        return "expanded"
    return "compact" if count <= FEW else "filtered"


def _held(value: Any) -> frozenset[str]:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    held = value if isinstance(value, list | tuple) else [value]
    return frozenset(str(one) for one in held if one is not None)


def _listed(field: Field, choices: Sequence[Choice], most: int) -> list[Element]:
    several = field.kind == "choices"
    return [
        {
            "title": plain(one.label or one.value, most),
            "value": packed(one.value) if several else one.value,
        }
        for one in choices
    ]


def _within(field: Field, held: Sequence[Choice]) -> list[Element]:
    """What is chosen of a long list, its labels as long as there is room for."""
    tries = [_listed(field, held, most) for most in (CHOICE, 40, 20)]
    return next((one for one in tries if weight(one) <= LISTED // 2), tries[-1])


def _values(field: Field, lists: ChoiceLists) -> int:
    return sum(len(packed(one.value).encode()) + 1 for one in offered(field, lists))
