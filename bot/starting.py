"""What a form has filled in when it is opened: today, the team, what people already said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.commands import Command
from messages.form import Field, Form
from workflows.access import may_look
from workflows.doing import Doing

TODAY = {
    "privacy_notice.serve": "served_on",
    "consent.record": "given_on",
    "consent.withdraw": "withdrawn_on",
    "assessment.initiate": "started_on",
    "assessment.complete": "completed_on",
    "plan.agree": "agreed_on",
    "indicator.record_reading": "on",
    "review.record": "on",
    "taf.close": "on",
}
"""The forms about something that most often happened today."""

CAME = {"attending": "attended"}
"""What a reply makes likely: whoever said that they would come, came; the rest as they said."""


MONDAY_TO_FRIDAY = "12345"


def beginning(doing: Doing, command: Command, form: Form, subject: Any) -> dict[str, Any]:
    """The answers that a form begins with."""
    raw: dict[str, Any] = {}
    for field in form.fields:
        if field.start:
            raw[field.id] = field.start
        if field.kind == "list":
            raw[field.id] = [first_row(field)] if field.required else []
    if command.id in TODAY:
        raw[TODAY[command.id]] = doing.today.isoformat()
    if command.id in _KNOWN and _sees(doing, subject):
        raw |= _KNOWN[command.id](doing, subject)
    return raw


def first_row(field: Field) -> dict[str, Any]:
    """A new row of a list, with what is filled in already."""
    return {inner.id: inner.start for inner in field.fields if inner.start}


def _sees(doing: Doing, subject: Any) -> bool:
    """Whether this person may read about the subject."""
    if subject is None or subject.kind == "person":
        return True
    return subject.taf is not None and may_look(doing.person, subject.taf)


def _invite_the_team(_: Doing, taf: Any) -> dict[str, Any]:
    held = any(one.state == "held" for one in taf.meetings)
    return {
        "invite": [one.person.ref for one in taf.team if one.state == "joined"],
        "purpose": "review" if held else "initial",
    }


def _as_arranged(doing: Doing, meeting: Any) -> dict[str, Any]:
    at = doing.days.local(meeting.starts_at) if meeting.starts_at else None
    return {
        "on": meeting.on.isoformat(),
        "at": f"{at:%H:%M}" if at else "",
        "mode": meeting.mode,
        "place": meeting.place or "",
    }


def _as_replied(_: Doing, meeting: Any) -> dict[str, Any]:
    return {
        "attendance": [
            {"who": one.person.ref, "attendance": CAME.get(one.reply, one.reply)}
            for one in meeting.invitations
            if one.reply
        ]
    }


def _as_counted(_: Doing, taf: Any) -> dict[str, Any]:
    return {
        "criteria": list(taf.criteria),
        "referred_by": taf.referred_by or "",
        "high_cost": taf.high_cost,
        "would_benefit": taf.would_benefit,
    }


def _own_reply(doing: Doing, meeting: Any) -> dict[str, Any]:
    for one in meeting.invitations:
        if one.person_id == doing.person.id and one.reply:
            return {
                "reply": one.reply,
                "substitute": one.substitute or "",
                "report": one.report or "",
            }
    return {}


def _a_week(_: Doing, __: Any) -> dict[str, Any]:
    return {"works_on": list(MONDAY_TO_FRIDAY)}


def _as_recorded(_: Doing, person: Any) -> dict[str, Any]:
    checked = person.identity_verified_on
    return {
        "name": person.name,
        "agency": person.agency,
        "job": person.job,
        "email": person.email or "",
        "works_on": list(person.works_on),
        "roles": list(person.roles),
        "verified_on": checked.isoformat() if checked else "",
    }


_KNOWN: dict[str, Callable[[Doing, Any], dict[str, Any]]] = {
    "meeting.schedule": _invite_the_team,
    "meeting.reschedule": _as_arranged,
    "meeting.record": _as_replied,
    "meeting.reply": _own_reply,
    "taf.record_criteria": _as_counted,
    "person.add": _a_week,
    "person.change": _as_recorded,
}
