"""Who somebody on a chat platform is: known by their account, or matched by their work e-mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.app import Assistant
from bot.platform import Undelivered
from storage import people
from workflows import accounts

STRANGER = (
    "I do not know you yet, so I cannot show or save anything. Ask your TAF co-ordinator to add"
    " you with the e-mail address that you use here, then try again."
)
"""What somebody is told whom we do not know: nothing of any family."""


@dataclass(frozen=True)
class Profile:
    """An account as its platform shows it; `email` only where the platform vouches for it.

    `directory_id` is its number in the organisation's directory, where it has one.
    """

    email: str | None
    name: str = ""
    directory_id: str | None = None


@dataclass
class Who:
    """Finds the practitioner behind an account of one platform.

    `look_up` asks the platform about an account, and raises Undelivered where it does not say.
    """

    assistant: Assistant
    platform: str
    look_up: Callable[[str], Profile]

    def known(self, account: str) -> int | None:
        """The practitioner's number, if we know this account; asks the platform nothing."""
        with self.assistant.database.reading() as session:
            person = people.known_as(session, self.platform, account)
            return person.id if person else None

    def found(self, account: str) -> int | None:
        """The practitioner's number; one who is new here is matched. Raises Undelivered.

        Of somebody who is nobody's the co-ordinators are told, once a day.
        """
        known = self.known(account)
        if known is not None:
            return known
        profile = self.look_up(account)
        now, office = self.assistant.clock.now(), self.assistant.office

        def work(session: Any) -> int | None:
            person = people.of_email(session, profile.email) if profile.email else None
            today = office.days.today(now)
            number = accounts.match_verified(session, person, self.platform, account, now, today)
            if number is None:
                accounts.somebody_unknown(
                    session,
                    self.platform,
                    account,
                    now,
                    office.policy,
                    office.days,
                    name=profile.name,
                    email=profile.email,
                    directory_id=profile.directory_id,
                )
            return number

        return self.assistant.database.write(work)

    def try_to_find(self, account: str) -> int | None:
        """The practitioner's number, None also where the platform does not say who this is."""
        try:
            return self.found(account)
        except Undelivered:
            return None
