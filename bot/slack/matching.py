"""Makes an account on Slack a practitioner's: only by a work e-mail that Slack says is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from storage import audit
from storage.people import Person

PLATFORM = "slack"


def verified_email(profile: Mapping[str, Any], team_id: str) -> str | None:
    """Somebody's work e-mail, where Slack says that it is theirs and they are of this workspace."""
    strange = profile.get("is_stranger") or profile.get("is_bot") or profile.get("deleted")
    if profile.get("team_id") != team_id or strange or not profile.get("is_email_confirmed"):
        return None
    return (profile.get("profile") or {}).get("email")


def match(session: Any, person: Person | None, user: str, now: datetime, today: date) -> int | None:
    """Remember that this account is theirs; None for nobody, or who is another account already."""
    if person is None or (person.platform == PLATFORM and person.platform_id):
        return None
    person.platform, person.platform_id = PLATFORM, user
    person.identity_verified_on = person.identity_verified_on or today
    session.flush()
    told = {"about": person.ref, "facts": {"platform": PLATFORM}}
    audit.record(session, now, "matched", person_id=person.id, **told)
    return person.id
