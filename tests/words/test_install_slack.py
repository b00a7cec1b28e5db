"""What is written for whoever joins Slack is what the app asks for and what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from bot.chat.typing import HELP
from bot.slack.connecting import SLACK
from bot.slack.joining import CALL
from bot.slack.knocking import ADDRESS, WINDOW
from bot.slack.manifest import EVENTS, SCOPES, manifest
from storage.drafts import KEPT_FOR

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "install-slack.md").read_text(encoding="utf-8")
GUIDES = ("for-practitioners.md", "for-lead-professionals.md", "for-co-ordinators.md")


def test_each_permission_and_event_stands_there_with_its_reason_and_no_other() -> None:
    written = re.findall(r"^\| `([a-z_]+(?:[:.][a-z:.]+)?)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert dict(written) == SCOPES | EVENTS
    assert len(written) == len(SCOPES) + len(EVENTS)


def test_the_settings_are_those_that_are_read() -> None:
    code = (DOCS.parent / "bot" / "slack" / "connecting.py").read_text(encoding="utf-8")
    written = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert written == set(re.findall(r'"(SLACK_[A-Z_]+)"', code))
    assert SLACK in PAGE


def test_what_it_is_called_and_where_it_listens_is_so() -> None:
    app = manifest(None)
    assert f"@{app['features']['bot_user']['display_name']}" in PAGE
    assert f"POST {ADDRESS}" in PAGE
    assert (WINDOW, KEPT_FOR.days) == (300, 7)
    assert app["features"]["shortcuts"][0]["name"] in PAGE
    assert app["settings"]["token_rotation_enabled"] is False


def test_every_word_of_the_command_is_explained_to_practitioners() -> None:
    text = (DOCS / GUIDES[0]).read_text(encoding="utf-8")
    known = {f"{CALL} {word}" for word, _ in HELP}
    assert known <= set(re.findall(r"`(/taf [^`]+)`", text))


def test_each_guide_says_what_is_done_on_slack() -> None:
    for name in GUIDES:
        assert "## On Slack" in (DOCS / name).read_text(encoding="utf-8"), name
