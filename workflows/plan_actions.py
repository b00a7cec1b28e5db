"""The plan's actions: agreed, done, given more time, blocked, not mine, withdrawn, snoozed."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage import subjects
from storage.plan import Action
from workflows.access import owner_or_lead, the_lead, the_owner, the_team
from workflows.checks import check_ahead
from workflows.doing import Doing, command
from workflows.moves import Moves
from workflows.notices import ActionCard, ActionForYou, ActionMoved
from workflows.refusals import NotLater, OwnerNotOnTheTeam, SnoozeTooLong
from workflows.telling import post, tell, tell_lead

MOVES = Moves(
    "action",
    "open",
    {
        "mark_done": "open blocked -> done",
        "ask_for_time": "open blocked",
        "block": "open -> blocked",
        "unblock": "blocked -> open",
        "not_mine": "open blocked",
        "give_to": "open blocked",
        "snooze": "open",
        "withdraw": "open blocked -> withdrawn",
        "reopen": "done -> open",
    },
)

FAMILYS = "The family"
"""How an action that a family member owns is signed in notices: never by their label (R1)."""


def owner_in_notices(action: Any) -> str:
    """The owner as notices name them: a practitioner's name, or "The family"."""
    return action.owner.name if action.owner else FAMILYS


def _card(doing: Doing, action: Any) -> None:
    post(
        doing,
        ActionCard(
            about=action.ref,
            reference=action.taf.reference,
            number=action.number,
            state=action.state,
            owner=owner_in_notices(action),
            due_on=action.due_on,
            list=action.list,
        ),
        action,
        card=True,
    )


def check_may_own(taf: Any, owner: Any, field: str) -> None:
    """A practitioner owns an action only while on the team."""
    on_team = any(one.person_id == owner.id and one.state == "joined" for one in taf.team)
    if owner.kind == "person" and not on_team:
        raise OwnerNotOnTheTeam(field, who=owner.name)


def agree_as(
    doing: Doing, taf: Any, row: dict[str, Any], path: str = "", meeting: Any = None
) -> Action:
    """Agree an action inside another command."""
    check_ahead(doing, row["due_on"], f"{path}due_on")
    owner = subjects.find(doing.session, row["owner"])
    check_may_own(taf, owner, f"{path}owner")
    outcome = subjects.find(doing.session, row["outcome"]) if row.get("outcome") else None
    doing.session.expire(taf, ["actions"])
    action = doing.add(
        Action(
            taf_id=taf.id,
            number=len(taf.actions) + 1,
            words=row["words"],
            list=row["list"],
            owner_id=owner.id if owner.kind == "person" else None,
            family_owner_id=owner.id if owner.kind == "family_member" else None,
            due_on=row["due_on"],
            outcome_id=outcome.id if outcome else None,
            meeting_id=meeting.id if meeting else None,
            agreed_at=doing.now,
            agreed_by_id=doing.person.id,
        )
    )
    doing.session.expire(taf, ["actions"])
    _card(doing, action)
    tell(
        doing,
        action.owner,
        ActionForYou(
            about=action.ref,
            reference=taf.reference,
            number=action.number,
            due_on=action.due_on,
            by=doing.person.name,
        ),
        action,
    )
    return action


@command(the_team)
def agree(
    doing: Doing,
    taf: Any,
    *,
    words: str,
    list: str,  # noqa: A002  the field is the plan's list, as people call it
    owner: str,
    due_on: date,
    outcome: str | None,
) -> Action:
    """Agree an action: the family's plan or a professionals' task, its owner and its due date."""
    return agree_as(
        doing,
        taf,
        {"words": words, "list": list, "owner": owner, "due_on": due_on, "outcome": outcome},
    )


@command(owner_or_lead, MOVES)
def mark_done(doing: Doing, action: Any) -> None:
    """Mark an action done."""
    doing.move(
        MOVES,
        "mark_done",
        action,
        done_on=doing.today,
        done_by_id=doing.person.id,
        blocked_by=None,
        quiet_until=None,
    )
    _card(doing, action)


