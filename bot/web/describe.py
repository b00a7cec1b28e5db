"""Puts a subject in words for a page: what it is, how it stands, what is known about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.web import dead_letters, who_is_who
from bot.web.saying import said, unit
from bot.web.visit import Visit
from messages import words
from workflows.indicators import progress
from workflows.team import agency_name


@dataclass(frozen=True)
class State:
    """How something stands: a word or two, and the colour of its tag."""

    text: str
    colour: str = "grey"


_SHORT: dict[str, Callable[[Visit, Any], str]] = {
    "taf": lambda _, one: one.reference,
    "help": lambda _, one: f"request {one.reference}",
    "delivery": lambda _, one: one.reference,
    "person": lambda _, one: one.name,
    "account": lambda _, one: one.called,
    "family_member": lambda _, one: one.label,
    "team_member": lambda _, one: one.person.name,
    "handover": lambda _, one: f"the lead of {one.taf.reference}",
    "plan": lambda visit, _: visit.doing.policy.labels.family_support_plan,
    "assessment": lambda _, one: said("taf.convene", "assessment", one.type),
}


def short(visit: Visit, subject: Any) -> str:
    """A subject in two or three words, without anything that was typed: "action 3"."""
    if subject.kind in _SHORT:
        return str(_SHORT[subject.kind](visit, subject))
    return f"{subject.kind} {getattr(subject, 'number', subject.id)}"


def title(visit: Visit, subject: Any) -> str:
    """A subject as a heading, for those who may read about it."""
    match subject.kind:
        case "action" | "indicator":
            return f"{words.sentence(subject.kind)} {subject.number}: {subject.words}"
        case "meeting":
            return meeting_title(visit, subject)
        case "delivery":
            return dead_letters.what(visit, subject)
        case "handover":
            return f"The lead, offered to {subject.taker.name}"
        case _:
            return words.sentence(short(visit, subject))


def meeting_title(visit: Visit, meeting: Any) -> str:
    """A meeting as people speak of it: "Review meeting on 4 March 2026 at 2pm"."""
    kinds = {
        "initial": "First TAF meeting",
        "review": "Review meeting",
        "closure": "Closure meeting",
    }
    when = (
        words.long_moment(visit.days.local(meeting.starts_at))
        if meeting.starts_at
        else words.long_day(meeting.on)
    )
    return f"{kinds[meeting.purpose]} on {when}"


_STATES: dict[tuple[str, str], State] = {
    ("taf", "open"): State("Open", "green"),
    ("taf", "sharing_stopped"): State("Sharing stopped", "red"),
    ("taf", "closed"): State("Closed"),
    ("action", "open"): State("To do", "blue"),
    ("action", "blocked"): State("Blocked", "orange"),
    ("action", "done"): State("Done", "green"),
    ("action", "withdrawn"): State("Withdrawn"),
    ("meeting", "proposed"): State("Time still open", "yellow"),
    ("meeting", "scheduled"): State("Arranged", "blue"),
    ("meeting", "held"): State("Recorded", "green"),
    ("meeting", "cancelled"): State("Cancelled"),
    ("plan", "draft"): State("Draft", "yellow"),
    ("plan", "agreed"): State("Agreed", "green"),
    ("plan", "in_review"): State("In review", "blue"),
    ("plan", "closed"): State("Closed"),
    ("indicator", "followed"): State("Followed", "blue"),
    ("indicator", "stopped"): State("No longer followed"),
    ("assessment", "initiated"): State("Started", "yellow"),
    ("assessment", "contributing"): State("Under way", "blue"),
    ("assessment", "completed"): State("Completed", "green"),
    ("team_member", "proposed"): State("Waiting for approval", "yellow"),
    ("team_member", "joined"): State("On the team", "green"),
    ("team_member", "away"): State("Out while sharing is stopped", "red"),
    ("team_member", "left"): State("Left"),
    ("team_member", "declined"): State("Declined"),
    ("handover", "offered"): State("Waiting for an answer", "yellow"),
    ("handover", "accepted"): State("Accepted", "green"),
    ("handover", "declined"): State("Declined"),
    ("handover", "withdrawn"): State("Taken back"),
    ("help", "asked"): State("Waiting for an answer", "yellow"),
    ("help", "answered"): State("Answered", "green"),
    ("help", "withdrawn"): State("Taken back"),
    ("delivery", "dead"): State("Not delivered", "red"),
    ("delivery", "cancelled"): State("Not sent any more"),
    ("delivery", "sent"): State("Delivered", "green"),
    ("delivery", "superseded"): State("Delivered", "green"),
}


def state(visit: Visit, subject: Any) -> State | None:
    """How a subject stands now, None for kinds that have no state."""
    found = getattr(subject, "state", None)
    if found is None:
        return None
    if subject.kind == "action" and found == "open" and subject.due_on < visit.doing.today:
        return State("Overdue", "red")
    begun = subject.kind == "meeting" and found == "scheduled" and subject.starts_at <= visit.now
    if begun:
        return State("To be recorded", "yellow")
    if subject.kind == "delivery" and (subject.kind, found) not in _STATES:
        return State("Being tried again", "blue")
    return _STATES.get((subject.kind, found), State(str(found).replace("_", " ")))


def owner(action: Any) -> str:
    """Who does an action."""
    if action.owner:
        return str(action.owner.name)
    return f"{words.sentence(action.family_owner.label)} (family)"


Facts = list[tuple[str, str]]


def _action(_: Visit, one: Any) -> Facts:
    done = f"{words.long_day(one.done_on)}, by {one.done_by.name}" if one.done_on else ""
    blocked = said("action.block", "blocked_by", one.blocked_by)
    return [
        ("Owner", owner(one)),
        ("Due", words.long_day(one.due_on)),
        ("List", said("action.agree", "list", one.list)),
        ("Done", done),
        ("In the way", f"{blocked}: {one.blocked_words}" if one.blocked_by else ""),
        ("Not theirs, because", one.not_mine_why or ""),
        ("Withdrawn, because", one.withdrawn_why or ""),
    ]


def _meeting(visit: Visit, one: Any) -> Facts:
    recorded = (
        f"{words.long_day(visit.days.local(one.recorded_at))}, by {one.recorded_by.name}"
        if one.recorded_by
        else ""
    )
    return [
        ("How", said("meeting.schedule", "mode", one.mode)),
        ("Where", one.place or ""),
        ("Called by", one.arranged_by.name),
        ("Recorded", recorded),
        ("Cancelled, because", one.cancelled_why or ""),
    ]


def _indicator(_: Visit, one: Any) -> Facts:
    found = progress(one)
    return [
        ("Reading", unit(one, one.taf)),
        ("Baseline", words.amount(one.baseline, one.unit)),
        ("Target", words.amount(one.target, one.unit)),
        ("Latest", words.amount(found.latest, one.unit)),
        ("Counted from", words.long_day(one.starts_on)),
        ("Evidence", one.evidence_source),
    ]


def _member(_: Visit, one: Any) -> Facts:
    if one.basis is None:
        return [("Basis for sharing", "None recorded")]
    basis = said("consent.record", "basis", one.basis.basis)
    return [("Basis for sharing", f"{basis}, since {words.long_day(one.basis.given_on)}")]


def _team_member(visit: Visit, one: Any) -> Facts:
    return [
        ("Agency", agency_name(visit.doing, one.person)),
        ("Job", one.person.job),
        ("Why they are needed", one.why or "" if one.state == "proposed" else ""),
    ]


def _handover(_: Visit, one: Any) -> Facts:
    return [("Offered by", one.offered_by.name), ("Why", one.reason)]


def _help(visit: Visit, one: Any) -> Facts:
    return [
        ("What it is about", said("help.ask", "why", one.trigger)),
        ("The question", one.words),
        ("What was tried", one.tried or ""),
        ("Asked by", f"{one.asked_by.name}, {agency_name(visit.doing, one.asked_by)}"),
        ("Asked", words.long_moment(visit.days.local(one.asked_at))),
        ("Answer", one.answer or ""),
        ("Answered by", one.answered_by.name if one.answered_by else ""),
    ]


def _assessment(_: Visit, one: Any) -> Facts:
    done = (
        f"{words.long_day(one.completed_on)}, by {one.completed_by.name}"
        if one.completed_by
        else ""
    )
    return [
        ("Started", f"{words.long_day(one.initiated_on)}, by {one.initiated_by.name}"),
        ("Completed", done),
    ]


_FACTS: dict[str, Callable[[Visit, Any], Facts]] = {
    "action": _action,
    "meeting": _meeting,
    "indicator": _indicator,
    "family_member": _member,
    "team_member": _team_member,
    "handover": _handover,
    "help": _help,
    "assessment": _assessment,
    "delivery": dead_letters.facts,
    "person": who_is_who.person_facts,
    "account": who_is_who.account_facts,
}


def facts(visit: Visit, subject: Any) -> Facts:
    """What is known about a subject, for those who may read about it; blanks left out."""
    found = _FACTS.get(subject.kind)
    return [pair for pair in found(visit, subject) if pair[1]] if found else []
