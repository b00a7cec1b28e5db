"""Who somebody on Slack is: known by their account, or matched by their verified e-mail."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import Assistant
from bot.platform import Undelivered
from bot.slack.calling import Calling
from bot.slack.matching import PLATFORM, match, verified_email
from storage import people

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
        email = verified_email(profile, self.calling.ourselves["team_id"])
        if email is None:
            return None
        now = self.assistant.clock.now()
        today = self.assistant.office.days.today(now)
        return self.assistant.database.write(
            lambda session: match(session, people.of_email(session, email), user, now, today)
        )


def try_to_find(who: Who, user: str) -> int | None:
    """The practitioner's number, None also where Slack does not say who this is."""
    try:
        return who.found(user)
    except Undelivered:
        return None