@command(owner_or_lead, MOVES)
def reopen(doing: Doing, action: Any, *, due_on: date) -> None:
    """Open an action again that was marked done by mistake, or turned out not to be."""
    check_ahead(doing, due_on, "due_on")
    doing.move(MOVES, "reopen", action, done_on=None, done_by_id=None, due_on=due_on)
    _card(doing, action)


@command(owner_or_lead, MOVES)
def ask_for_time(doing: Doing, action: Any, *, due_on: date, reason: str) -> None:
    """Ask for more time: a later date and the reason."""
    check_ahead(doing, due_on, "due_on")
    if due_on <= action.due_on:
        raise NotLater("due_on", due_on=action.due_on)
    doing.move(
        MOVES,
        "ask_for_time",
        action,
        due_on=due_on,
        times_moved=action.times_moved + 1,
        moved_why=reason,
        quiet_until=None,
    )
    _card(doing, action)
    _tell_lead(doing, action, "needs more time for")


def _tell_lead(doing: Doing, action: Any, what: str) -> None:
    tell_lead(
        doing,
        ActionMoved(
            about=action.ref,
            reference=action.taf.reference,
            number=action.number,
            who=doing.person.name,
            what=what,
            due_on=action.due_on,
        ),
        action,
    )


@command(owner_or_lead, MOVES)
def block(doing: Doing, action: Any, *, blocked_by: str, words: str) -> None:
    """Say that an action is blocked: by whom or what, a waiting list included."""
    doing.move(MOVES, "block", action, blocked_by=blocked_by, blocked_words=words)
    _card(doing, action)
    _tell_lead(doing, action, "is blocked on")


@command(owner_or_lead, MOVES)
def unblock(doing: Doing, action: Any, *, due_on: date) -> None:
    """Say that an action can go on, and by when."""
    check_ahead(doing, due_on, "due_on")
    doing.move(MOVES, "unblock", action, blocked_by=None, blocked_words=None, due_on=due_on)
    _card(doing, action)


@command(the_owner, MOVES)
def not_mine(doing: Doing, action: Any, *, why: str) -> None:
    """Say that an action is not yours: the Lead Professional finds its owner."""
    doing.move(MOVES, "not_mine", action, not_mine_why=why)
    if action.taf.lead_id != doing.person.id:
        _tell_lead(doing, action, "says it is not theirs to do:")


@command(the_lead, MOVES)
def give_to(doing: Doing, action: Any, *, owner: str) -> None:
    """Give an action to its right owner."""
    who = subjects.find(doing.session, owner)
    doing.move(
        MOVES,
        "give_to",
        action,
        not_mine_why=None,
        quiet_until=None,
        owner_id=who.id if who.kind == "person" else None,
        family_owner_id=who.id if who.kind == "family_member" else None,
    )
    _card(doing, action)
    tell(
        doing,
        action.owner,
        ActionForYou(
            about=action.ref,
            reference=action.taf.reference,
            number=action.number,
            due_on=action.due_on,
            by=doing.person.name,
        ),
        action,
    )


@command(the_owner, MOVES)
def snooze(doing: Doing, action: Any, *, until: date) -> None:
    """Put your own reminders of an action off for a while; the ladder is not put off."""
    check_ahead(doing, until, "until")
    longest = doing.days.add(doing.today, doing.policy.reminders.longest_snooze)
    if until > longest:
        raise SnoozeTooLong("until", latest=longest)
    doing.move(MOVES, "snooze", action, quiet_until=until)


@command(the_lead, MOVES)
def withdraw(doing: Doing, action: Any, *, why: str) -> None:
    """Withdraw an action from the plan, saying why."""
    doing.move(MOVES, "withdraw", action, withdrawn_why=why)
    _card(doing, action)
