"""The practitioners in the record: added, changed, left, back; by co-ordinators."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from storage import accounts, families, people, subjects, team
from storage.people import Person
from workflows import leading
from workflows.access import a_co_ordinator
from workflows.checks import check_gone_by
from workflows.doing import Doing, command
from workflows.notices import ActionLeftBehind, LeadDeclined
from workflows.policy import Policy
from workflows.refusals import (
    BadEmail,
    EmailOfSomebodyWhoLeft,
    EmailTaken,
    InPostAlready,
    LastCoOrdinator,
    LeadsFamilies,
    LeftAlready,
    OnATeam,
    Refusal,
)
from workflows.team import MOVES as PLACES
from workflows.team import leave as leave_the_team
from workflows.telling import admit_supervisor, remove_supervisor, tell, tell_lead
from workflows.winding import wind

LEFT = "They have left their post."
"""Why somebody is not on a team any more, as its record says it."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


@dataclass(frozen=True)
class Details:
    """What the record holds of a practitioner. `works_on`: ISO weekdays, "12345"."""

    name: str
    agency: str
    job: str
    email: str
    roles: list[str]
    works_on: str
    identity_verified_on: date | None


def _details(doing: Doing, answers: dict[str, Any]) -> Details:
    if answers["verified_on"] is not None:
        check_gone_by(doing, answers["verified_on"], "verified_on")
    return Details(
        name=answers["name"],
        agency=answers["agency"],
        job=answers["job"] or "",
        email=answers["email"].lower(),
        roles=answers["roles"],
        works_on="".join(sorted(answers["works_on"])),
        identity_verified_on=answers["verified_on"],
    )


def check_email(session: Any, details: Details, person: Any = None) -> Any:
    """An e-mail address is one practitioner's; answers with who has left and is meant by it.

    `person` is whose details change. Raises BadEmail, EmailTaken, EmailOfSomebodyWhoLeft.
    """
    if not _EMAIL.fullmatch(details.email):
        raise BadEmail("email")
    had = people.ever_of_email(session, details.email)
    if had is None or (person is not None and had.id == person.id):
        return None
    if had.left_on is None:
        raise EmailTaken("email", who=had.name)
    if person is not None or had.name.casefold() != details.name.casefold():
        raise EmailOfSomebodyWhoLeft("email", who=had.name)
    return had


def put_in_record(session: Any, details: Details, platform: str) -> Person:
    """Keep a new practitioner, to be reached on this platform once their account is known.

    One who has left and comes back, under the same name and address, is the same practitioner.
    Raises BadEmail, EmailTaken, EmailOfSomebodyWhoLeft.
    """
    person = check_email(session, details)
    if person is None:
        person = Person(platform=platform)
        session.add(person)
    else:
        _is_back(session, person)
    for name, value in asdict(details).items():
        setattr(person, name, value)
    session.flush()
    return person


def _is_back(session: Any, person: Any) -> None:
    """They are in post again; an account that is somebody else's by now is not theirs any more."""
    account = person.platform_id
    if account and people.known_as(session, person.platform, account) is not None:
        person.platform_id = account = None
    known = accounts.find(session, person.platform, account) if account else None
    if known is not None:
        known.set_aside_at = None
    person.left_on = None
    person.version = (person.version or 0) + 1


@command(a_co_ordinator)
def add_practitioner(doing: Doing, **answers: Any) -> Person:
    """Put a practitioner in the record, or back in it under the same name and e-mail address."""
    made = put_in_record(doing.session, _details(doing, answers), doing.office.rooms_on)
    if "supervisor" in made.roles:
        admit_supervisor(doing, made)
    return made


def in_post(_: Doing, person: Any) -> Refusal | None:
    """Somebody who has left is to come back first."""
    return LeftAlready(who=person.name) if person.left_on is not None else None


