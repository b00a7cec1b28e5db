"""What our app sends to a response_url, or answers to a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.blocks import check_message
from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.people import Person
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.views import with_ids

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace


def respond(workspace: Workspace, name: str, said: Any) -> None:
    """Use a response_url: replace the message or delete it, or write another."""
    with workspace.changed:
        ticket = workspace.tickets.use(name)
        if not isinstance(said, dict):
            raise Refused("invalid_payload")  # remembered
        message = ticket.message
        if said.get("delete_original"):
            if message is None:
                raise Refused("message_not_found")  # remembered
            message.deleted = True
        elif said.get("replace_original") and message is not None:
            message.text, message.blocks = _content(workspace, said)
            message.edits += 1
        else:
            write_answer(workspace, ticket.person, ticket.channel, said)
        workspace.changed.notify_all()


def write_answer(
    workspace: Workspace, person: Person, channel: Channel, said: dict[str, Any]
) -> Message:
    """Write what was answered: for that person alone, unless it says `in_channel`."""
    text, blocks = _content(workspace, said)
    kind = said.get("response_type") or "ephemeral"
    if kind not in {"ephemeral", "in_channel"}:
        raise Refused("invalid_response_type")  # remembered
    audience = person.id if kind == "ephemeral" else None
    return workspace.written_by_app(channel, text, blocks=blocks, audience=audience)


def _content(workspace: Workspace, said: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    text, blocks = str(said.get("text") or ""), said.get("blocks")
    if not text and not blocks:
        raise Refused("no_text")
    return text, with_ids(check_message(blocks), len(workspace.log)) if blocks else []
