"""Describes every command from the code itself: who, on what, its form, why it may be refused."""

from __future__ import annotations

import dis
import inspect
import re
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from bot.commands import COMMANDS, Command
from bot.story.events import NOT_TAKEN
from bot.story.handles import KINDS, made_by
from messages import rendering
from messages.form import YES_NO, Choice, Field
from workflows.doing import CLOSED_TO, Workflow
from workflows.refusals import Changed, Gone, NotNow, Refusal, every

Plain = dict[str, Any]

LABELS = {"lead_professional": "Lead Professional", "co_ordinator": "co-ordinator"}
"""The roles as app.yaml has them at first, where its key with spaces is not the word."""


def describe() -> list[Plain]:
    """Every command, in the order of a family's story, as plain data."""
    return [_command(command) for command in COMMANDS.values()]


def _command(command: Command) -> Plain:
    return {
        "id": command.id,
        "label": command.form.label,
        "does": _first_line(command.does.does),
        "who": _first_line(command.does.who),
        "on": command.on or None,
        "makes": made_by(command),
        "fields": [_field(one) for one in command.form.fields],
        "asks_agency": command.asks_agency,
        "refusals": [{"id": one, "why": _why(one)} for one in refusals_of(command)],
    }


def _first_line(described: Any) -> str:
    return (inspect.getdoc(described) or "").partition("\n")[0]


def _field(one: Field) -> Plain:
    found: Plain = {
        "id": one.id,
        "label": one.label,
        "kind": one.kind,
        "required": one.required,
    }
    if one.hint:
        found["hint"] = one.hint
    if one.start:
        found["start"] = one.start
    if one.only_if:
        name, answers = one.only_if
        found["only_if"] = {"field": name, "is": sorted(answers)}
    found |= _limits(one)
    if one.choices or one.kind == "yes_no":
        found["choices"] = _choices(one)
    if one.fields:
        found["fields"] = [_field(inside) for inside in one.fields]
    return found


def _limits(one: Field) -> Plain:
    if one.kind in {"text", "words"}:
        return {"longest": one.limit}
    if one.kind in {"number", "money"}:
        return {"least": one.least, "most": one.most}
    return {}


def _choices(one: Field) -> Any:
    """The choices themselves, or the name of the list that the family's record gives."""
    if isinstance(one.choices, str):
        return one.choices
    found: tuple[Choice, ...] = one.choices or YES_NO
    return [{"value": value, "label": label} for value, label in found]


# Why a command may be refused: read from the code that could refuse it


def refusals_of(command: Command) -> list[str]:
    """The ids of every refusal that a command can meet, in the order they are declared."""
    asked = (command.does.does, command.does.who, command.does.also)
    met = {one for each in asked if inspect.isfunction(each) for one in _raised(each, set())}
    if command.on:
        met |= {Gone} | set(_of_the_work(command.does)) | set(_of_the_state(command))
    if command.on and command.form.fields:
        met.add(Changed)
    ids = [one().id for one in every() if one in met]
    return ids + ([NOT_TAKEN] if command.form.fields else [])


def _of_the_work(does: Workflow) -> Iterator[type[Refusal]]:
    """What the state of the work with the family forbids."""
    yield from (refusal for state, refusal in CLOSED_TO.items() if state not in does.on)
    if "open" not in does.on:
        yield NotNow


def _of_the_state(command: Command) -> Iterator[type[Refusal]]:
    """What the subject's own state forbids, by its table of moves."""
    does = command.does
    if does.moves is None:
        return
    sources = does.moves.table[does.name].sources
    for state in does.moves.states:
        told_before = command.on == "taf" and state not in does.on
        if state not in sources and not told_before:
            yield does.moves.already.get(state, NotNow)


def _raised(function: FunctionType, seen: set[FunctionType]) -> Iterator[type[Refusal]]:
    """Every refusal that a function names, and the functions of workflows/ that it calls."""
    if function in seen:
        return
    seen.add(function)
    for named in _named(function.__code__, function.__globals__):
        if isinstance(named, type) and issubclass(named, Refusal):
            yield named
        elif isinstance(named, FunctionType) and named.__module__.startswith("workflows."):
            yield from _raised(named, seen)


def _named(code: CodeType, known: dict[str, Any]) -> Iterator[Any]:
    """What some code and the code inside it name: globals, and what it takes from modules."""
    found: Any = None
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            found = known.get(step.argval)
            yield found.does if isinstance(found, Workflow) else found
        elif step.opname in {"LOAD_ATTR", "LOAD_METHOD"} and isinstance(found, ModuleType):
            found = getattr(found, step.argval, None)
            yield found
        else:
            found = None
    for inside in code.co_consts:
        if isinstance(inside, CodeType):
            yield from _named(inside, known)


_FACT = re.compile(r"\{\{ *([^{}]+?) *\}\}")
_LABEL = re.compile(r"labels\.(\w+)")
_NAME = re.compile(r"(\w+)(\|\w+)*")


def _why(refusal: str) -> str:
    """The sentence that the person reads, each fact named in brackets: "[who] cannot join"."""
    if refusal == NOT_TAKEN:
        return "An answer is missing or cannot be taken; each has a sentence of its own."
    source = rendering.refusal_source(refusal)
    if all(_NAME.fullmatch(fact) or _LABEL.fullmatch(fact) for fact in _FACT.findall(source)):
        return _FACT.sub(lambda match: _fact(match[1]), source)
    return _first_line(next(one for one in every() if one().id == refusal))


def _fact(words: str) -> str:
    label = _LABEL.fullmatch(words)
    if label:
        return LABELS.get(label[1], label[1].replace("_", " "))
    return f"[{words.partition('|')[0].replace('_', ' ')}]"


# The same in words


def described_in_words() -> str:
    """Every command as a page of words."""
    return "\n\n".join("\n".join(_in_words(one)) for one in describe()) + "\n"


def _in_words(one: Plain) -> Iterator[str]:
    yield f"{one['id']}: {one['label']}"
    yield f"  {one['does']}"
    yield f"  Who: {one['who']}"
    yield f"  On: {KINDS[one['on']] if one['on'] else 'nothing'}"
    if one["makes"]:
        yield f"  Makes: {KINDS[one['makes']]}"
    if one["fields"]:
        yield "  Asks:"
        for field in one["fields"]:
            yield from _field_in_words(field, "    ")
    if one["asks_agency"]:
        yield "    and the questions of the person's own agency (app.yaml: agencies, fields)"
    yield "  May be refused:"
    yield from (f"    {refused['id']}: {refused['why']}" for refused in one["refusals"])


def _field_in_words(field: Plain, indent: str) -> Iterator[str]:
    need = "" if field["required"] else ", may be blank"
    yield f"{indent}{field['id']} ({field['kind'].replace('_', ' ')}{need}): {field['label']}"
    inside = f"{indent}  "
    if "only_if" in field:
        answers = " or ".join(field["only_if"]["is"])
        yield f"{inside}only if {field['only_if']['field']} is {answers}"
    if "longest" in field:
        yield f"{inside}at most {field['longest']:,} characters"
    if "least" in field:
        yield f"{inside}from {field['least']} to {field['most']:,}"
    if "choices" in field and field["kind"] != "yes_no":
        given = field["choices"]
        listed = isinstance(given, list)
        shown = ", ".join(one["value"] for one in given) if listed else f"the list “{given}”"
        yield f"{inside}choose from: {shown}"
    for row in field.get("fields", ()):
        yield from _field_in_words(row, inside)
