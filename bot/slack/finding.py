"""Where people are on Slack: their account, by their work e-mail, and the messages with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.naming import Naming
from bot.platform import Undelivered
from bot.slack.calling import Calling, Refused
from bot.slack.matching import PLATFORM, verified_email
from storage import accounts as known_accounts
from storage.database import Database
from storage.people import Person
from workflows import accounts
from workflows.working_days import WorkingDays

NOT_ON_SLACK = "Nobody on Slack has their work e-mail address. Once they have joined, try again."
ELSEWHERE = "They use the assistant on another platform, and so are in no channel on Slack."
NOBODY = "They are not known any more."
PERSONAL = "personal"


@dataclass
class Finding:
    """Finds people in one workspace; several threads ask it at once.

    What was found is in the record: no process asks Slack again, however often it is started.
    """

    calling: Calling
    database: Database
    naming: Naming
    _direct: dict[str, str] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)

    def direct(self, user: str, at: datetime) -> str:
        """The direct messages with somebody, opened when first needed; raises Undelivered."""
        if user not in self._direct:
            self._direct[user] = self._kept(user) or self._opened(user, at)
        return self._direct[user]

    def _kept(self, user: str) -> str | None:
        """Opened before, by this app in this workspace."""
        with self.database.reading() as session:
            found = known_accounts.personal_of(session, PLATFORM, user)
            here = self.calling.ourselves["team_id"]
            if found is None or found.tenant != here or found.address in self._gone:
                return None
            return found.address

    def forget(self, channel: str) -> None:
        """These direct messages are not there any more."""
        self._gone.add(channel)
        self._direct = {user: one for user, one in self._direct.items() if one != channel}

    def _opened(self, user: str, at: datetime) -> str:
        channel = str(self.calling.ask("conversations.open", users=user)["channel"]["id"])
        us, url = self.calling.ourselves, self.calling.connection.api_url
        self.database.write(
            lambda session: known_accounts.remember_conversation(
                session,
                PLATFORM,
                channel,
                at,
                service_url=url,
                kind=PERSONAL,
                account=user,
                tenant=us["team_id"],
                bot=us.get("user_id"),
            )
        )
        return channel

    def user(self, person_id: int, at: datetime) -> str:
        """A person's Slack id, found by their verified e-mail where it is not known yet."""
        with self.database.reading() as session:
            person = session.get(Person, person_id)
            if person is None:
                raise Undelivered(NOBODY, permanent=True)
            known = person.platform_id if person.platform == PLATFORM else None
            if person.platform_id and not known:
                raise Undelivered(ELSEWHERE, permanent=True)
            email = person.email
        return known or self._matched(person_id, email, at)

    def _matched(self, person_id: int, email: str | None, at: datetime) -> str:
        if not email:
            raise Undelivered(NOT_ON_SLACK, permanent=True)
        try:
            account = self.calling.ask("users.lookupByEmail", email=email)["user"]
        except Refused as no:
            if no.error != "users_not_found":
                raise
            raise Undelivered(NOT_ON_SLACK, permanent=True) from None
        if verified_email(account, self.calling.ourselves["team_id"]) is None:
            raise Undelivered(NOT_ON_SLACK, permanent=True)
        user, today = str(account["id"]), WorkingDays.of(self.naming.policy).today(at)
        self.database.write(
            lambda session: accounts.match_verified(
                session, session.get(Person, person_id), PLATFORM, user, at, today
            )
        )
        return user
