"""Every form there is, lists of any length for it, and what somebody answers in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from bot.commands import COMMANDS
from messages.form import Choice, ChoiceLists, Field, Form, choices, relabelled, when
from messages.places import place
from messages.reading import matters
from messages.rows import ADD, laid_out, rearranged

HOSTILE = "<!channel> <@U1> <#C1> <https://e.example|x> *b* _i_ ~s~ `c` & &amp; @here :tada:"

ANYTHING = Form(
    "Everything",
    "A form that asks one question of every kind there is",
    (
        Field("note", "A note"),
        Field("long", "At length", "words", required=False),
        Field("kind", "Which", "choice", choices=choices("One", "Two"), required=False),
        Field("more", "More about two", only_if=when("kind", "two")),
        Field("many", "Which of many", "choice", choices=choices(*(f"N{i}" for i in range(140)))),
        Field("some", "Any of these", "choices", required=False, choices="criteria"),
        Field("sure", "Sure", "yes_no"),
        Field("unsure", "Unsure", "yes_no", required=False),
        Field("on", "On", "date"),
        Field("at", "At", "time", required=False),
        Field("count", "How many", "number", most=40),
        Field("debt", "Debt", "money", required=False, most=5000),
        Field(
            "rows",
            "Rows",
            "list",
            fields=(
                Field("word", "Word", start="hello"),
                Field("open", "Open", "yes_no", required=False),
                Field("why", "Why", "words", only_if=when("open", "yes")),
            ),
        ),
        Field("told", "Told", "each", choices="family", fields=(Field("on", "On", "date"),)),
    ),
)

AGENCY = Form(
    "Add what you know",
    fields=(
        Field("words", "What the assessment should know", "words"),
        Field("tenancy", "Tenancy", "choice", choices=choices("Secure", "At risk"), required=False),
        Field("arrears", "Weeks of rent arrears", "number", required=False),
        *(
            Field(f"own_{i}", f"Question {i}", "choice", choices=choices(*map(str, range(100))))
            for i in range(8)
        ),
    ),
)

FORMS: dict[str, Form] = {name: command.form for name, command in COMMANDS.items()} | {
    "anything": ANYTHING,
    "agency": AGENCY,
    "relabelled": relabelled(
        COMMANDS["taf.step_down"].form,
        {"Lead Professional": "Family Help Lead Practitioner and Co-ordinator of Everything"},
    ),
}

COUNTS = (0, 1, 12, 150)


def lists_of(count: int, length: int = 300) -> ChoiceLists:
    """Named lists with so many choices, whose labels have so many characters."""

    def lists(name: str) -> Sequence[Choice]:
        head = "need {}: " if name in {"criteria", "measures"} else "{} "
        return [
            Choice(f"{name}-{n}", (head.format(n // 4) + f"{n} " + HOSTILE * 5)[:length])
            for n in range(count)
        ]

    return lists


def longest(form: Form, lists: ChoiceLists, rows: int = 3) -> dict[str, Any]:
    """The longest answers that the form takes, in so many rows of each list."""

    def typed(fields: Sequence[Field]) -> dict[str, Any]:
        return {field.id: one(field) for field in fields}

    def one(field: Field) -> Any:
        found = [*lists(field.choices)] if isinstance(field.choices, str) else [*field.choices]
        match field.kind:
            case "choice":
                return found[-1].value if found else ""
            case "choices":
                return [choice.value for choice in found]
            case "yes_no":
                return "yes"
            case "date":
                return "2026-03-04"
            case "time":
                return "14:30"
            case "list":
                return [typed(field.fields) for _ in range(rows)]
            case "each":
                return [typed(field.fields) | {"who": choice.value} for choice in found]
        return "é" * field.limit

    return typed(form.fields)


def with_rows(form: Form, raw: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """The answers after "Add another" was pressed so often in every list."""
    made = dict(raw)
    for field in form.fields:
        for _ in range(rows if field.kind == "list" else 0):
            made = rearranged(form, made, f"{ADD}{field.id}")
    return made


def begun(form: Form, lists: ChoiceLists, rows: int = 0) -> dict[str, Any]:
    """A form as it is when it was opened and rows were added."""
    return laid_out(form, with_rows(form, laid_out(form, {}, lists), rows), lists)


Pick = Callable[[str, Field, Sequence[Choice]], Any]
"""What somebody answers at a path: to this question, with these choices."""


def picking(luck: Random) -> Pick:
    """Chooses and types answers that can be taken, at random; None leaves a question blank.

    Asked again at the same path it gives the same answer, as a box that keeps what is in it.
    """
    kept: dict[str, Any] = {}

    def pick(path: str, field: Field, offered: Sequence[Choice]) -> Any:
        if path not in kept:
            kept[path] = answer(field, offered)
        return kept[path]

    def answer(field: Field, offered: Sequence[Choice]) -> Any:
        if not field.required and luck.random() < 0.4:
            return None
        values = [choice.value for choice in offered]
        if field.kind == "choices":
            return luck.sample(values, luck.randint(1, min(4, len(values))))
        return luck.choice(values or _to_type(field, luck))

    return pick


def _to_type(field: Field, luck: Random) -> list[str]:
    match field.kind:
        case "date":
            return [f"20{luck.randint(20, 40)}-0{luck.randint(1, 9)}-{luck.randint(10, 28)}"]
        case "time":
            return [f"{luck.randint(0, 23):02}:{luck.randint(0, 59):02}"]
        case "number":
            return ["3", "12"]
        case "money":
            return ["£1,250", "40.50", "0"]
    return [one[: field.limit].strip() for one in (HOSTILE, "Two\nlines", "x" * field.limit)]


def held(form: Form, raw: Mapping[str, Any], path: str) -> Any:
    """What stands at a path in nested answers."""
    where = place(form, path)
    assert where is not None
    if where.rows is None:
        return raw[where.field.id]
    return raw[where.rows.id][where.row][where.field.id]


def asked_of(form: Form, raw: Mapping[str, Any]) -> set[str]:
    """The paths of all questions that matter under these answers."""
    found = set()
    for field in form.fields:
        if not matters(field, raw):
            continue
        if field.kind not in {"list", "each"}:
            found.add(field.id)
            continue
        for number, row in enumerate(raw[field.id]):
            found |= {
                f"{field.id}-{number}-{inner.id}" for inner in field.fields if matters(inner, row)
            }
    return found
