"""What somebody does on Teams, kept in the inbox first, and then done, once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app import Assistant
from bot.boundary import Answer, Press
from bot.chat.asking import Asked, Asking
from bot.chat.who import STRANGER, Who
from bot.teams.knowing import PLATFORM, Knowing
from bot.teams.reading import Came, key_of
from storage import accounts

PRESS, TYPED, HAPPENED = "teams.press", "teams.typed", "teams.happened"

MOST_MET = 1_000
"""Of so many people whom we do not know we remember where they wrote (ours)."""

Happens = Callable[[Mapping[str, Any]], None]


@dataclass
class Arriving:
    """The inbox's side of Teams: what to keep of each thing that comes in, and what to do.

    `typed` and `happened` do what was typed, and what a change of a chat asks for; `picked_up` is
    what follows a press that somebody else had to finish than whoever took it in.
    """

    assistant: Assistant
    who: Who
    asking: Asking
    knowing: Knowing
    typed: Happens
    happened: Happens
    picked_up: Callable[[Mapping[str, Any], Answer], None]
    kept: set[str] = field(default_factory=set)
    """Teams' names of what is in the inbox and being done."""

    def __post_init__(self) -> None:
        """Say what to do with each kind, so that whatever nobody finished is picked up too."""
        kinds = {PRESS: self._press, TYPED: self._other(self.typed)}
        self.assistant.inbox.kinds |= kinds | {HAPPENED: self._other(self.happened)}
        self.assistant.inbox.picked_up[PRESS] = self.picked_up

    def remember(self, came: Came) -> None:
        """Keep where a chat is answered, which may move to another region."""
        account = came.account if came.is_personal else None
        known: dict[str, Any] = {"service_url": came.service_url, "kind": came.kind}
        known["account"] = account
        database, now = self.assistant.database, self.assistant.clock.now()
        with database.reading() as session:
            found = accounts.conversation(session, PLATFORM, came.address)
            if found and all(getattr(found, name) == value for name, value in known.items()):
                return
        tenant = self.knowing.calling.connection.tenant_id
        about = known | {"tenant": tenant, "bot": came.bot or None}
        database.write(
            lambda session: accounts.remember_conversation(
                session, PLATFORM, came.address, now, **about
            )
        )

    def found(self, account: str, address: str) -> int | None:
        """The practitioner behind an account, who wrote or pressed in this chat.

        Raises Undelivered where Teams does not say who a new one is: they may try again.
        """
        known = self.who.known(account)
        if known is not None:
            return known
        if len(self.knowing.met_in) > MOST_MET:
            self.knowing.met_in.clear()
        self.knowing.met_in[account] = address
        return self.who.found(account)

    def press(self, came: Came, command: str, about: str, drawn: str) -> Answer | None:
        """Do what a button asks for, once for each card as it stood; None: it was done before."""
        key = key_of(came.account, came.address, came.reply_to, command, about, drawn)
        told = {"command": command, "about": about, "card": [came.reply_to, drawn]}
        return self._take(came, key, told)

    def form(self, came: Came, asked: Asked, raw: dict[str, Any]) -> Answer | None:
        """Give a form that was sent off, once for each opening of it and these answers."""
        key = key_of(came.account, asked.key, asked.command, repr(sorted(raw.items())))
        told = {"command": asked.command, "about": asked.about, "card": list(asked.card)}
        return self._take(came, key, told | {"answers": raw, "seen": asked.seen})

    def keep(self, came: Came, kind: str, told: dict[str, Any]) -> str | None:
        """Keep something that Teams tells us of; None where it came before."""
        key = key_of(kind, came.address, came.account, came.name or secrets.token_hex(16))
        known = {"account": came.account, "where": came.address, "in": came.kind, "key": key}
        taken = self.assistant.inbox.take(PLATFORM, key, kind, known | told)
        return key if taken else None

    def work_on(self, key: str) -> Answer | None:
        """Do what was kept, and send at once what it brought about."""
        answer = self.assistant.inbox.work_on(PLATFORM, key)
        self.assistant.send_soon()
        return answer

    def _take(self, came: Came, key: str, told: dict[str, Any]) -> Answer | None:
        """Keep and do it, once. What was refused before, or broke off, may be asked for again."""
        key = self.assistant.inbox.key_now(PLATFORM, key)
        told |= {"account": came.account, "where": came.address, "key": key}
        self.assistant.inbox.take(PLATFORM, key, PRESS, told)
        self.kept.add(came.name)
        try:
            return self.work_on(key)
        finally:
            self.kept.discard(came.name)

    def _press(self, body: Mapping[str, Any]) -> Answer:
        person = self.found(body["account"], body["where"])
        if person is None:
            return Answer(STRANGER, refused="stranger")
        given = (body["command"], body["about"], body.get("answers", {}), body.get("seen"))
        answer = self.assistant.boundary.press(Press(PLATFORM, body["key"], person, *given))
        if answer.ok:
            self.asking.forget(person, body["command"], body["about"])
        return answer

    def _other(self, does: Happens) -> Callable[[Mapping[str, Any]], Answer]:
        def work(body: Mapping[str, Any]) -> Answer:
            does(body)
            return Answer("")

        return work
