"""Who is on the team: added, approved, removed; only ever from agencies that have signed (R2)."""

from __future__ import annotations

from typing import Any

from storage import subjects
from storage.team import TeamMember
from workflows.access import the_lead_or_a_co_ordinator, the_team, themselves
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import JoinedTheTeam, LeftTheTeam, MemberProposed, YouJoined
from workflows.refusals import LeadLeaves, NoAgreement, NotVerified, OnTheTeamAlready, Refusal
from workflows.telling import admit, post, remove, tell, tell_lead

MOVES = Moves(
    "team member",
    "proposed",
    {
        "approve_member": "proposed -> joined",
        "decline_member": "proposed -> declined",
        "remove_member": "joined away -> left",
        "leave_team": "joined -> left",
        "sharing_stops": "joined -> away",
        "sharing_resumes": "away -> joined",
    },
)


def check_may_join(doing: Doing, person: Any, field: str) -> None:
    """A person joins only from a signed agency, and only once it is known who they are (R2)."""
    agency = doing.policy.agencies.get(person.agency)
    if agency is None or not agency.agreement_signed:
        raise NoAgreement(field, who=person.name, agency=agency_name(doing, person))
    if person.identity_verified_on is None:
        raise NotVerified(field, who=person.name)


def agency_name(doing: Doing, person: Any) -> str:
    """A practitioner's agency in words."""
    agency = doing.policy.agencies.get(person.agency)
    return agency.name if agency else person.agency


def join(doing: Doing, taf: Any, person: Any) -> TeamMember:
    """Put somebody on the team and let them into the room; who was proposed or away comes in."""
    waiting = [one for one in taf.team if one.state in {"proposed", "away"}]
    member = next((one for one in waiting if one.person_id == person.id), None)
    if member is None:
        member = doing.add(
            TeamMember(taf_id=taf.id, person_id=person.id, asked_by_id=doing.person.id)
        )
        doing.session.expire(taf, ["team"])
    if member.state == "away":
        doing.move(MOVES, "sharing_resumes", member)
    else:
        approved = {"approved_by_id": doing.person.id, "joined_at": doing.now}
        doing.move(MOVES, "approve_member", member, **approved)
    admit(doing, taf, person)
    tell(
        doing,
        person,
        YouJoined(about=taf.ref, reference=taf.reference, by=doing.person.name),
        taf,
    )
    return member


def send_away(doing: Doing, taf: Any) -> None:
    """While sharing is stopped, everybody but the Lead Professional leaves the room."""
    for place in taf.team:
        if place.state == "joined" and place.person_id != taf.lead_id:
            doing.move(MOVES, "sharing_stops", place)
            remove(doing, taf, place.person)


@command(the_team)
def add_member(doing: Doing, taf: Any, *, person: str, why: str | None) -> TeamMember:
    """Add a practitioner to the team; from anybody but the lead it is a proposal."""
    who = subjects.find(doing.session, person)
    check_may_join(doing, who, "person")
    if any(
        one.person_id == who.id and one.state in {"proposed", "joined", "away"} for one in taf.team
    ):
        raise OnTheTeamAlready("person", who=who.name)
    if taf.lead_id == doing.person.id:
        member = join(doing, taf, who)
        member.why = why
        _announce(doing, taf, who)
        return member
    member = doing.add(
        TeamMember(taf_id=taf.id, person_id=who.id, asked_by_id=doing.person.id, why=why)
    )
    tell_lead(
        doing,
        MemberProposed(
            about=member.ref,
            reference=taf.reference,
            who=who.name,
            agency=agency_name(doing, who),
            by=doing.person.name,
        ),
        taf,
    )
    return member


def _announce(doing: Doing, taf: Any, who: Any) -> None:
    post(
        doing,
        JoinedTheTeam(
            about=taf.ref, reference=taf.reference, who=who.name, agency=agency_name(doing, who)
        ),
        taf,
    )


@command(the_lead_or_a_co_ordinator, MOVES)
def approve_member(doing: Doing, member: Any) -> None:
    """The Lead Professional, or a co-ordinator while there is none, lets somebody join."""
    check_may_join(doing, member.person, "person")
    doing.move(MOVES, "approve_member", member, approved_by_id=doing.person.id, joined_at=doing.now)
    admit(doing, member.taf, member.person)
    _announce(doing, member.taf, member.person)
    tell(
        doing,
        member.person,
        YouJoined(about=member.taf.ref, reference=member.taf.reference, by=doing.person.name),
        member.taf,
    )


@command(the_lead_or_a_co_ordinator, MOVES)
def decline_member(doing: Doing, member: Any) -> None:
    """The Lead Professional, or a co-ordinator while there is none, declines somebody."""
    doing.move(MOVES, "decline_member", member)


def lead_is_handed_over(_: Doing, member: Any) -> Refusal | None:
    """The Lead Professional leaves the team only after handing over the lead."""
    leads = member.taf.lead_id == member.person_id
    return LeadLeaves(who=member.person.name) if leads else None


@command(the_lead_or_a_co_ordinator, MOVES, on="open sharing_stopped", also=lead_is_handed_over)
def remove_member(doing: Doing, member: Any, *, why: str) -> None:
    """Take a practitioner off the team, and out of the room."""
    leave(doing, member, "remove_member", why)


@command(themselves, MOVES, also=lead_is_handed_over)
def leave_team(doing: Doing, member: Any, *, why: str) -> None:
    """Leave the team yourself."""
    leave(doing, member, "leave_team", why)


def leave(doing: Doing, member: Any, name: str, why: str) -> None:
    """Take somebody off the team by a legal move, and out of the room; the team is told."""
    taf = member.taf
    doing.move(MOVES, name, member, left_at=doing.now, why=why)
    remove(doing, taf, member.person)
    post(
        doing,
        LeftTheTeam(
            about=taf.ref,
            reference=taf.reference,
            who=member.person.name,
            agency=agency_name(doing, member.person),
        ),
        taf,
    )


def on_the_team(taf: Any) -> list[Any]:
    """The practitioners on the team now."""
    return [one.person for one in taf.team if one.state == "joined"]
