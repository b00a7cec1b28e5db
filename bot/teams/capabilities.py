"""What the assistant can do on Teams, by who makes the families' rooms, and of what kind."""

from __future__ import annotations

from dataclasses import replace

from bot.platform import Capabilities
from bot.teams.cards import MOST_BUTTONS

PAIRED = Capabilities(
    called="Teams, chats made by people",
    room="a group chat",
    for_real_work="After a pilot: it was tried on a server of our own, and in no tenant yet",
    makes_rooms="No: a person makes the chat and links it to the family",
    changes_members="No: the Lead Professional is told who to add and whom to take out",
    silent_before_strangers=True,
    restores_names=False,
    closes_rooms="No: the Lead Professional is told to take everybody out",
    edits=True,
    pins=False,
    private_answers="In their own chat with the assistant; a press is answered on the spot",
    typed_words="After `@TAF Assistant`; in somebody's own chat the word alone",
    message_action=True,
    home="A card in their own chat, when they ask for it",
    errors_at_questions=True,
    asks_as_answered="Not before the form is sent: then it comes back with what else is asked",
    keeps_unsent="Once a step of it was sent; not what was typed and never sent",
    searches_lists=True,
    most_buttons=MOST_BUTTONS,
    looks="with a permission",
)

MADE = replace(
    PAIRED,
    called="Teams, chats made by the assistant",
    makes_rooms=True,
    changes_members=True,
    restores_names=True,
    closes_rooms="Everybody is taken out; what was said stays with Microsoft",
)

IN_CHANNELS = replace(
    MADE,
    called="Teams, private channels",
    room="a private channel of one standing team",
    for_real_work=(
        "After a pilot: Microsoft's own word on apps in private channels differs from page to page"
    ),
    makes_rooms="Yes, but a person adds the app to each channel, once",
    changes_members="Yes, of people who are in that team already",
    closes_rooms="Archived, with everybody out but one owner, whom Teams keeps in it",
    looks="never",
)
