"""Who somebody on Slack is: known by their account, or matched by their verified e-mail."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.app import Assistant
from bot.platform import Undelivered
from bot.slack.calling import Calling
from storage import audit, people

log = logging.getLogger(__name__)

PLATFORM = "slack"
STRANGER = (
    "I do not know you yet, so I cannot show or save anything. Ask your TAF co-ordinator to add"
    " you with the e-mail address that you use on Slack, then try again."
)
"""What somebody is told whom we do not know: nothing of any family."""


@dataclass
class Who:
    """Finds the practitioner behind a Slack account."""

    assistant: Assistant
    calling: Calling

    def known(self, user: str) -> int | None:
        """The practitioner's number, if we know this account; asks Slack nothing."""
        with self.assistant.database.reading() as session:
            person = people.known_as(session, PLATFORM, user)
            return person.id if person else None

    def found(self, user: str) -> int | None:
        """The practitioner's number; one who is new here is matched. Raises Undelivered."""
        known = self.known(user)
        if known is not None:
            return known
        profile = self.calling.ask("users.info", user=user)["user"]
        email = self._verified_email(profile)
        if email is None:
            return None
        now = self.assistant.clock.now()
        return self.assistant.database.write(lambda session: self._match(session, email, user, now))

    def _verified_email(self, profile: dict[str, Any]) -> str | None:
        """Their work e-mail, where Slack says that it is theirs and they are of this workspace."""
        mine = profile.get("team_id") == self.calling.ourselves["team_id"]
        strange = profile.get("is_stranger") or profile.get("is_bot") or profile.get("deleted")
        if not mine or strange or not profile.get("is_email_confirmed"):
            return None
        return (profile.get("profile") or {}).get("email")

    def _match(self, session: Any, email: str, user: str, now: datetime) -> int | None:
        person = people.of_email(session, email)
        if person is None or (person.platform == PLATFORM and person.platform_id):
            return None  # nobody, or somebody who is another account already
        person.platform, person.platform_id = PLATFORM, user
        person.identity_verified_on = self.assistant.office.days.today(now)
        session.flush()
        told = {"about": person.ref, "facts": {"platform": PLATFORM}}
        audit.record(session, now, "matched", person_id=person.id, **told)
        log.info("matched by their e-mail", extra={"ref": person.ref})
        return person.id


def try_to_find(who: Who, user: str) -> int | None:
    """The practitioner's number, None also where Slack does not say who this is."""
    try:
        return who.found(user)
    except Undelivered:
        return None