@command(a_co_ordinator, also=in_post)
def change_details(doing: Doing, person: Any, **answers: Any) -> None:
    """Change what the record holds of a practitioner."""
    new = _details(doing, answers)
    check_email(doing.session, new, person)
    _check_agency(doing, person, new.agency)
    refused = _is_needed(doing, person) if "co-ordinator" not in new.roles else None
    if refused:
        raise refused
    was, will = "supervisor" in person.roles, "supervisor" in new.roles
    doing.edit(person, **asdict(new))
    if will and not was:
        admit_supervisor(doing, person)
    elif was and not will:
        remove_supervisor(doing, person)


def _check_agency(doing: Doing, person: Any, agency_id: str) -> None:
    """Whoever is on a team stays with an agency that has signed the agreement (R2)."""
    agency = doing.policy.agencies[agency_id]
    if agency_id == person.agency or agency.agreement_signed:
        return
    found = [one.taf.reference for one in team.places_of(doing.session, person)]
    if found:
        raise OnATeam("agency", who=person.name, references=found, agency=agency.name)


def _is_needed(doing: Doing, person: Any) -> Refusal | None:
    """There is always somebody who can put people in the record."""
    others = [one for one in people.with_role(doing.session, "co-ordinator") if one is not person]
    needed = "co-ordinator" in person.roles and not others
    return LastCoOrdinator("roles", who=person.name) if needed else None


def may_leave(doing: Doing, person: Any) -> Refusal | None:
    """Nobody leaves who leads a family, or without whom there would be no co-ordinator."""
    led = [one.reference for one in families.led_by(doing.session, person)]
    if person.left_on is None and led:
        return LeadsFamilies(who=person.name, references=led)
    return in_post(doing, person) or _is_needed(doing, person)


@command(a_co_ordinator, also=may_leave)
def has_left(doing: Doing, person: Any) -> None:
    """Say that a practitioner has left: out of every team and room, their actions reported."""
    places = team.places_of(doing.session, person)
    for place in places:
        subjects.find(doing.session, place.taf.ref, to_change=True)
    refused = may_leave(doing, person)
    if refused:
        raise refused
    doing.edit(person, left_on=doing.today)
    for offer in team.offers_to(doing.session, person):
        _take_back(doing, offer)
    for place in places:
        _leaves(doing, place)
    if "supervisor" in person.roles:
        remove_supervisor(doing, person)
    known = accounts.find(doing.session, person.platform, person.platform_id or "")
    if known is not None:
        known.set_aside_at = doing.now


def _take_back(doing: Doing, offer: Any) -> None:
    doing.move(leading.MOVES, "take_back_lead", offer, answered_at=doing.now)
    taf = offer.taf
    notice = LeadDeclined(about=taf.ref, reference=taf.reference, who=offer.taker.name)
    tell(doing, offer.offered_by, notice, taf)


def _leaves(doing: Doing, place: Any) -> None:
    """One team goes on without them: whoever leads it hears which actions are still theirs."""
    taf, person = place.taf, place.person
    if place.state == "proposed":
        doing.move(PLACES, "decline_member", place)
    else:
        leave_the_team(doing, place, "remove_member", LEFT)
    for action in taf.actions:
        if action.is_open and action.owner_id == person.id:
            notice = ActionLeftBehind(
                about=action.ref,
                reference=taf.reference,
                number=action.number,
                who=person.name,
                due_on=action.due_on,
            )
            tell_lead(doing, notice, action)
    wind(doing.session, taf, doing.now, doing.policy, doing.days)


def gone(_: Doing, person: Any) -> Refusal | None:
    """Only somebody who has left comes back."""
    return InPostAlready(who=person.name) if person.left_on is None else None


@command(a_co_ordinator, also=gone)
def come_back(doing: Doing, person: Any) -> None:
    """Say that a practitioner who had left is back in post, on no team yet."""
    _is_back(doing.session, person)
    doing.session.flush()
    if "supervisor" in person.roles:
        admit_supervisor(doing, person)


def agency_known(policy: Policy, word: str) -> str | None:
    """The agency that is meant by its key in app.yaml or by its name."""
    for key, agency in policy.agencies.items():
        if word.casefold() in {key.casefold(), agency.name.casefold()}:
            return key
    return None
