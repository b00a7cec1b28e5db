"""Nothing that is typed is read as markup, whether a client reads markdown there or not."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.teams.wording import cut, plain, verbatim

NASTY = (
    *("*b*", "**b**", "_i_", "~~s~~", "`c`", "[a](https://b.example)", "![a](b)", "<at>Asha</at>"),
    *("[a]: https://b.example", "[a][b]", "<https://b.example>", "<b>", "&amp;", "&#42;", "\\*"),
    *("# ", "## ", "- ", "+ ", "1. ", "1) ", "> ", "---", "===", "|a|b|\n|-|-|", "    ", "\t"),
    *("\n", "\r\n", "\u2028", "\u200b", "{{DATE(2026-03-04T09:00:00Z, SHORT)}}", "{{", "}}"),
    *("\x00", "\ud800", "\u202e", "\U0001f600", "a", " ", "\\", "]", "(", ":", "!", "&", "<", "`"),
)
nasty = st.lists(st.sampled_from(NASTY) | st.text(max_size=4), max_size=12).map("".join)

READERS = [
    MarkdownIt("commonmark", {"html": html_too}).enable(["table", "strikethrough"])
    for html_too in (True, False)
]


@pytest.mark.parametrize("reader", READERS, ids=["with html", "without"])
@settings(deadline=None)
@given(text=nasty)
@example("[a]: https://b.example")
@example("- - - ")
@example("\u200b# a")
def test_markdown_reads_nothing_in_plain_words(reader: MarkdownIt, text: str) -> None:
    shown = plain(text)

    assert reader.render(shown) == f"<p>{html.escape(shown).replace('&#x27;', chr(39))}</p>\n"
    assert shown.strip()


@settings(deadline=None)
@given(text=nasty)
@example("<at>Asha</at>")
def test_no_date_is_reckoned_and_no_mention_made(text: str) -> None:
    for shown in (plain(text), verbatim(text)):
        assert "{{" not in shown
        shown.encode()
        assert "<at>" not in shown


def test_plain_words_look_as_they_were_typed() -> None:
    typed = "Health & Social Care: 5 < 6, F-1042 (see [notes]) — 50% off! #1"

    assert plain(typed).replace("\u200b", "") == typed
    assert plain("a*b_c") == "a∗bˍc"
    assert plain("word " * 100, 30) == "word word word word word word…"
    assert plain(" \n ") == "…"


def test_words_for_a_run_are_left_as_they_are() -> None:
    typed = "**b** [a](https://b.example) <attach> a < b\n# no heading"

    assert verbatim(typed) == typed
    assert verbatim("<AT>Asha</at>").replace("\u200b", "") == "<AT>Asha</at>"
    assert re.sub("\u200b", "", verbatim("{{DATE(2026-03-04T09:00:00Z)}}")).startswith("{{DATE")


def test_what_is_too_long_is_cut_at_its_end() -> None:
    assert cut("  abc  ", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
