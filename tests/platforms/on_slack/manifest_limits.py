"""The limits of an app's manifest, as far as ours uses one."""

# Written by hand from the limits that Slack publishes (its schema for manifests, version 1): the
# keys known there, their lengths and counts. Keys that our manifest never has are left out.

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


def text(least: int, most: int, pattern: str = "", among: tuple[str, ...] = ()) -> Rule:
    """Words of a length, of a pattern, or among those that are known."""

    def look(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: {type(value).__name__}, no text"
        elif not least <= len(value) <= most:
            yield f"{at}: {len(value)} characters, not {least} to {most}"
        elif not re.search(pattern, value) or (among and value not in among):
            yield f"{at}: {value!r} does not fit"

    return look


def flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: {type(value).__name__}, no bool"


def many(rule: Rule, least: int, most: int, *, once: bool = False) -> Rule:
    """A list of so many; `once`: each may stand in it once only."""

    def look(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: {type(value).__name__}, no list"
            return
        if not least <= len(value) <= most:
            yield f"{at}: {len(value)} of them, not {least} to {most}"
        if once and len(set(value)) < len(value):
            yield f"{at}: something stands there twice"
        for number, one in enumerate(value):
            yield from rule(one, f"{at}.{number}")

    return look


def keys(needed: Mapping[str, Rule], may: Mapping[str, Rule]) -> Rule:
    """A mapping with these keys and no other."""

    def look(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: {type(value).__name__}, no mapping"
            return
        yield from (f"{at}.{name} is missing" for name in needed if name not in value)
        known = {**needed, **may}
        for name, one in value.items():
            if name in known:
                yield from known[name](one, f"{at}.{name}")
            else:
                yield f"{at}.{name}: there is no such key"

    return look


URL = text(8, 3500, r"^https?://")
NAME = text(1, 50)

MANIFEST = keys(
    {
        "display_information": keys(
            {"name": text(1, 35)},
            {
                "description": text(1, 140),
                "long_description": text(175, 4000),
                "background_color": text(4, 7, r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
            },
        )
    },
    {
        "features": keys(
            {},
            {
                "app_home": keys(
                    {},
                    {
                        "home_tab_enabled": flag,
                        "messages_tab_enabled": flag,
                        "messages_tab_read_only_enabled": flag,
                    },
                ),
                "bot_user": keys({"display_name": text(1, 80)}, {"always_online": flag}),
                "shortcuts": many(
                    keys(
                        {
                            "name": text(1, 24),
                            "type": text(1, 10, among=("message", "global")),
                            "callback_id": text(1, 255),
                            "description": text(1, 150),
                        },
                        {},
                    ),
                    1,
                    10,
                ),
                "slash_commands": many(
                    keys(
                        {"command": text(2, 32, r"^/"), "description": text(1, 2000)},
                        {
                            "url": text(8, 3000, r"^https?://"),
                            "usage_hint": text(1, 1000),
                            "should_escape": flag,
                        },
                    ),
                    1,
                    50,
                ),
            },
        ),
        "oauth_config": keys({}, {"scopes": keys({}, {"bot": many(NAME, 0, 255)})}),
        "settings": keys(
            {},
            {
                "event_subscriptions": keys(
                    {}, {"request_url": URL, "bot_events": many(NAME, 0, 100, once=True)}
                ),
                "interactivity": keys(
                    {"is_enabled": flag}, {"request_url": URL, "message_menu_options_url": URL}
                ),
                "org_deploy_enabled": flag,
                "socket_mode_enabled": flag,
                "token_rotation_enabled": flag,
            },
        ),
    },
)


def wrong(document: Any) -> list[str]:
    """Everything in a manifest that Slack would not take."""
    return list(MANIFEST(document, "manifest"))
