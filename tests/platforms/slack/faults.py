"""What can go wrong in the fake Slack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.platforms import faults

EITHER = frozenset({"fatal_error", "internal_error"})
"""Slack documents of both that some of it may have been done."""


@dataclass
class Faults(faults.Faults):
    """Slack's faults. `partial`: of an invitation's people, only the last one is refused."""

    kinds: ClassVar[frozenset[str]] = faults.Faults.kinds | EITHER
    others: ClassVar[frozenset[str]] = frozenset(
        {"slow", "ratelimited", "token_revoked", "account_inactive", "partial"}
    )
    either: ClassVar[frozenset[str]] = EITHER
