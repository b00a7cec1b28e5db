"""What Slack hands out for a while: trigger_ids, response_urls."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.platforms.slack.refusing import Refused

if TYPE_CHECKING:
    from tests.platforms.slack.channels import Channel, Message
    from tests.platforms.slack.people import Person
    from tests.platforms.slack.workspace import Workspace

USES = 5
"""How often one response_url may be used (remembered, as is its half hour)."""


@dataclass
class Trigger:
    """A trigger_id: whose doing it was, and whether it was in a modal."""

    person: Person
    until: float
    in_modal: bool
    spent: bool = False


@dataclass
class ResponseUrl:
    """A response_url: where it answers, whom, and which message it may replace."""

    person: Person
    channel: Channel
    message: Message | None
    until: float
    uses: int = 0


class Tickets:
    """The trigger_ids and response_urls of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}

    def trigger(self, person: Person, *, in_modal: bool = False) -> str:
        """A new trigger_id."""
        with self.workspace.lock:
            name = f"{len(self.triggers) + 1}.{self.workspace.team_id}.made-up"
            until = time.monotonic() + self.workspace.clocks.trigger
            self.triggers[name] = Trigger(person, until, in_modal)
        return name

    def spend(self, name: str) -> Trigger:
        """Exchange a trigger_id: once, and in time (documented, with the errors)."""
        found = self.triggers.get(name)
        if found is None:
            raise Refused("invalid_trigger_id")
        if found.spent:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() > found.until:
            raise Refused("expired_trigger_id")
        found.spent = True
        return found

    def response_url(self, person: Person, channel: Channel, message: Message | None) -> str:
        """A new response_url."""
        with self.workspace.lock:
            name = f"{self.workspace.team_id}/{len(self.response_urls) + 1}/made-up"
            until = time.monotonic() + self.workspace.clocks.response_url
            self.response_urls[name] = ResponseUrl(person, channel, message, until)
        return f"{self.workspace.url}/actions/{name}"

    def use(self, name: str) -> ResponseUrl:
        """Use a response_url once; the errors are remembered."""
        found = self.response_urls.get(name)
        if found is None:
            raise Refused("invalid_url")
        if time.monotonic() > found.until:
            raise Refused("expired_url")
        if found.uses >= USES:
            raise Refused("used_url")
        found.uses += 1
        return found
