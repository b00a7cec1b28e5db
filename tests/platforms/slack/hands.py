"""A person's hands: they type, press, fill in and send off, as far as Slack's client lets them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.platforms.slack import modals, payloads
from tests.platforms.slack.administering import Admin
from tests.platforms.slack.channels import Channel, Message
from tests.platforms.slack.inputs import KEYS, elements_of, entered, find
from tests.platforms.slack.outgoing import Answer, Event
from tests.platforms.slack.people import Person
from tests.platforms.slack.refusing import ClientRefuses, Refused, Unshowable
from tests.platforms.slack.responding import write_answer
from tests.platforms.slack.views import View

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

Place = Message | View


class Hand:
    """One person at Slack's client."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self.workspace, self.person = workspace, person

    @property
    def id(self) -> str:
        """The person's user id."""
        return self.person.id

    @property
    def view(self) -> View | None:
        """The modal in front of them."""
        return self.person.view

    @property
    def home(self) -> View | None:
        """Their home tab."""
        return self.person.home

    @property
    def errors(self) -> list[str]:
        """What Slack's client complained of to them."""
        return self.person.errors

    @property
    def admin(self) -> Admin:
        """What they can do to channels and accounts."""
        return Admin(self.workspace, self.person)

    @property
    def sees(self) -> list[Message]:
        """The messages that they can see, oldest first."""
        found: list[Message] = []
        with self.workspace.lock:
            for channel in self.workspace.channels.values():
                if self.id in channel.members:
                    found += channel.standing()
                mine = (one for one in channel.ephemerals if one.audience == self.id)
                found += [one for one in mine if not one.deleted]
        return sorted(found, key=lambda one: [int(part) for part in one.ts.split(".")])

    def reads(self, words: str, timeout: float = 5.0) -> Message:
        """The newest message with these words in it, as soon as there is one."""

        def newest() -> Message | None:
            for one in reversed(self.sees):
                if words in one.text or words in json.dumps(one.blocks, ensure_ascii=False):
                    return one
            return None

        found: Message = self.workspace.until(newest, timeout)
        return found

    def types(self, typed: str, channel: Channel | None = None) -> Answer:
        """Type a command, in a channel or in the direct messages with our app."""
        self._check_active()
        place = channel or self.workspace.direct(self.id)[0]
        body = payloads.command(self.workspace, self.person, place, typed)
        answer = self._carry("slash_commands", body, typed.split(maxsplit=1)[0])
        if answer.ok and answer.body.strip():
            said = answer.parsed()
            said = said if isinstance(said, dict) else {"text": answer.body.decode()}
            try:
                write_answer(self.workspace, self.person, place, said)
            except Refused as no:
                raise Unshowable(str(no)) from no
        return answer

    def writes(self, channel: Channel, text: str) -> Message:
        """Write an ordinary message."""
        self._check_active()
        return self.workspace.write(channel, self.id, text)

    def shortcut(self, callback_id: str, message: Message | None = None) -> Answer:
        """Start a shortcut, of a message or from anywhere."""
        self._check_active()
        body = payloads.shortcut(self.workspace, self.person, callback_id, message)
        return self._carry("interactive", body, callback_id)

    def opens_home(self) -> Event | None:
        """Look at the app's home tab."""
        self._check_active()
        channel = self.workspace.direct(self.id)[0]
        view = {"view": self.home.shown()} if self.home else {}
        about = {"user": self.id, "channel": channel.id, "tab": "home"}
        return self.workspace.tell("app_home_opened", **about, **view)

    def presses(
        self, where: Place, what: str, value: Any = None, *, block_id: str | None = None
    ) -> Answer:
        """Press a button, or choose from a menu that stands among the blocks.

        `what` is an action_id or a label. `value` is what is chosen; of a button, what it carries.
        """
        self._check_shown(where)
        block, element = find(where.blocks, what, value, block_id)
        entry = None
        if element["type"] != "button":
            entry = self._enter(where, block, element, value)
        pressed = payloads.action(block, element, entry)
        body = payloads.block_actions(self.workspace, self.person, where, pressed)
        return self._carry("interactive", body, what)

    def fills(self, view: View | None, values: dict[str, Any]) -> list[Answer]:
        """Fill in the inputs of these block_ids; those that dispatch tell the app at once."""
        told = []
        for block_id, value in values.items():
            shown = self._check_shown(view)
            block = next((one for one in shown.blocks if one["block_id"] == block_id), None)
            if block is None or block["type"] != "input":
                here = [one["block_id"] for one in shown.blocks if one["type"] == "input"]
                raise LookupError(f"no input {block_id!r}; there are {here}")
            entry = self._enter(shown, block, block["element"], value)
            if block.get("dispatch_action"):
                pressed = payloads.action(block, block["element"], entry)
                body = payloads.block_actions(self.workspace, self.person, shown, pressed)
                told.append(self._carry("interactive", body, block_id))
        return told

    def searches(self, where: Place | None, block_id: str, text: str) -> list[dict[str, Any]]:
        """Type into an external select; the options that the app offers."""
        shown = self._check_shown(where)
        block = next(one for one in shown.blocks if one["block_id"] == block_id)
        element = next(one for one in elements_of(block) if "external" in one["type"])
        if len(text) < element.get("min_query_length", 3):
            raise ClientRefuses("too little was typed to search")
        about = (self.workspace, self.person, shown, block, element, text)
        answer = self._carry("interactive", payloads.block_suggestion(*about), block_id)
        found = modals.options(answer) if answer.ok else []
        shown.offered[block_id, element["action_id"]] = found
        return found

    def submits(self, view: View | None) -> Answer:
        """Send a modal off."""
        shown = self._check_shown(view)
        assert isinstance(shown, View)
        return modals.submit(self.workspace, self.person, shown)

    def closes(self, view: View | None) -> list[Answer]:
        """Close a modal without sending it off."""
        shown = self._check_shown(view)
        assert isinstance(shown, View)
        return modals.dismiss(self.workspace, self.person, shown)

    def _enter(self, where: Place, block: Any, element: Any, value: Any) -> dict[str, Any]:
        if element["type"] not in KEYS:
            raise ClientRefuses(f"nothing can be put into a {element['type']}")
        name, action = block["block_id"], element["action_id"]
        entry = entered(element, value, where.offered.get((name, action), []))
        if element["type"] != "overflow":
            where.values.setdefault(name, {})[action] = entry
        return entry

    def _check_active(self) -> None:
        if self.person.deleted:
            raise ClientRefuses(f"{self.person.real_name}'s account is closed")

    def _check_shown(self, where: Place | None) -> Place:
        """That this is really in front of them."""
        self._check_active()
        if isinstance(where, View):
            shown = where is self.view or where is self.home
        else:
            shown = any(one is where for one in self.sees)
        if where is None or not shown:
            raise ClientRefuses("that is not in front of them")
        return where

    def _carry(self, kind: str, body: dict[str, Any], what: str) -> Answer:
        """Tell the app; Slack never repeats it, but tells the person that it failed."""
        answer = self.workspace.outgoing.carry(kind, body)
        if not answer.ok:
            code = "operation_timeout" if answer.error == "timeout" else "dispatch_failed"
            self.errors.append(f"{what} failed with the error “{code}”")
        return answer
