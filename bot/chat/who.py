"""Who somebody on a chat platform is: known by their account, or matched by their work e-mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.app import Assistant
from bot.platform import Undelivered
from storage import audit, people
from storage.people import Person

STRANGER = (
    "I do not know you yet, so I cannot show or save anything. Ask your TAF co-ordinator to add"
    " you with the e-mail address that you use here, then try again."
)
"""What somebody is told whom we do not know: nothing of any family."""


@dataclass(frozen=True)
class Profile:
    """An account as its platform shows it; the e-mail only where the platform vouches for it."""

    email: str | None
    name: str = ""


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
        """The practitioner's number; one who is new here is matched. Raises Undelivered."""
        known = self.known(account)
        if known is not None:
            return known
        profile = self.look_up(account)
        now = self.assistant.clock.now()
        today = self.assistant.office.days.today(now)

        def work(session: Any) -> int | None:
            person = people.of_email(session, profile.email) if profile.email else None
            return match(session, person, self.platform, account, now, today)

        return self.assistant.database.write(work)

    def try_to_find(self, account: str) -> int | None:
        """The practitioner's number, None also where the platform does not say who this is."""
        try:
            return self.found(account)
        except Undelivered:
            return None


def match(
    session: Any, person: Person | None, platform: str, account: str, now: datetime, today: date
) -> int | None:
    """Remember that this account is theirs; None for nobody, or who is another account already."""
    if person is None or (person.platform == platform and person.platform_id):
        return None
    person.platform, person.platform_id = platform, account
    person.identity_verified_on = person.identity_verified_on or today
    session.flush()
    told = {"about": person.ref, "facts": {"platform": platform}}
    audit.record(session, now, "matched", person_id=person.id, **told)
    return person.id
