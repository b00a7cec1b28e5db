"""What a notice is before it has words: its name, its facts and the subject it is about."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The facts of one notice; the class's name is its template's, in lower case.

    Facts are references, numbers, dates, practitioners' names and the field's own fixed words:
    never anything a person typed, and nothing about a family member (R1).
    """

    about: str
    reference: str

    @classmethod
    def stem(cls) -> str:
        """The template's name: ActionDueSoon speaks in messages/notices/action_due_soon.j2."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as plain data, dates and moments written out."""
        return {
            name: value.isoformat() if isinstance(value, date | datetime) else value
            for name, value in asdict(self).items()
        }
