"""The words of a message that somebody wrote on Slack, as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

MARKED = re.compile(r"<([@#!]?)([^<>|]{0,2000})(?:\|([^<>]{0,2000}))?>")


def written(text: str, called: Callable[[str], str]) -> str:
    """What Slack marks up, as people read it: a link by its words, whoever is named by name.

    `called` gives the name of an account; of one that we do not know, "somebody".
    """

    def read(found: re.Match[str]) -> str:
        kind, what, words = found.groups()
        if kind == "@":
            return called(what)
        if kind == "!":
            return ""
        return words or (what if not kind else "")

    return " ".join(html.unescape(MARKED.sub(read, text)).split())
