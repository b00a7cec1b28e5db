"""The days a practitioner is away, so that reminders wait."""

from __future__ import annotations

from datetime import date

from storage.people import Leave
from workflows.access import anybody
from workflows.checks import check_ahead
from workflows.doing import Doing, command
from workflows.refusals import EndsBeforeItBegins


@command(anybody)
def take_leave(doing: Doing, *, first_day: date, last_day: date) -> None:
    """Say which days you are away: your digest waits until you are back."""
    check_ahead(doing, last_day, "last_day")
    if last_day < first_day:
        raise EndsBeforeItBegins("last_day", first_day=first_day)
    doing.add(Leave(person_id=doing.person.id, first_day=first_day, last_day=last_day))
    doing.session.expire(doing.person, ["leave"])
