"""A family's record as it stands at the end of a story, in plain values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bot.story.names import Names
from workflows.convening import eligible
from workflows.frameworks import Framework, framework
from workflows.indicators import progress
from workflows.working_days import WorkingDays

Plain = dict[str, Any]


def plain(value: Any) -> Any:
    """Dates as ISO, whole numbers whole, everything else as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _of(subject: Any, *fields: str) -> Plain:
    return {name: plain(getattr(subject, name)) for name in fields}


class Record:
    """Writes one family's record down, with handles for people and subjects."""

    def __init__(self, taf: Any, names: Names, office: Framework, days: WorkingDays) -> None:
        self.taf, self.names, self.days = taf, names, days
        self.framework = office if office.id == taf.framework else framework(taf.framework)

    def whole(self) -> Plain:
        """Everything: team, plan, actions, meetings, indicators, reviews, help, closure."""
        taf = self.taf
        found = eligible(self.framework, taf)
        return {
            "family": self.names.of(taf.ref),
            "state": taf.state,
            "criteria": list(taf.criteria),
            "eligible": {"is": found.eligible, "why": found.why},
            **_of(taf, "statutory_plan", "stepped_down_from", "review_due_on"),
            "lead": self.names.person(taf.lead),
            "lead_history": [self._handover(one) for one in taf.handovers],
            "team": [self._place(one) for one in taf.team],
            "members": [self._member(one) for one in taf.members],
            "assessments": [self._assessment(one) for one in taf.assessments],
            "plan": self._plan(),
            "actions": [self._action(one) for one in taf.actions],
            "meetings": [self._meeting(one) for one in taf.meetings],
            "indicators": [self._indicator(one) for one in taf.indicators],
            "reviews": [self._review(one) for one in taf.reviews],
            "escalations": [self._help(one) for one in taf.help_requests],
            "closure": self._closure() if taf.closure else None,
        }

    def _day(self, moment: Any) -> str | None:
        return self.days.local(moment).date().isoformat() if moment else None

    def _handover(self, one: Any) -> Plain:
        person = self.names.person
        return {
            "from": person(one.giver),
            "to": person(one.taker),
            "offered_by": person(one.offered_by),
            "offered_on": self._day(one.offered_at),
            "answered_on": self._day(one.answered_at),
            **_of(one, "state", "reason"),
        }

    def _place(self, one: Any) -> Plain:
        return {
            "who": self.names.person(one.person),
            "state": one.state,
            "joined_on": self._day(one.joined_at),
            "left_on": self._day(one.left_at),
        }

    def _member(self, one: Any) -> Plain:
        return {
            "who": self.names.of(one.ref),
            **_of(one, "label", "stage", "age_band", "lives", "parental_responsibility"),
            "notices_served_on": [plain(notice.served_on) for notice in one.notices],
            "basis": one.basis.basis if one.basis else None,
            "bases": [_of(each, "basis", "given_on", "withdrawn_on") for each in one.consents],
        }

    def _assessment(self, one: Any) -> Plain:
        person = self.names.person
        return {
            **_of(one, "type", "state", "initiated_on", "completed_on"),
            "initiated_by": person(one.initiated_by),
            "contributed": [
                {"who": person(each.person), "on": self._day(each.given_at), "own": each.answers}
                for each in one.contributions
            ],
            "completed_by": person(one.completed_by),
        }

    def _plan(self) -> Plain:
        outcomes = [
            {
                "outcome": self.names.of(one.ref),
                **_of(one, "number", "words", "need"),
                "actions": [self.names.of(action.ref) for action in one.actions],
            }
            for one in self.taf.outcomes
        ]
        return {**_of(self.taf.plan, "state", "agreed_on"), "outcomes": outcomes}

    def _action(self, one: Any) -> Plain:
        return {
            "action": self.names.of(one.ref),
            **_of(one, "number", "state", "words", "list", "due_on", "done_on", "times_moved"),
            "owner": self.names.owner(one),
            "outcome": self.names.of(one.outcome.ref) if one.outcome else None,
            "blocked_by": one.blocked_by,
        }

    def _meeting(self, one: Any) -> Plain:
        person = self.names.person
        return {
            "meeting": self.names.of(one.ref),
            **_of(one, "number", "purpose", "state", "mode", "on"),
            "attendance": {
                str(person(each.person)): _of(each, "reply", "attendance")
                for each in one.invitations
            },
            "family_attendance": {
                str(self.names.of(each.family_member.ref)): each.attendance
                for each in one.family_attendance
            },
            **_of(one, "child_voice", "child_voice_words", "progress", "decisions"),
            "dissents": [
                {"who": self.names.of((each.person or each.family_member).ref), "words": each.words}
                for each in one.dissents
            ],
            "notes_by": person(one.notes_by),
        }

    def _indicator(self, one: Any) -> Plain:
        found = progress(one)
        return {
            "indicator": self.names.of(one.ref),
            **_of(one, "number", "state", "measure", "words", "unit", "better"),
            "subject": self.names.of(one.family_member.ref) if one.family_member else "household",
            "holder": self.names.person(one.holder),
            **_of(one, "history", "forecast", "baseline", "target", "starts_on"),
            "readings": [
                _of(each, "on", "value") | {"by": self.names.person(each.recorded_by)}
                for each in one.readings
            ],
            "latest": plain(found.latest),
            "travelled": plain(found.travelled),
            "met": found.met,
            "relapsed": found.relapsed,
        }

    def _review(self, one: Any) -> Plain:
        return {
            **_of(one, "on", "mode", "progress", "decision", "words"),
            "meeting": self.names.of(one.meeting.ref) if one.meeting else None,
            "by": self.names.person(one.recorded_by),
        }

    def _help(self, one: Any) -> Plain:
        return {
            "request": self.names.of(one.ref),
            **_of(one, "reference", "state", "words", "tried", "answer"),
            "why": one.trigger,
            "asked_by": self.names.person(one.asked_by),
            "asked_on": self._day(one.asked_at),
            "answered_by": self.names.person(one.answered_by),
            "answered_on": self._day(one.answered_at),
        }

    def _closure(self) -> Plain:
        one = self.taf.closure
        return {
            **_of(one, "on", "reason", "outstanding_needs", "family_agreed", "team_agreed"),
            "by": self.names.person(one.recorded_by),
            "told": [
                {"who": self.names.of(each.family_member.ref), **_of(each, "told_on", "why_not")}
                for each in one.told
            ],
        }
