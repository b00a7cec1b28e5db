"""What the record knows of Teams: where a chat is answered, whose an account is, who is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat.who import Profile
from bot.platform import Place, Undelivered
from bot.teams.calling import Calling, Refused
from bot.teams.connecting import GUID
from bot.teams.graph_channels import GraphChannels
from bot.teams.graph_chats import GONE, GUEST, GraphChats
from storage import accounts, people
from storage.database import Database
from storage.people import Person
from workflows import accounts as matching
from workflows.working_days import WorkingDays

PLATFORM = "teams"
NOT_IN_DIRECTORY = (
    "Nobody in the organisation's directory has their work e-mail address. Once they are there,"
    " as a guest if they are from elsewhere, try again."
)
ELSEWHERE = "They use the assistant on another platform, and so are in no chat on Teams."
NOBODYS_NUMBER = (
    "Somebody is in the room whom the organisation's directory does not know. Only a person can"
    " take them out."
)
NO_APP = "They have not added the app in Teams. Ask them to, then try again."


@dataclass
class Knowing:
    """Finds addresses and people for the outbox, and remembers what Teams said of them.

    `channels` are there where rooms are private channels. `met_in` is in which chat somebody whom
    we do not know wrote to us: there they are looked up.
    """

    calling: Calling
    database: Database
    chats: GraphChats
    days: WorkingDays
    channels: GraphChannels | None = None
    met_in: dict[str, str] = field(default_factory=dict)

    def service(self, address: str) -> str:
        """Where a chat is answered, as Teams told us; else where Teams answers everybody."""
        with self.database.reading() as session:
            found = accounts.conversation(session, PLATFORM, address)
            return found.service_url if found else self.calling.connection.service

    def is_seen(self, address: str) -> bool:
        """Whether Teams told us something from there: the app is in it, or was."""
        with self.database.reading() as session:
            return accounts.conversation(session, PLATFORM, address) is not None

    def personal(self, to: Place, at: datetime) -> tuple[str, str]:
        """The personal chat with somebody, and where it is answered; begun when first needed."""
        account = to.address
        if account is None:
            return self._first_met(to.person_id or 0, at)
        with self.database.reading() as session:
            found = accounts.personal_of(session, PLATFORM, account)
            if found is not None:
                return found.address, found.service_url
            known = accounts.find(session, PLATFORM, account)
            directory_id = known.directory_id if known else None
        address, service = self._begun(account, directory_id)
        self._remember(address, service, account, at)
        return address, service

    def _first_met(self, person_id: int, at: datetime) -> tuple[str, str]:
        """The chat with somebody whose account we do not know: found by their work e-mail."""
        if not self.calling.connection.makes_rooms:
            raise Undelivered(NO_APP, permanent=True)
        directory_id = self.directory_id(person_id)
        address, service = self._begun(directory_id, directory_id)
        shown = self.calling.member(address, service, directory_id)
        self.database.write(lambda session: self._match(session, [shown], at))
        self._remember(address, service, str(shown["id"]), at)
        return address, service

    def _begun(self, account: str, directory_id: str | None) -> tuple[str, str]:
        """A personal chat; Teams takes somebody's directory id in place of their account too."""
        if self.calling.connection.makes_rooms and directory_id:
            self.chats.install_for(directory_id)
        service = self.calling.connection.service
        return self.calling.direct(account, service), service

    def _remember(self, address: str, service: str, account: str, at: datetime) -> None:
        about = {"service_url": service, "kind": "personal", "account": account}
        self.database.write(
            lambda session: accounts.remember_conversation(session, PLATFORM, address, at, **about)
        )

    def directory_id(self, person_id: int) -> str:
        """Who somebody is in the organisation's directory; raises Undelivered."""
        with self.database.reading() as session:
            person = session.get(Person, person_id)
            if person is None:
                raise Undelivered("They are not known any more.", permanent=True)
            mine = person.platform_id if person.platform == PLATFORM else None
            if person.platform_id and mine is None:
                raise Undelivered(ELSEWHERE, permanent=True)
            known = accounts.find(session, PLATFORM, mine) if mine else None
            if known is not None and known.directory_id:
                return str(known.directory_id)
            email = person.email
        found = self.chats.directory_id(email) if email else None
        if found is None:
            raise Undelivered(NOT_IN_DIRECTORY, permanent=True)
        return found

    def account(self, person_id: int) -> str | None:
        """Somebody's account on Teams, if we know it."""
        with self.database.reading() as session:
            person = session.get(Person, person_id)
            return person.platform_id if person and person.platform == PLATFORM else None

    def directory_id_of(self, account: str, address: str) -> str | None:
        """Who an account in a chat is in the directory."""
        if GUID.fullmatch(account):
            return account  # of a channel's member whom the connector did not know
        with self.database.reading() as session:
            known = accounts.find(session, PLATFORM, account)
            if known is not None and known.directory_id:
                return str(known.directory_id)
        shown = self.calling.member(address, self.service(address), account)
        return str(shown.get("aadObjectId") or "") or None

    def profile(self, account: str, address: str, at: datetime) -> Profile:
        """Somebody who wrote to us from a chat, as the organisation's directory has them."""
        shown = self.calling.member(address, self.service(address), account)
        emails = self._emails(shown)
        directory_id = str(shown.get("aadObjectId") or "") or None
        name = str(shown.get("name") or "")

        def work(session: Any) -> str | None:
            accounts.remember(session, PLATFORM, account, at, directory_id=directory_id)
            ours = (one for one in emails if people.of_email(session, one))
            return next(ours, next(iter(emails), None))

        email = self.database.write(work)
        return Profile(email, name, directory_id)

    def inside(self, address: str, at: datetime) -> frozenset[str]:
        """The accounts that are in a chat now; whoever is new among them is matched."""
        service = self.service(address)
        if self.channels is not None:
            shown = self._in_channel(self.channels, address, service)
        else:
            shown = self.calling.members(address, service)
        known = self._unmatched(shown)
        if known:
            self.database.write(lambda session: self._match(session, known, at))
        return frozenset(str(one["id"]) for one in shown)

    def _in_channel(
        self, channels: GraphChannels, address: str, service: str
    ) -> list[dict[str, Any]]:
        """Those in a channel by Graph, which has their directory ids; their accounts are looked up.

        The connector lists the whole team of a channel, so it is not asked who is in it.
        """
        listed = [str(one.get("userId") or "") for one in channels.members(address)]
        if not all(listed):
            raise Undelivered(NOBODYS_NUMBER)
        with self.database.reading() as session:
            known = accounts.of_directory(session, PLATFORM, listed)
        return [
            {"id": known[one]} if one in known else self._account_of(address, service, one)
            for one in listed
        ]

    def _account_of(self, address: str, service: str, directory_id: str) -> dict[str, Any]:
        try:
            return self.calling.member(address, service, directory_id)
        except Refused as no:
            if no.status != GONE:
                raise
            return {"id": directory_id}  # in no place of the record's: taken for a stranger

    def _unmatched(self, shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        with self.database.reading() as session:
            return [
                one for one in shown if people.known_as(session, PLATFORM, str(one["id"])) is None
            ]

    def _match(self, session: Any, shown: Sequence[dict[str, Any]], at: datetime) -> None:
        """Whose accounts are, by the work e-mails that the organisation's directory has of them."""
        for one in shown:
            found = (people.of_email(session, email) for email in self._emails(one))
            person = next((one for one in found if one is not None), None)
            account = str(one["id"])
            today = self.days.today(at)
            if matching.match_verified(session, person, PLATFORM, account, at, today):
                directory_id = str(one.get("aadObjectId") or "") or None
                accounts.remember(session, PLATFORM, account, at, directory_id=directory_id)

    def _emails(self, shown: dict[str, Any]) -> list[str]:
        """Somebody's addresses, as our own organisation's directory has them; none of a stranger.

        The one for mail and the one for signing in: by either they are looked for there.
        """
        if str(shown.get("tenantId") or "").lower() != self.calling.connection.tenant_id:
            return []
        both = (shown.get("email"), shown.get("userPrincipalName"))
        return [one for one in both if isinstance(one, str) and one and GUEST not in one]
