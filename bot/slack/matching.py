"""Makes an account on Slack a practitioner's: only by a work e-mail that Slack says is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from storage.people import Person
from workflows import accounts

PLATFORM = "slack"


def verified_email(profile: Mapping[str, Any], team_id: str) -> str | None:
    """Somebody's work e-mail, where Slack says that it is theirs and they are of this workspace."""
    strange = profile.get("is_stranger") or profile.get("is_bot") or profile.get("deleted")
    if profile.get("team_id") != team_id or strange or not profile.get("is_email_confirmed"):
        return None
    return (profile.get("profile") or {}).get("email")


def match(session: Any, person: Person | None, user: str, now: datetime, today: date) -> int | None:
    """Remember that this account is theirs; None for nobody, or who is another account already."""
    return accounts.match_verified(session, person, PLATFORM, user, now, today)
