"""What a command is called on buttons, and the form behind it, in this partnership's words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.boundary import default_labels
from bot.commands import COMMANDS
from messages.form import Form, relabelled
from workflows.policy import Policy


@dataclass(frozen=True)
class Naming:
    """The words on the buttons of one partnership."""

    policy: Policy

    def form(self, command: str) -> Form | None:
        """The form of a command, None for a command that this release does not know."""
        found = COMMANDS.get(command)
        return relabelled(found.form, default_labels(self.policy)) if found else None

    def label(self, command: str) -> str | None:
        """The words on a command's button, None for a command that this release does not know."""
        form = self.form(command)
        return form.label if form else None
