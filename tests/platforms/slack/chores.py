"""What happens to channels and people, whoever does it, and the events that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.channels import Channel
from tests.platforms.slack.people import Person

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace


def _kind(channel: Channel) -> str:
    return "G" if channel.is_private else "C"


def join(workspace: Workspace, channel: Channel, person: Person, inviter: str) -> None:
    """Somebody comes into a channel."""
    channel.members.append(person.id)
    text = f"<@{person.id}> has joined the channel"
    workspace.write(channel, person.id, text, subtype="channel_join")
    if workspace.app.bot_user in channel.members:
        workspace.tell(
            "member_joined_channel",
            user=person.id,
            channel=channel.id,
            channel_type=_kind(channel),
            team=workspace.team_id,
            inviter=inviter,
        )


def part(workspace: Workspace, channel: Channel, person: Person) -> None:
    """Somebody leaves a channel, or is removed; our app hears of its own bot too (remembered)."""
    ours = workspace.app.bot_user in channel.members
    channel.members.remove(person.id)
    text = f"<@{person.id}> has left the channel"
    workspace.write(channel, person.id, text, subtype="channel_leave")
    if ours:
        workspace.tell(
            "member_left_channel",
            user=person.id,
            channel=channel.id,
            channel_type=_kind(channel),
            team=workspace.team_id,
        )


def _tell_of(workspace: Workspace, channel: Channel, what: str, about: dict[str, Any]) -> None:
    """Tell of the channel as a whole: of a private one only while the bot is in it."""
    if not channel.is_private or workspace.app.bot_user in channel.members:
        workspace.tell(f"{channel.event}_{what}", **about)


def archive(workspace: Workspace, channel: Channel, who: str) -> None:
    """A channel is archived: it can be read on, and its members stay listed (remembered)."""
    text = f"<@{who}> archived the channel"
    workspace.write(channel, who, text, subtype="channel_archive")
    channel.is_archived = True
    _tell_of(workspace, channel, "archive", {"channel": channel.id, "user": who})


def unarchive(workspace: Workspace, channel: Channel, who: str) -> None:
    """A channel is opened again."""
    channel.is_archived = False
    _tell_of(workspace, channel, "unarchive", {"channel": channel.id, "user": who})


def rename(workspace: Workspace, channel: Channel, name: str, who: str) -> None:
    """A channel gets another name."""
    channel.previous_names.insert(0, channel.name)
    channel.name = name
    workspace.write(channel, who, f"renamed the channel to {name}", subtype="channel_name")
    named = {"id": channel.id, "name": name, "created": channel.created}
    _tell_of(workspace, channel, "rename", {"channel": named})


def delete(workspace: Workspace, channel: Channel) -> None:
    """A channel is gone for good, and its name is free (remembered)."""
    del workspace.channels[channel.id]
    _tell_of(workspace, channel, "deleted", {"channel": channel.id})


def share(workspace: Workspace, channel: Channel, team: str = "T0ELSEWHERE") -> None:
    """A channel is opened to another organisation."""
    channel.is_ext_shared = True
    workspace.tell("channel_shared", connected_team_id=team, channel=channel.id)


def deactivate(workspace: Workspace, person: Person) -> None:
    """Somebody's account is closed; they are in no channel any more (remembered)."""
    person.deleted = True
    person.modals.clear()
    for channel in workspace.channels.values():
        if person.id in channel.members and not channel.im_with:
            channel.members.remove(person.id)
    workspace.tell("user_change", user=person.shown(with_email=True))


def uninstall(workspace: Workspace) -> None:
    """Our app is removed from the workspace; the order of the two events is not fixed."""
    workspace.tell("tokens_revoked", tokens={"oauth": [], "bot": [workspace.app.bot_user]})
    workspace.tell("app_uninstalled")
    workspace.app.refusal = "account_inactive"


def revoke(workspace: Workspace) -> None:
    """Our token is revoked."""
    workspace.tell("tokens_revoked", tokens={"oauth": [], "bot": [workspace.app.bot_user]})
    workspace.app.refusal = "token_revoked"
