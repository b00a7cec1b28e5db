"""Privacy notices and, apart from them, consent or another lawful basis; and its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.consents import Consent, PrivacyNotice, SharingDecision
from workflows import team
from workflows.access import the_lead, the_team
from workflows.checks import check_gone_by
from workflows.convening import MOVES
from workflows.doing import Doing, command
from workflows.notices import SharingHasStopped, SharingResumed
from workflows.refusals import BasisNeeded, BasisWithdrawn, Refusal
from workflows.telling import admit, post, tell_lead

CONSENT = "consent"


@command(the_team)
def serve_notice(doing: Doing, member: Any, *, served_on: date, how: str) -> None:
    """Record that a family member was given the privacy notice; it is not consent."""
    check_gone_by(doing, served_on, "served_on")
    doing.add(
        PrivacyNotice(
            family_member_id=member.id, served_on=served_on, how=how, served_by_id=doing.person.id
        )
    )


@command(the_team, on="open sharing_stopped")
def record_consent(
    doing: Doing, member: Any, *, basis: str, given_on: date, note: str | None
) -> None:
    """Record consent, or another lawful basis, for sharing about a family member."""
    check_gone_by(doing, given_on, "given_on")
    doing.add(
        Consent(
            family_member_id=member.id,
            basis=basis,
            given_on=given_on,
            note=note,
            recorded_by_id=doing.person.id,
            recorded_at=doing.now,
        )
    )
    doing.session.expire(member, ["consents"])


def _standing(member: Any) -> list[Any]:
    return [one for one in member.consents if one.basis == CONSENT and one.withdrawn_on is None]


def consent_stands(_: Doing, member: Any) -> Refusal | None:
    """Only consent that stands can be withdrawn."""
    return None if _standing(member) else BasisWithdrawn(who=member.label)


@command(the_team, on="open sharing_stopped", also=consent_stands)
def withdraw_consent(doing: Doing, member: Any, *, withdrawn_on: date) -> None:
    """Record that consent was withdrawn: sharing and reminders stop at once.

    Everybody but the Lead Professional leaves the room until the lead has recorded a decision
    (domain 2.3).
    """
    check_gone_by(doing, withdrawn_on, "withdrawn_on")
    for one in _standing(member):
        doing.edit(one, withdrawn_on=withdrawn_on, withdrawn_recorded_by_id=doing.person.id)
    doing.session.expire(member, ["consents"])
    if member.taf.state == "open":
        _stop_sharing(doing, member.taf)


def _stop_sharing(doing: Doing, taf: Any) -> None:
    doing.move(MOVES, "withdraw_consent", taf)
    team.send_away(doing, taf)
    notice = SharingHasStopped(about=taf.ref, reference=taf.reference)
    post(doing, notice, taf)
    tell_lead(doing, notice, taf, cannot_wait=True)


@command(the_lead, MOVES, on="sharing_stopped")
def resume_sharing(doing: Doing, taf: Any, *, basis: str, reason: str) -> None:
    """Record the decision to go on sharing, on which basis, and why; the team comes back."""
    consents = any(member.basis and member.basis.basis == CONSENT for member in taf.members)
    if basis == CONSENT and not consents:
        raise BasisNeeded("basis")
    doing.move(MOVES, "resume_sharing", taf)
    doing.add(
        SharingDecision(
            taf_id=taf.id,
            decision="resume",
            basis=basis,
            reason=reason,
            decided_by_id=doing.person.id,
            decided_at=doing.now,
        )
    )
    for place in taf.team:
        if place.state == "away":
            doing.move(team.MOVES, "sharing_resumes", place)
            admit(doing, taf, place.person)
    post(doing, SharingResumed(about=taf.ref, reference=taf.reference, by=doing.person.name), taf)
