"""What the assistant can do on the web."""

from __future__ import annotations

from bot.platform import Capabilities

CAN = Capabilities(
    called="Web",
    room="a page",
    for_real_work="No: to practise only, since nobody can sign in yet",
    makes_rooms=True,
    changes_members="Nobody can be added by hand: the page asks the record who may look",
    silent_before_strangers=True,
    restores_names="Nobody can change it",
    closes_rooms="The page stays, to be read by the team",
    edits=True,
    pins=False,
    private_answers="On the page that they pressed on",
    typed_words=False,
    message_action=False,
    home="The page My work",
    errors_at_questions=True,
    asks_as_answered="After a choice between few; otherwise it stands there from the beginning",
    keeps_unsent=False,
    searches_lists=False,
    most_buttons=None,
    looks="always",
)
