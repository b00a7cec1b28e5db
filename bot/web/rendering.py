"""The web pages' own Jinja environment: GOV.UK components, our templates, words for dates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from messages import words

TEMPLATES = Path(__file__).parent / "templates"


def typed(text: Any) -> Markup:
    """Typed text for a text box: line breaks spelt out, so that no indenting can change them."""
    return Markup(str(escape(text or "")).replace("\r\n", "\n").replace("\n", "&#10;"))  # noqa: S704


@cache
def environment() -> Environment:
    """The environment of every page; everything put in is escaped."""
    made = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
    )
    for name in ("day", "long_day", "clock", "moment", "long_moment", "count", "listed", "amount"):
        made.filters[name] = getattr(words, name)
    made.filters["sentence"] = words.sentence
    made.filters["typed"] = typed
    return made
