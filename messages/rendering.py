"""Turns a notice's facts and its template into a card; typed words can never forge markup.

A template is a header (`name:`, `title:` and `buttons:`), a line of dashes, and a body in a small
neutral markup: paragraphs, points that start with "- ", and *strong words*. The header is split
off before anything is rendered, and every value put in has its markup characters swapped for
stand-ins until the card is built, so only the author's asterisks and dashes count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, meta

from messages import words
from messages.card import Button, Card, Line, Span

NOTICES = Path(__file__).parent / "notices"
REFUSALS = Path(__file__).parent / "refusals.j2"
TITLE_LIMIT = 150
"""The shortest limit of our platforms: a Slack header block holds 150 characters."""

_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""Everything that str.splitlines takes for the end of a line."""

_STAND_INS = {ord("*"): "\ue000", ord("-"): "\ue001"} | {ord(one): " " for one in _BREAKS}
_RESTORED = {ord("\ue000"): "*", ord("\ue001"): "-"}
_FORGED = {ord("\ue000"): "", ord("\ue001"): ""}


def _plain(value: Any) -> Any:
    return value.translate(_FORGED).translate(_STAND_INS) if isinstance(value, str) else value


def _environment() -> Environment:
    # Cards are plain text, escaped again by each platform's own renderer; HTML escaping here
    # would show people "&amp;".
    made = Environment(  # noqa: S701
        undefined=StrictUndefined, finalize=_plain, trim_blocks=True, lstrip_blocks=True
    )
    for name in ("day", "long_day", "clock", "moment", "long_moment", "count", "listed", "amount"):
        made.filters[name] = getattr(words, name)
    made.filters["sentence"] = words.sentence
    return made


ENVIRONMENT = _environment()


class NoSuchNotice(LookupError):
    """There is no template of this name in messages/notices."""


def _read(stem: str) -> tuple[dict[str, str], str]:
    """A notice's header, by its words before the colons, and its body."""
    path = NOTICES / f"{stem}.j2"
    if not path.is_file():
        raise NoSuchNotice(stem)
    header, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    lines = (line.split(":", 1) for line in header.splitlines() if line.strip())
    return {name: value.strip() for name, value in lines}, body.strip()


@cache
def _template(text: str) -> Template:
    """Words of ours, made ready once: compiling takes longer than all the rest of a notice."""
    return ENVIRONMENT.from_string(text)


@cache
def source(stem: str) -> tuple[str, tuple[str, ...], str]:
    """A notice's title, its buttons' commands and its body, as its author wrote them."""
    header, body = _read(stem)
    buttons = tuple(word.strip() for word in header.get("buttons", "").split(",") if word.strip())
    return header["title"], buttons, body


def called(stem: str, labels: Mapping[str, str]) -> str:
    """What a notice is called, whoever and whatever it is about: "An action is overdue"."""
    return _template(_read(stem)[0]["name"]).render(labels=labels)


ENVIRONMENT.filters["called"] = called


def stems() -> list[str]:
    """Every notice there is, by name."""
    return sorted(path.stem for path in NOTICES.glob("*.j2"))


def facts_of(stem: str) -> frozenset[str]:
    """The facts that a notice's template asks for."""
    title, _, body = source(stem)
    return frozenset(meta.find_undeclared_variables(ENVIRONMENT.parse(f"{title}\n{body}")))


def card(stem: str, facts: Mapping[str, Any], cards: tuple[Card, ...] = ()) -> Card:
    """The card of a notice; `facts["about"]` is the subject that its buttons act on.

    Raises NoSuchNotice, or jinja2.UndefinedError when a fact is missing.
    """
    title, buttons, body = source(stem)
    about = str(facts["about"])
    shown = _template(title).render(facts).strip().translate(_RESTORED)
    if len(shown) > TITLE_LIMIT:
        shown = shown[: TITLE_LIMIT - 1].rstrip() + "…"
    lines = tuple(
        _line(text.strip()) for text in _template(body).render(facts).splitlines() if text.strip()
    )
    return Card(shown, lines, tuple(Button(name, about) for name in buttons), about, cards)


def _line(text: str) -> Line:
    point = text.startswith("- ")
    spans = tuple(
        Span(part.translate(_RESTORED), strong=bool(index % 2))
        for index, part in enumerate(re.split(r"\*", text.removeprefix("- ")))
        if part
    )
    return Line(spans, point)


@cache
def _refusals() -> dict[str, str]:
    pairs = (
        line.split(":", 1)
        for line in REFUSALS.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    )
    return {name.strip(): text.strip() for name, text in pairs}


def refusal_names() -> list[str]:
    """Every refusal there is a sentence for."""
    return sorted(_refusals())


def refusal_source(name: str) -> str:
    """A refusal's sentence as its author wrote it, the facts still to be put in."""
    return _refusals()[name]


def refusal(name: str, facts: Mapping[str, Any]) -> str:
    """The one friendly sentence for a refusal."""
    shown = _template(_refusals()[name]).render(facts)
    return words.sentence(shown.translate(_RESTORED))
