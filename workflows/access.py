"""Who may do what: each permission answers with the reason for a no, or None for a yes."""

from __future__ import annotations

from typing import Any

from workflows.doing import Doing
from workflows.refusals import (
    NotACoOrdinator,
    NotAMember,
    NotASupervisor,
    NotForYourAgency,
    NotInvited,
    NotOffered,
    NotTheLead,
    NotYours,
    Refusal,
)


def membership(doing: Doing, taf: Any) -> Any:
    """The person's place on the team now, or None."""
    return next(
        (one for one in taf.team if one.person_id == doing.person.id and one.state == "joined"),
        None,
    )


def the_team(doing: Doing, subject: Any) -> Refusal | None:
    """Everybody on the team around this family, and nobody else."""
    return None if membership(doing, subject.taf) else NotAMember()


def the_lead(doing: Doing, subject: Any) -> Refusal | None:
    """The Lead Professional of this family."""
    if subject.taf.lead_id == doing.person.id:
        return None
    return the_team(doing, subject) or NotTheLead()


def the_lead_or_a_co_ordinator(doing: Doing, subject: Any) -> Refusal | None:
    """The Lead Professional; while there is none, a co-ordinator too."""
    if subject.taf.lead_id is None and "co-ordinator" in doing.person.roles:
        return None
    return the_lead(doing, subject)


def owner_or_lead(doing: Doing, action: Any) -> Refusal | None:
    """The action's owner, or the Lead Professional (who also speaks for the family's own)."""
    refused = the_team(doing, action)
    if refused:
        return refused
    mine = doing.person.id in {action.owner_id, action.taf.lead_id}
    return None if mine else NotYours()


def the_owner(doing: Doing, action: Any) -> Refusal | None:
    """The practitioner who owns the action."""
    refused = the_team(doing, action)
    return refused or (None if action.owner_id == doing.person.id else NotYours())


def themselves(doing: Doing, member: Any) -> Refusal | None:
    """The team member whose own place this is."""
    refused = the_team(doing, member)
    return refused or (None if member.person_id == doing.person.id else NotYours())


def the_one_asked(doing: Doing, handover: Any) -> Refusal | None:
    """The practitioner the lead was offered to."""
    if handover.to_id == doing.person.id:
        return None
    return the_team(doing, handover) or NotOffered()


def the_invited(doing: Doing, meeting: Any) -> Refusal | None:
    """Those invited to this meeting."""
    refused = the_team(doing, meeting)
    if refused:
        return refused
    asked = any(one.person_id == doing.person.id for one in meeting.invitations)
    return None if asked else NotInvited()


def a_supervisor(doing: Doing, subject: Any) -> Refusal | None:
    """A Think Family clinical supervisor."""
    if "supervisor" in doing.person.roles:
        return None
    return the_team(doing, subject) or NotASupervisor()


def minds(person: Any, taf: Any) -> bool:
    """Whether this person sees to what could not be delivered: about their family, or any."""
    return "co-ordinator" in person.roles or (taf is not None and taf.lead_id == person.id)


def whoever_minds(doing: Doing, delivery: Any) -> Refusal | None:
    """The Lead Professional of the family it is about, or a co-ordinator; nobody else sees it."""
    return None if minds(doing.person, delivery.taf) else NotAMember()


def a_co_ordinator(doing: Doing, subject: Any) -> Refusal | None:
    """A co-ordinator; for anybody else there is nobody and nothing here to look after."""
    if "co-ordinator" in doing.person.roles:
        return None
    return NotACoOrdinator() if subject is None else NotAMember()


def a_convener(doing: Doing, _: Any) -> Refusal | None:
    """A practitioner of an agency that signed the agreement and can lead, or a co-ordinator."""
    if "co-ordinator" in doing.person.roles:
        return None
    agency = doing.policy.agencies.get(doing.person.agency)
    able = agency is not None and agency.agreement_signed and agency.can_lead
    return None if able else NotForYourAgency()


def an_assessor(doing: Doing, subject: Any) -> Refusal | None:
    """A team member whose agency can complete a whole-family assessment (seed 3)."""
    refused = the_team(doing, subject)
    if refused:
        return refused
    agency = doing.policy.agencies.get(doing.person.agency)
    return None if agency and agency.can_complete_assessment else NotForYourAgency()


def anybody(_: Doing, __: Any) -> Refusal | None:
    """Every practitioner."""
    return None


def may_look(person: Any, taf: Any) -> bool:
    """Whether this person sees this family's pages at all: being on its team, nothing less."""
    return any(one.person_id == person.id and one.state == "joined" for one in taf.team)
