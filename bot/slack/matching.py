"""Whose work e-mail an account on Slack has: only where Slack says that it is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLATFORM = "slack"


def verified_email(profile: Mapping[str, Any], team_id: str) -> str | None:
    """Somebody's work e-mail, where Slack says that it is theirs and they are of this workspace."""
    strange = profile.get("is_stranger") or profile.get("is_bot") or profile.get("deleted")
    if profile.get("team_id") != team_id or strange or not profile.get("is_email_confirmed"):
        return None
    return (profile.get("profile") or {}).get("email")
