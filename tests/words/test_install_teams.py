"""What is written for whoever joins Teams is what the app asks for and what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from bot.teams.clouds import CLOUDS
from bot.teams.connecting import ADDRESS
from bot.teams.guarding import REASONS
from bot.teams.knocking import LARGEST
from bot.teams.manifest import COMMANDS, GRAPH, IN_A_ROOM, IN_THE_CHAT, LOOKING, manifest
from storage.drafts import KEPT_FOR

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "install-teams.md").read_text(encoding="utf-8")


def test_each_permission_stands_there_with_its_reason_and_no_other() -> None:
    written = re.findall(r"^\| `([A-Z][A-Za-z]+\.[A-Za-z.]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert dict(written) == GRAPH | LOOKING | IN_THE_CHAT
    assert len(GRAPH) == 6
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
