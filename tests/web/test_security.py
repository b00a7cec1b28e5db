"""What guards every page: headers, origins, sizes, cookies; and nothing that is GOV.UK's own."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from bot.web.security import MOST_BYTES
from tests.web.conftest import ADDRESS, Browser
from tests.web.looking import Page
from tests.web.rich import Rich

EVERY = (
    "/",
    "/welcome",
    "/my",
    "/nowhere",
    "/families/F-1042",
    "/families/F-1042/plan",
    "/families/F-1042/meetings",
    "/families/F-1042/indicators",
    "/families/F-1042/family",
    "/families/F-1042/history",
    "/do/taf.convene",
    "/do/meeting.record/meeting-3",
    "/do/taf.close/taf-1",
)
STATIC = Path("bot/web/static")
KEY = "0123456789abcdef" * 2


@pytest.mark.parametrize("path", EVERY)
def test_every_page_is_guarded(browser: Browser, path: str) -> None:
    answer = browser("Maya").get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", EVERY)
def test_every_script_is_allowed_and_none_is_inline(browser: Browser, path: str) -> None:
    answer = browser("Maya").get(path)
    policy = answer.headers["content-security-policy"]
    for opening, body in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL):
        if body:
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        else:
            assert 'src="/static/' in opening
        nonce = re.search(r'nonce="([^"]+)"', opening)
        assert nonce is None or f"'nonce-{nonce[1]}'" in policy
    for _, given in Page(answer.text).tags:
        assert not [name for name in given if name.startswith("on")]
        assert "style" not in given
    assert "javascript:" not in answer.text


def test_a_nonce_is_used_once(browser: Browser) -> None:
    maya = browser("Maya")
    nonces = {re.search(r'nonce="([^"]+)"', maya.get("/").text)[1] for _ in range(3)}  # type: ignore[index]
    assert len(nonces) == 3


@pytest.mark.parametrize("path", EVERY)
def test_a_page_has_one_heading_a_title_of_its_own_and_the_banner(
    browser: Browser, path: str
) -> None:
    page = Page(browser("Maya").get(path).text)
    assert [tag for tag, _ in page.headings].count("h1") == 1
    assert "If a child is at immediate risk call 999" in page.text
    assert "Fenbridge Partnership (fictional)" in page.text
    assert page.title.endswith("– TAF Assistant")
    assert "main-content" in page.ids
    assert "" not in page.ids
    assert len(page.ids) == len(set(page.ids))
    for _, given in page.tags:
        assert set(given.get("aria-labelledby", "").split()) <= set(page.ids)
        assert set(given.get("aria-describedby", "").split()) <= set(page.ids)


def test_titles_are_unique(browser: Browser) -> None:
    titles = [Page(browser("Maya").get(path).text).title for path in EVERY]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("path", EVERY)
def test_nothing_is_govuks_own(browser: Browser, path: str) -> None:
    html = browser("Maya").get(path).text.lower()
    for theirs in ("crown", "crest", "opengraph", "govuk-logo", "favicon.ico", "manifest.json"):
        assert theirs not in html, theirs


def test_no_font_or_picture_of_govuk_is_served() -> None:
    for path in STATIC.rglob("*"):
        assert path.suffix in {"", ".css", ".js", ".svg"}, path
    for path in STATIC.rglob("*.css"):
        styles = path.read_text().lower()
        assert "gds transport" not in styles
        assert "@font-face" not in styles
        assert "url(" not in styles


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://taf.test"},
        {"Origin": ADDRESS, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ADDRESS, "Sec-Fetch-Site": "same-site"},
        {"Origin": ADDRESS, "Sec-Fetch-Site": "none"},
    ],
)
def test_a_press_from_elsewhere_does_nothing(
    browser: Browser, family: Rich, headers: dict[str, str]
) -> None:
    action = family.refs["action"]
    maya = browser("Maya")
    told = maya.post(f"/do/action.mark_done/{action}", data={"key": KEY}, headers=headers)
    assert told.status_code == 403
    assert "Nothing was saved" in told.text
    assert told.headers["x-content-type-options"] == "nosniff"
    moved = maya.post("/practice/clock", data={"to": "week"}, headers=headers)
    assert moved.status_code == 403
    assert family.world.look(action, "state") == "open"


@pytest.mark.parametrize(
    "headers", [{"Origin": ADDRESS}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}]
)
def test_a_press_from_here_is_let_in(
    browser: Browser, family: Rich, headers: dict[str, str]
) -> None:
    action = family.refs["action"]
    told = browser("Maya").post(
        f"/do/action.mark_done/{action}", data={"key": KEY}, headers=headers
    )
    assert told.status_code == 303


def test_a_body_too_long_is_refused(browser: Browser, family: Rich) -> None:
    maya, here = browser("Maya"), f"/do/action.mark_done/{family.refs['action']}"
    assert maya.post(here, data={"key": KEY, "x": "a" * MOST_BYTES}).status_code == 413

    def endless() -> object:
        for _ in range(20):
            yield b"x=" + b"a" * (MOST_BYTES // 10)

    sent = maya.post(
        here,
        content=endless(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert sent.status_code == 413
    assert family.world.look(family.refs["action"], "state") == "open"


@pytest.mark.parametrize("kind", ["multipart", "json", "nothing"])
def test_other_kinds_of_bodies_change_nothing(browser: Browser, family: Rich, kind: str) -> None:
    maya, here = browser("Maya"), f"/do/action.mark_done/{family.refs['action']}"
    if kind == "multipart":
        told = maya.post(here, files={"key": ("a.txt", b"0" * 32)})
    elif kind == "json":
        told = maya.post(here, json={"key": KEY})
    else:
        told = maya.post(here)
    assert told.status_code == 404
    assert family.world.look(family.refs["action"], "state") == "open"


@pytest.mark.parametrize(
    "path",
    [
        "/families/F-1042%0A",
        "/families/..%2f..%2fetc",
        "/families/F-1042'",
        "/families/F-99999999999",
        "/families/F-1042-0",
        "/families/F-1042-99",
        "/families/F-1042/room/after/-1",
        "/families/F-1042/room/after/99999999999999999999",
        "/families/F-1042/room/after/1?since=yesterday",
        "/families/F-1042/room/after/1?since=99999999T999999.000000Z",
        "/families/F-1042?before=nothing",
        "/families/F-1042/history?before=-4",
        "/do/taf.convene/taf-1",
        "/do/taf.close",
        "/do/taf.close/action-1",
        "/do/taf.close/taf-0",
        "/do/taf.close/taf-999999999999999999999",
        "/do/__class__.x/taf-1",
        "/do/action.mark_done/action-1?from=<script>",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/",
    ],
)
def test_odd_addresses_are_nothing(browser: Browser, path: str) -> None:
    assert browser("Maya").get(path).status_code == 404


def test_cookies_are_closed_to_scripts_and_other_sites(browser: Browser, family: Rich) -> None:
    answers = [
        browser("").post("/practice/person", data={"person": str(family.world.people["Maya"])}),
        browser("Maya").post("/practice/clock", data={"to": "day"}),
        browser("Maya").post(f"/do/action.mark_done/{family.refs['action']}", data={"key": KEY}),
    ]
    for answer in answers:
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil", "/do/x"])
def test_nothing_leads_away(browser: Browser, family: Rich, back: str) -> None:
    person = str(family.world.people["Maya"])
    chosen = browser("").post("/practice/person", data={"person": person, "back": back})
    moved = browser("Maya").post("/practice/clock", data={"to": "day", "back": back})
    assert chosen.headers["location"] == moved.headers["location"] == "/"


def test_what_people_type_is_never_markup(browser: Browser, family: Rich) -> None:
    bad = '<img src=x onerror="alert(1)">{{ 7*7 }}'
    family.world.does("Maya", "action.block", family.refs["action"], blocked_by="other", words=bad)
    for page in ("", "/plan", "/meetings", "/history", "/family"):
        html = browser("Maya").get(f"/families/F-1042{page}").text
        assert "<img" not in html
        assert "<b>court" not in html
    plan = Page(browser("Maya").get("/families/F-1042/plan").text).text
    assert bad in plan
    assert "<b>court action</b>" in Page(browser("Maya").get("/families/F-1042/meetings").text).text
