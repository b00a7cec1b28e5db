"""What can go wrong in the fake Teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.platforms import faults


@dataclass
class Faults(faults.Faults):
    """Teams' faults: 412, 502 and 504 are to be tried again (documented).

    `429 2`: too fast, with so many seconds to wait. `revoked`: no token so far is good any more.
    `partial`: a new chat lacks its last member, and nobody says so.
    """

    kinds: ClassVar[frozenset[str]] = faults.Faults.kinds | {"412", "502", "503", "504"}
    others: ClassVar[frozenset[str]] = frozenset({"slow", "429", "partial", "revoked"})
