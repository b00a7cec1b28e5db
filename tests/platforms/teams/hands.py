"""A person's hands: they type, press, fill in and send off, as far as Teams' client lets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.platforms.slack.outgoing import Answer
from tests.platforms.teams import activities, chores, dialogs, pressing
from tests.platforms.teams.administering import Admin
from tests.platforms.teams.chats import Chat, Message
from tests.platforms.teams.dialogs import Dialog
from tests.platforms.teams.inputs import entered, find_action, find_input, gathered, merged
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import ClientRefuses
from tests.platforms.teams.searching import search

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

Place = Message | Dialog


class Hand:
    """One person at Teams' client."""

    def __init__(self, tenant: Tenant, person: Person) -> None:
        self.tenant, self.person = tenant, person

    @property
    def id(self) -> str:
        """The person's id in the directory."""
        return self.person.id

    @property
    def view(self) -> Dialog | None:
        """The dialog in front of them."""
        return self.person.dialog

    dialog = view

    @property
    def errors(self) -> list[str]:
        """What Teams' client complained of to them."""
        return self.person.errors

    @property
    def notices(self) -> list[str]:
        """The sentences that our app answered them, and nobody else."""
        return self.person.notices

    @property
    def admin(self) -> Admin:
        """What they can do to chats, apps and accounts."""
        return Admin(self.tenant, self.person)

    @property
    def personal(self) -> Chat:
        """Their personal chat with our app."""
        return self.tenant.direct(self.person)

    @property
    def sees(self) -> list[Message]:
        """The messages that they can see, oldest first."""
        found: list[Message] = []
        with self.tenant.lock:
            for chat in self.tenant.chats.values():
                if self.id in chat.memberships:
                    found += [one for one in chat.standing() if one.audience in {None, self.id}]
        return sorted(found, key=lambda one: int(one.id))

    def reads(self, words: str, timeout: float = 5.0) -> Message:
        """The newest message of somebody else with these words in it, as soon as there is one."""

        def newest() -> Message | None:
            others = (one for one in reversed(self.sees) if one.sender != self.id)
            return next((one for one in others if one.says(words, self.person)), None)

        found: Message = self.tenant.until(newest, timeout)
        return found

    def types(self, words: str, where: Chat | None = None) -> Answer:
        """Write to the bot: in the personal chat, or with a mention in a chat that has it.

        `TAF actions` in a chat is a mention of the bot with `actions` behind it.
        """
        self._check_active()
        chat = where or self.personal
        if chat.kind == "personal":
            if not chat.has_app:
                chores.install(self.tenant, chat, self.person)
                self.tenant.settle()
            return self._says(chat, words)
        if not chat.has_app:
            raise ClientRefuses("nobody can mention a bot that is not in the chat")
        name = self.tenant.app.name
        mark = f"<at>{name}</at>"
        rest = re.sub(rf"^@?({re.escape(name)}|TAF)\b", "", words).strip()
        mention = {"type": "mention", "text": mark, "mentioned": self.tenant.app.account()}
        return self._says(chat, f"{mark} {rest}", mentions=[mention])

    def writes(self, chat: Chat, text: str) -> Message:
        """Write an ordinary message: of one in a group chat the bot hears only with consent."""
        self._check_active()
        self._check_in(chat)
        message = self.tenant.write(chat, self.id, text)
        if chat.kind == "personal" or "ChatMessage.Read.Chat" in chat.consented:
            self.tenant.outgoing.tell(activities.written(self.tenant, chat, self.person, message))
        return message

    def shortcut(self, command: str, message: Message) -> Answer:
        """Start a message action."""
        self._check_shown(message)
        if self.tenant.app.commands and command not in self.tenant.app.commands:
            raise ClientRefuses(f"the manifest has no command {command}")
        chat = self.tenant.chats[message.chat]
        return dialogs.begin(self.tenant, self.person, chat, message, None, command)

    def presses(self, where: Place, what: str, value: Any = None) -> Answer:
        """Press the action of this label or id; `value` is in its data, where two are alike."""
        card = self._card(where)
        action = find_action(card, what, value)
        if isinstance(where, Message):
            return pressing.press(self.tenant, self.person, where, action)
        return self._sends(where, action)

    def fills(self, where: Place | None, values: dict[str, Any]) -> None:
        """Put these into the inputs of these ids."""
        card = self._card(where)
        mine, offered = self._entries(where)
        for name, value in values.items():
            element = find_input(card, name)
            mine[name] = entered(element, value, offered.get(name, []))

    def searches(self, where: Place | None, name: str, text: str) -> list[dict[str, Any]]:
        """Type into a menu that is filled while one types; what it offers then."""
        element = find_input(self._card(where), name)
        found = search(self.tenant, self.person, where, element, text)
        if isinstance(where, Dialog):
            where.offered[name] = found
        return found

    def submits(self, dialog: Dialog | None) -> Answer:
        """Send a dialog off by its first action."""
        card = self._card(dialog)
        assert isinstance(dialog, Dialog)
        ways = [one for one in card.get("actions", []) if one["type"] == "Action.Submit"]
        if not ways:
            raise ClientRefuses("nothing sends this dialog off")
        return self._sends(dialog, ways[0])

    def closes(self, dialog: Dialog | None) -> list[Answer]:
        """Close a dialog; our app hears nothing of it (documented)."""
        self._check_shown(dialog)
        self.person.dialog = None
        return []

    def _says(self, chat: Chat, text: str, **more: Any) -> Answer:
        self._check_in(chat)
        message = self.tenant.write(chat, self.id, text, **more)
        activity = activities.written(self.tenant, chat, self.person, message)
        answer = self.tenant.outgoing.send(activity)
        if not answer.ok:
            self.errors.append(f"{text} was not taken: {answer.error} {answer.status or ''}")
        return answer

    def _sends(self, dialog: Dialog, action: dict[str, Any]) -> Answer:
        if action["type"] != "Action.Submit":
            return Answer(200)
        inputs = gathered(dialog.card, action, dialog.values)
        return dialogs.submit(self.tenant, self.person, dialog, merged(action, inputs))

    def _entries(self, where: Place | None) -> tuple[dict[str, Any], dict[str, Any]]:
        if isinstance(where, Dialog):
            return where.values, where.offered
        assert where is not None
        return where.values.setdefault(self.id, {}), {}

    def _card(self, where: Place | None) -> dict[str, Any]:
        shown = self._check_shown(where)
        card = shown.card if isinstance(shown, Dialog) else shown.card_of(self.person)
        if card is None:
            raise ClientRefuses("there is no card")
        return card

    def _check_active(self) -> None:
        if self.person.deleted or self.person.deactivated:
            raise ClientRefuses(f"{self.person.real_name}'s account is closed")

    def _check_in(self, chat: Chat) -> None:
        if self.id not in chat.memberships or chat.id not in self.tenant.chats:
            raise ClientRefuses("they are not in that chat")
        if chat.archived:
            raise ClientRefuses("the channel is archived")

    def _check_shown(self, where: Place | None) -> Place:
        """That this is really in front of them."""
        self._check_active()
        if isinstance(where, Dialog):
            shown = where is self.view
        else:
            shown = any(one is where for one in self.sees)
        if where is None or not shown:
            raise ClientRefuses("that is not in front of them")
        return where
