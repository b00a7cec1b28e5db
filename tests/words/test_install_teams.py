"""What is written for whoever joins Teams is what the app asks for and what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from bot.chat.typing import HELP
from bot.documents import in_teams
from bot.slack import platform as slack
from bot.teams import platform as teams
from bot.teams.answering import LINK
from bot.teams.clouds import CLOUDS
from bot.teams.connecting import ADDRESS, ROOMS
from bot.teams.guarding import REASONS
from bot.teams.joining import CALL
from bot.teams.knocking import LARGEST
from bot.teams.manifest import (
    COMMANDS,
    IN_A_ROOM,
    LOOKING,
    in_graph,
    looking,
    manifest,
    permissions,
)
from storage.drafts import KEPT_FOR

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "install-teams.md").read_text(encoding="utf-8")
GUIDES = ("for-practitioners.md", "for-lead-professionals.md", "for-co-ordinators.md")


def on_teams(guide: str) -> str:
    """What a guide says of Teams."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    return text.partition("## On Teams\n")[2].partition("\n## ")[0]


def test_each_permission_stands_there_with_its_reason_and_no_other() -> None:
    written = re.findall(r"^\| `([A-Z][A-Za-z]+\.[A-Za-z.]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    wanted = in_teams()
    assert dict(written) == wanted
    for room in ("group_chat", "private_channel"):
        asked = in_graph(room) | looking(room) | permissions(room)
        assert {name for name, why in wanted.items() if f"`{room}`" in why} == set(asked)
        assert len(in_graph(room)) == 6
    assert "six for Microsoft Graph" in PAGE


def test_the_settings_are_those_that_are_read() -> None:
    code = (DOCS.parent / "bot" / "teams" / "connecting.py").read_text(encoding="utf-8")
    written = set(re.findall(r"^\| `(TEAMS_[A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert written == set(re.findall(r'"(TEAMS_[A-Z_]+)"', code))


def test_every_address_of_every_cloud_is_named() -> None:
    for name, cloud in CLOUDS.items():
        assert f"| `{name}` |" in PAGE
        for url in (cloud.login, cloud.openid, cloud.graph):
            assert f"`{url.split('/')[2]}`" in PAGE
        assert all(f"`{host}`" in PAGE for host in cloud.hosts)


def test_what_it_is_called_and_where_it_listens_is_so() -> None:
    app = manifest("x", "x", "paired", "https://example.org/")
    assert f"POST {ADDRESS}" in PAGE
    assert f"taf.example.org{ADDRESS}" in PAGE
    link = next(iter(IN_A_ROOM))
    assert f"@{app['name']['short']} {link}" in PAGE
    assert app["composeExtensions"][0]["commands"][0]["title"] in PAGE
    assert {"help", "new"} <= set(COMMANDS)
    assert (LARGEST, KEPT_FOR.days) == (256_000, 7)
    for why in ("other_audience", "not_yet", "out_of_date"):
        assert why in REASONS.values()
        assert f"`{why}`" in PAGE


def test_what_was_not_tried_is_said() -> None:
    pilot = PAGE.partition("## Pilot")[2]
    assert "None of it was tried on Microsoft's own." in pilot
    assert pilot.count("- [ ] ") >= 12


def test_each_guide_says_what_is_done_on_teams() -> None:
    for name in GUIDES:
        assert len(on_teams(name)) > 500, name
        assert teams.topic_of("F-1042") in on_teams(GUIDES[1])


def test_every_word_is_explained_to_practitioners() -> None:
    written = set(re.findall(rf"^\| `({CALL} [^`]+)` \|", on_teams(GUIDES[0]), re.MULTILINE))
    assert written == {f"{CALL} {word}" for word in (*dict(HELP), *IN_A_ROOM)}
    link = next(iter(IN_A_ROOM))
    assert LINK.fullmatch(link)
    assert f"`{CALL} {link}`" in on_teams(GUIDES[1])
    assert manifest("x", "x", "paired", "")["name"]["short"] == CALL.removeprefix("@")


def test_what_is_promised_of_delivery_is_what_is_waited_for_and_asked_for() -> None:
    text = " ".join((DOCS / "reliability.md").read_text(encoding="utf-8").split())
    waits = [one.LIMITS.settles.total_seconds() - 10 for one in (teams, slack)]
    assert waits == [60, 120]
    assert "On Teams the quiet time is 60 seconds, on Slack 120." in text
    assert all(f"`{one}`" in text for one in LOOKING)
    assert ROOMS == ("paired", "group_chat", "private_channel"), "all are in the leads' guide"


def test_every_part_that_is_named_to_whoever_changes_it_is_there() -> None:
    text = (DOCS / "changing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [a-z][^|]+\| (`[^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert len(rows) == 6
    for columns in rows:
        for folder, cell in zip(("slack", "teams"), columns, strict=True):
            for part in re.findall(r"`([a-z_]+)`", cell):
                assert (DOCS.parent / "bot" / folder / f"{part}.py").is_file(), part
    shared = text.partition("share stands in `bot/chat/`")[2].partition("`bot/chat/` knows")[0]
    named = set(re.findall(r"\(`([a-z_]+)`\)", shared))
    there = {one.stem for one in (DOCS.parent / "bot" / "chat").glob("[a-z]*.py")}
    assert named == there
