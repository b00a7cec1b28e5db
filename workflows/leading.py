"""The Lead Professional: offered with a reason, accepted or declined, the history kept."""

from __future__ import annotations

from typing import Any

from storage import subjects
from storage.team import LeadHandover
from workflows.access import the_lead, the_lead_or_a_co_ordinator, the_one_asked
from workflows.convening import check_may_lead
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import LeadChanged, LeadDeclined, LeadOffered
from workflows.refusals import LeadAlready, OfferWaiting, Refusal
from workflows.team import agency_name, check_may_join, join, send_away
from workflows.telling import hand_on, post, tell

MOVES = Moves(
    "lead handover",
    "offered",
    {
        "accept_lead": "offered -> accepted",
        "decline_lead": "offered -> declined",
        "take_back_lead": "offered -> withdrawn",
    },
)


def no_offer_waits(_: Doing, taf: Any) -> Refusal | None:
    """The lead is offered to one person at a time."""
    return OfferWaiting() if any(one.state == "offered" for one in taf.handovers) else None


@command(the_lead_or_a_co_ordinator, on="open sharing_stopped", also=no_offer_waits)
def hand_over(doing: Doing, taf: Any, *, to: str, reason: str) -> LeadHandover:
    """Offer the lead to another practitioner, who accepts or declines it."""
    who = subjects.find(doing.session, to)
    if who.id == taf.lead_id:
        raise LeadAlready("to", who=who.name)
    check_may_join(doing, who, "to")
    check_may_lead(doing, who, "to")
    offer = doing.add(
        LeadHandover(
            taf_id=taf.id,
            from_id=taf.lead_id,
            to_id=who.id,
            offered_by_id=doing.person.id,
            reason=reason,
            offered_at=doing.now,
        )
    )
    doing.session.expire(taf, ["handovers"])
    if who.id == doing.person.id:
        _accept(doing, offer)
    else:
        tell(
            doing,
            who,
            LeadOffered(about=offer.ref, reference=taf.reference, by=doing.person.name),
            taf,
        )
    return offer


@command(the_one_asked, MOVES, on="open sharing_stopped")
def accept_lead(doing: Doing, offer: Any) -> None:
    """Accept the lead: from now on you are this family's Lead Professional."""
    _accept(doing, offer)


def _accept(doing: Doing, offer: Any) -> None:
    taf, taker = offer.taf, offer.taker
    check_may_join(doing, taker, "to")
    doing.move(MOVES, "accept_lead", offer, answered_at=doing.now)
    if not any(one.person_id == taker.id and one.state == "joined" for one in taf.team):
        join(doing, taf, taker)
    doing.edit(
        taf,
        lead_id=taker.id,
        lead_vacant_since=None,
        lead_vacant_why=None,
        lead_wanted_by=None,
    )
    doing.session.expire(taf, ["lead"])
    hand_on(doing, taf)
    if taf.state == "sharing_stopped":
        send_away(doing, taf)
    notice = LeadChanged(
        about=taf.ref, reference=taf.reference, who=taker.name, agency=agency_name(doing, taker)
    )
    post(doing, notice, taf)
    if offer.giver is not None:
        tell(doing, offer.giver, notice, taf)


@command(the_one_asked, MOVES)
def decline_lead(doing: Doing, offer: Any) -> None:
    """Decline the lead: it stays where it is."""
    doing.move(MOVES, "decline_lead", offer, answered_at=doing.now)
    tell(
        doing,
        offer.offered_by,
        LeadDeclined(about=offer.taf.ref, reference=offer.taf.reference, who=doing.person.name),
        offer.taf,
    )


@command(the_lead_or_a_co_ordinator, MOVES)
def take_back_lead(doing: Doing, offer: Any) -> None:
    """Take back an offer of the lead that has not been answered."""
    doing.move(MOVES, "take_back_lead", offer, answered_at=doing.now)


@command(the_lead)
def give_up_lead(doing: Doing, taf: Any, *, reason: str) -> None:
    """Step back as Lead Professional with nobody to follow yet: the co-ordinators are told."""
    doing.edit(taf, lead_id=None, lead_vacant_since=doing.today, lead_vacant_why=reason)
    doing.session.expire(taf, ["lead"])
    hand_on(doing, taf)
