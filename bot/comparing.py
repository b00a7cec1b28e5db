"""Puts what each platform can and cannot into one table, for whoever chooses one."""

from __future__ import annotations

from bot.platform import Capabilities
from bot.slack.capabilities import CAN as SLACK
from bot.teams.capabilities import IN_CHANNELS, MADE, PAIRED
from bot.web.capabilities import CAN as WEB

PLATFORMS = (SLACK, MADE, PAIRED, IN_CHANNELS, WEB)

INTRO = """\
# What each platform can and cannot

For a service manager who chooses where the assistant works. The commands, forms, reminders and
words are the same everywhere; what differs stands here. It is what the code of each platform
declares of itself, as it is now.
"""

AREAS: dict[str, dict[str, str]] = {
    "A family's room": {
        "room": "What it is",
        "for_real_work": "Can be used with real families",
        "makes_rooms": "The assistant makes it",
        "changes_members": "The assistant lets in the team, and takes out whoever is not on it",
        "silent_before_strangers": "It says nothing there while a stranger to the team is inside",
        "restores_names": "It puts the room's name back, if somebody changes it",
        "closes_rooms": "It closes it when the work with the family ends",
    },
    "What people see and do": {
        "edits": "A message changes in place when things have moved on",
        "pins": "The first message of a room, which says whom to call, is pinned",
        "most_buttons": "Buttons on one card, at most",
        "private_answers": "Only whoever asked sees the answer",
        "typed_words": "Words can be typed: actions, new, a family's reference",
        "message_action": "A message can be made an action",
        "home": "Everybody has a place with what is theirs",
    },
    "Forms": {
        "errors_at_questions": "What is wrong stands at its question",
        "asks_as_answered": "A further question appears as soon as an answer asks for it",
        "keeps_unsent": "A form that was filled in and not sent is kept for a week",
        "searches_lists": "A long list is searched by typing",
    },
    "Delivery": {
        "looks": "When it is not known whether a message arrived, the assistant can look",
    },
}
"""What is asked of each platform, under its heading, by what it declares."""

OUTRO = """\
**With a permission**: Microsoft lets the assistant read the chats it is in, to look for its own
message, only where `Chat.Read.WhereInstalled` was granted. Without it, a message that may have
arrived is sent once more and says so ([reliability.md](reliability.md)). In private channels that
takes a permission which opens every channel of the tenant, so it asks for none.

To join one: [install-slack.md](install-slack.md), [install-teams.md](install-teams.md). What could
not be tried without a tenant of Microsoft's stands at the end of the second.
"""


def compared() -> str:
    """Every platform beside the others, a table for each area."""
    parts = [INTRO]
    for area, questions in AREAS.items():
        names = " | ".join(one.called for one in PLATFORMS)
        lines = [f"## {area}", "", f"| | {names} |", f"|{'---|' * (len(PLATFORMS) + 1)}"]
        for name, asked in questions.items():
            said = " | ".join(_said(one, name) for one in PLATFORMS)
            lines.append(f"| {asked} | {said} |")
        parts.append("\n".join([*lines, ""]))
    return "\n".join([*parts, OUTRO])


def _said(of: Capabilities, name: str) -> str:
    found = getattr(of, name)
    if isinstance(found, bool):
        return "Yes" if found else "No"
    if found is None:
        return "No limit"
    words = str(found)
    return words[0].upper() + words[1:]
