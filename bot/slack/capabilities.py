"""What the assistant can do on Slack."""

from __future__ import annotations

from bot.platform import Capabilities
from bot.slack.blocks import MOST_BUTTONS

CAN = Capabilities(
    called="Slack",
    room="a private channel",
    for_real_work=True,
    makes_rooms=True,
    changes_members=True,
    silent_before_strangers=(
        "No: they are taken out. In a channel that was made public or shared with another"
        " organisation it says nothing"
    ),
    restores_names=True,
    closes_rooms="Archived: its members can go on reading it",
    edits=True,
    pins=True,
    private_answers="Where they typed or pressed, seen by them alone",
    typed_words="After `/taf`",
    message_action=True,
    home="The app's Home tab",
    errors_at_questions=True,
    asks_as_answered=True,
    keeps_unsent=True,
    searches_lists=True,
    most_buttons=MOST_BUTTONS,
    looks="always",
)
