"""The facts of every notice that a press brings about; reminders keep theirs with their rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.notice import Notice


@dataclass(frozen=True, kw_only=True)
class Welcome(Notice):
    """A family's room is open."""

    lead: str
    banner: str
    assessment_due_on: date


@dataclass(frozen=True, kw_only=True)
class JoinedTheTeam(Notice):
    """Somebody is on the team now."""

    who: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class LeftTheTeam(Notice):
    """Somebody is no longer on the team."""

    who: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class YouJoined(Notice):
    """You are on a family's team."""

    by: str


@dataclass(frozen=True, kw_only=True)
class MemberProposed(Notice):
    """A team member proposes somebody for the team: the Lead Professional approves."""

    who: str
    agency: str
    by: str


@dataclass(frozen=True, kw_only=True)
class LeadOffered(Notice):
    """You are asked to be a family's Lead Professional."""

    by: str


@dataclass(frozen=True, kw_only=True)
class LeadDeclined(Notice):
    """The lead was offered and declined."""

    who: str


@dataclass(frozen=True, kw_only=True)
class LeadChanged(Notice):
    """A family has a new Lead Professional."""

    who: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class SharingHasStopped(Notice):
    """Consent was withdrawn: the Lead Professional is asked for a recorded decision."""


@dataclass(frozen=True, kw_only=True)
class SharingResumed(Notice):
    """Sharing goes on, on a recorded basis."""

    by: str


@dataclass(frozen=True, kw_only=True)
class AssessmentStarted(Notice):
    """The whole-family assessment was initiated."""

    by: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AssessmentCompleted(Notice):
    """The whole-family assessment is complete; the first TAF meeting is due."""

    by: str
    first_taf_due_on: date | None


@dataclass(frozen=True, kw_only=True)
class MeetingCalled(Notice):
    """A TAF meeting was arranged or proposed."""

    purpose: str
    mode: str
    starts_at: str | None
    on: date
    by: str


@dataclass(frozen=True, kw_only=True)
class YouAreInvited(Notice):
    """You are invited to a TAF meeting."""

    purpose: str
    mode: str
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(Notice):
    """A TAF meeting has a new time."""

    purpose: str
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Notice):
    """A TAF meeting was cancelled."""

    purpose: str
    starts_at: str | None
    on: date


@dataclass(frozen=True, kw_only=True)
class MeetingRecorded(Notice):
    """A TAF meeting was recorded."""

    purpose: str
    on: date
    by: str
    attended: int
    invited: int
    family_came: int
    actions: int
    dissents: int
    lead_took_notes: bool


@dataclass(frozen=True, kw_only=True)
class PlanAgreed(Notice):
    """The support plan was agreed."""

    outcomes: int
    actions: int


@dataclass(frozen=True, kw_only=True)
class ActionCard(Notice):
    """An action as it stands: one card, edited in place."""

    number: int
    state: str
    owner: str
    due_on: date
    list: str


@dataclass(frozen=True, kw_only=True)
class ActionForYou(Notice):
    """An action was agreed for you."""

    number: int
    due_on: date
    by: str


@dataclass(frozen=True, kw_only=True)
class ActionMoved(Notice):
    """The owner of an action needs more time, or is blocked, or says it is not theirs."""

    number: int
    who: str
    what: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class IndicatorChosen(Notice):
    """An indicator was chosen for the family."""

    number: int
    by: str


@dataclass(frozen=True, kw_only=True)
class ReadingRecorded(Notice):
    """A reading was recorded; says whether the target is met."""

    number: int
    by: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class TargetRelapsed(Notice):
    """A target that was met is not met any more."""

    number: int


@dataclass(frozen=True, kw_only=True)
class ReviewRecorded(Notice):
    """A review was recorded."""

    progress: str
    decision: str
    next_on: date | None
    mode: str


@dataclass(frozen=True, kw_only=True)
class StepUpDecided(Notice):
    """The team decided to step up: a person calls the MASH, the assistant never does."""

    banner: str


@dataclass(frozen=True, kw_only=True)
class TafHasClosed(Notice):
    """The work with a family is closed."""

    reason: str
    on: date


@dataclass(frozen=True, kw_only=True)
class HelpAsked(Notice):
    """A team is stuck: for the supervisors' room."""

    request: str
    why: str
    who: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class HelpAskedTeam(Notice):
    """The team is told that help was asked for, and why."""

    request: str
    why: str
    who: str


@dataclass(frozen=True, kw_only=True)
class HelpAnswered(Notice):
    """A supervisor answered."""

    request: str
    who: str


@dataclass(frozen=True, kw_only=True)
class RoomAstray(Notice):
    """A room was not as the record has it: `what` says how, `who` whom it is about, if anybody."""

    what: str
    who: str


@dataclass(frozen=True, kw_only=True)
class ActionLeftBehind(Notice):
    """The owner of an action has left their post."""

    number: int
    who: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class SomebodyUnknown(Notice):
    """An account that is nobody's has tried to use the assistant; `reference` is its platform.

    What the account is called there was typed by its owner, so it is not said here.
    """
