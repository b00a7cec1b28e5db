"""Why a press may be refused: one class a reason; the friendly sentence lives in messages."""

from __future__ import annotations

import re
from typing import Any


class Refusal(Exception):
    """An expected no. `id` names the reason; `field` is the question it belongs to, if any."""

    def __init__(self, field: str | None = None, **facts: Any) -> None:
        super().__init__(self.id)
        self.field = field
        self.facts = facts

    @property
    def id(self) -> str:
        """The reason's name: "not_a_member"."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class NotAMember(Refusal):
    """They are not on this family's team: for them the family does not exist."""


class NotTheLead(Refusal):
    """Only the Lead Professional may do this."""


class NotYours(Refusal):
    """Only the owner of the action or the Lead Professional may do this."""


class NotOffered(Refusal):
    """The lead was offered to somebody else."""


class NotInvited(Refusal):
    """They were not invited to this meeting."""


class NotASupervisor(Refusal):
    """Only a supervisor may do this."""


class NotACoOrdinator(Refusal):
    """Only a co-ordinator may do this."""


class NotForYourAgency(Refusal):
    """Their agency may not do this: it may not lead, or not complete an assessment."""


class NoAgreement(Refusal):
    """The person's agency has not signed the information sharing agreement (R2)."""


class NotVerified(Refusal):
    """Nobody has checked who this person is (R2)."""


class Gone(Refusal):
    """The subject no longer exists, or never did."""


class Changed(Refusal):
    """Somebody changed the subject after this form was opened."""


class TafClosed(Refusal):
    """The work with this family is closed."""


class SharingStopped(Refusal):
    """Consent was withdrawn and the Lead Professional has not recorded a decision yet."""


class AlreadyDone(Refusal):
    """Somebody marked the action done before."""


class AlreadyWithdrawn(Refusal):
    """It was withdrawn before."""


class AlreadyBlocked(Refusal):
    """The action is marked blocked already."""


class AlreadyHeld(Refusal):
    """The meeting was recorded before."""


class AlreadyCancelled(Refusal):
    """The meeting was cancelled before."""


class AlreadyClosed(Refusal):
    """It was closed before."""


class AlreadyAnswered(Refusal):
    """It was answered before."""


class AlreadyCompleted(Refusal):
    """The assessment was completed before."""


class AlreadyAgreed(Refusal):
    """The plan was agreed before."""


class AlreadySeenTo(Refusal):
    """What could not be delivered was tried again, or set aside, before."""


class NoLongerNeeded(Refusal):
    """What could not be delivered is of no use any more: it is not true, or the work is closed."""


class RoomNotOpen(Refusal):
    """The room's own opening could not be done, and has to come first."""


class RoomTaken(Refusal):
    """A chat cannot become a room: the family has one, or the chat is another family's."""


class NotNow(Refusal):
    """The subject is not in a state where this can be done."""


class FamilyKnown(Refusal):
    """There is open work with a family of this reference already."""


class BadReference(Refusal):
    """The reference is not opaque: letters, a dash and numbers only (R1)."""


class NotARoleLabel(Refusal):
    """A family member is named: role labels or initials only (R1)."""


class NoFamilyMember(Refusal):
    """Nobody of the family was given."""


class NoDependentChild(Refusal):
    """No child or young person was given."""


class SameLabel(Refusal):
    """Two members of the family have the same label."""


class ReferrerNeeded(Refusal):
    """A criterion of professional judgement needs the professional who referred."""


class OnTheTeamAlready(Refusal):
    """The person is on the team already."""


class LeadLeaves(Refusal):
    """The Lead Professional cannot leave before the lead is handed over."""


class LeadAlready(Refusal):
    """The person is the Lead Professional already."""


class OfferWaiting(Refusal):
    """The lead has been offered and not answered yet."""


class DateInThePast(Refusal):
    """The date has gone by."""


class DateInTheFuture(Refusal):
    """The date has not come yet."""


class DateTooFar(Refusal):
    """The date is too far ahead to be meant."""


class DateNeeded(Refusal):
    """A time was given without its date."""


class NotLater(Refusal):
    """The new date is not later than the old one."""


class EndsBeforeItBegins(Refusal):
    """The last day comes before the first."""


class OwnerNotOnTheTeam(Refusal):
    """An action can be owned only by somebody on the team, or in the family."""


class SnoozeTooLong(Refusal):
    """A reminder can be put off only so long."""


class NotYetHeld(Refusal):
    """The meeting's time has not come yet."""


class NobodyInvited(Refusal):
    """A meeting needs somebody invited."""


class SubstituteNeeded(Refusal):
    """A substitute was announced without saying who."""


class VoiceNeeded(Refusal):
    """The child's voice is missing: what they said, or why it was not gathered."""


class ReadingOutOfRange(Refusal):
    """The reading does not fit its unit: months 0 to 12, weeks 0 to 52."""


class ReadingNeeded(Refusal):
    """Neither a value was given nor "not known" chosen."""


class TargetNeeded(Refusal):
    """The framework's own target cannot be worked out without a baseline."""


class BadReading(Refusal):
    """The reading cannot be understood in its unit."""


class BeforeTheStart(Refusal):
    """The reading is dated before the indicator's own start."""


class ToldNeeded(Refusal):
    """Somebody with parental responsibility is neither told of the closure nor is it said why."""


class NotAgreedWhy(Refusal):
    """The closure is not agreed and nobody says why."""


class LeadOrHold(Refusal):
    """A step-down needs a Lead Professional, or a date by which one will be named."""


class BasisWithdrawn(Refusal):
    """There is no consent to withdraw."""


class BasisNeeded(Refusal):
    """Going on sharing without consent needs a lawful basis and a reason."""


class BadEmail(Refusal):
    """What was given cannot be an e-mail address."""


class EmailTaken(Refusal):
    """Another practitioner has this e-mail address."""


class EmailOfSomebodyWhoLeft(Refusal):
    """A practitioner who has left had this e-mail address, under another name."""


class LeadsFamilies(Refusal):
    """Whoever leads a family cannot leave before the lead is handed over."""


class OnATeam(Refusal):
    """Whoever is on a team stays with an agency that has signed the agreement (R2)."""


class LastCoOrdinator(Refusal):
    """There would be no co-ordinator any more."""


class LeftAlready(Refusal):
    """The practitioner has left."""


class InPostAlready(Refusal):
    """The practitioner is in post."""


class NoAccount(Refusal):
    """The practitioner is matched with no account."""


class AccountTaken(Refusal):
    """The account is matched with another practitioner."""


class OtherAccount(Refusal):
    """The practitioner is matched with another account."""


ALREADY: dict[str, type[Refusal]] = {
    "done": AlreadyDone,
    "withdrawn": AlreadyWithdrawn,
    "blocked": AlreadyBlocked,
    "held": AlreadyHeld,
    "cancelled": AlreadyCancelled,
    "closed": AlreadyClosed,
    "answered": AlreadyAnswered,
    "accepted": AlreadyAnswered,
    "declined": AlreadyAnswered,
    "completed": AlreadyCompleted,
    "agreed": AlreadyAgreed,
}
"""The refusal for a press that comes after somebody else's, by the state they left behind."""


def every() -> list[type[Refusal]]:
    """Every reason there is."""
    return Refusal.__subclasses__()
