"""When things happen in a story: dates, "+14d 09:30", "next working day 09:30"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from workflows.working_days import WorkingDays

T = TypeVar("T", date, time)

SHAPES = '"2026-03-02 10:00", "+14d 09:30", "+2w 09:30" or "next working day 09:30"'
LAST_MINUTE = time(23, 59)

_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)"
_DATED = re.compile(rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})(?:[T ]+{_CLOCK})?")
_COUNTED = re.compile(rf"\+\s*(?P<count>\d{{1,4}})\s*(?P<unit>[dw])(?:\s+{_CLOCK})?")
_FOLLOWING = re.compile(rf"next working day(?:\s+{_CLOCK})?")


@dataclass(frozen=True)
class Moments:
    """Reads a story's moments on the partnership's clock; `start` is the day that + counts from."""

    days: WorkingDays
    start: date

    def at(self, words: str, after: datetime) -> datetime:
        """The moment that the words mean, in UTC; raises ValueError with the sentence.

        `after` is the event before: "next working day" follows its day.
        """
        day, clock = self._read(words, after)
        if clock is None:
            raise ValueError(f'"{words}" has no time of day; write it like {SHAPES}')
        return self.days.instant(day, clock)

    def span(self, words: str) -> tuple[datetime, datetime]:
        """The first and last moment that the words cover: a whole day where no time is given."""
        day, clock = self._read(words, self.days.instant(self.start, LAST_MINUTE))
        if clock is not None:
            return self.days.instant(day, clock), self.days.instant(day, clock)
        return self.days.instant(day, time(0)), self.days.instant(day, LAST_MINUTE)

    def _read(self, words: str, after: datetime) -> tuple[date, time | None]:
        text = " ".join(words.split())
        if match := _DATED.fullmatch(text):
            return _real(date.fromisoformat, match["day"], words), _clock(match["clock"], words)
        if match := _COUNTED.fullmatch(text):
            ahead = int(match["count"]) * (7 if match["unit"] == "w" else 1)
            return self.start + timedelta(days=ahead), _clock(match["clock"], words)
        if match := _FOLLOWING.fullmatch(text):
            day = self.days.next_working_day(self.days.today(after))
            return day, _clock(match["clock"], words)
        raise ValueError(f'"{words}" is no moment; write it like {SHAPES}')


def _clock(text: str | None, words: str) -> time | None:
    return _real(time.fromisoformat, text.zfill(5), words) if text else None


def _real(read: Callable[[str], T], text: str, words: str) -> T:
    try:
        return read(text)
    except ValueError:
        raise ValueError(f'"{words}" is not a real date or time') from None
