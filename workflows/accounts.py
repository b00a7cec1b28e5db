"""Who an account on a chat platform is: matched with a practitioner, or set aside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from storage import accounts, audit, people, subjects
from workflows.access import a_co_ordinator
from workflows.doing import Doing, command
from workflows.notices import SomebodyUnknown
from workflows.policy import Policy
from workflows.queueing import ToTell, queue_for_digests
from workflows.refusals import AccountTaken, AlreadySeenTo, NoAccount, OtherAccount, Refusal
from workflows.telling import values_of
from workflows.working_days import WorkingDays

MOST_A_DAY = 10
"""Of how many unknown accounts co-ordinators are told on one day; the page has all (ours)."""


def somebody_unknown(
    session: Any,
    platform: str,
    account: str,
    now: datetime,
    policy: Policy,
    days: WorkingDays,
    *,
    name: str | None = None,
    email: str | None = None,
    directory_id: str | None = None,
) -> None:
    """Somebody whom we do not know has tried to use the assistant: the co-ordinators are told.

    In their digest, once a day for each account, until it is matched or set aside. What the
    account is called is kept for them to look up, and is not in the notice (R1).
    """
    shown = {"name": name, "email": email, "directory_id": directory_id}
    found = accounts.remember(session, platform, account, now, **shown)
    today = days.today(now)
    if not found.is_unknown or found.told_on == today:
        return
    hearers = people.with_role(session, "co-ordinator")
    if not hearers or accounts.count_told(session, today) >= MOST_A_DAY:
        return
    found.told_on = today
    notice = SomebodyUnknown(about=found.ref, reference=found.reference)
    told = [
        ToTell(
            one,
            f"unknown:{found.ref}:{today.isoformat()}:{one.id}",
            now,
            values=values_of(notice, found),
        )
        for one in hearers
    ]
    queue_for_digests(session, told, now, policy, days)


def match_verified(
    session: Any, person: Any, platform: str, account: str, now: datetime, today: date
) -> int | None:
    """Make an account a practitioner's, whose work e-mail its platform says is theirs.

    Their number; None for nobody, for one who is another account already, there or on another
    platform, and for an account that is somebody else's: that only a co-ordinator can change.
    """
    if person is None or person.platform_id:
        return None
    if people.known_as(session, platform, account) is not None:
        return None
    take(session, person, platform, account, today)
    audit.record(
        session,
        now,
        "matched",
        person_id=person.id,
        about=person.ref,
        facts={"platform": platform},
    )
    return int(person.id)


def take(session: Any, person: Any, platform: str, account: str, today: date) -> None:
    """From now on this account is theirs, and so it is known who they are (R2)."""
    person.platform, person.platform_id = platform, account
    person.identity_verified_on = person.identity_verified_on or today
    person.version += 1
    known = accounts.find(session, platform, account)
    if known is not None:
        known.set_aside_at = None
        known.version += 1
    session.flush()


@command(a_co_ordinator)
def match(doing: Doing, account: Any, *, person: str, instead: bool | None) -> None:
    """Say which practitioner an account is; who was matched before is changed only openly."""
    who = subjects.find(doing.session, person, to_change=True)
    holder = account.holder
    if holder is who:
        raise AlreadySeenTo("person")
    if holder is not None and not instead:
        raise AccountTaken("person", who=holder.name)
    if who.platform_id and not instead:
        raise OtherAccount("person", who=who.name, platform=who.platform.capitalize())
    if holder is not None:
        doing.edit(holder, platform_id=None)
    take(doing.session, who, account.platform, account.account, doing.today)
    _note(doing, "matched", who, account.platform)


def _note(doing: Doing, entry: str, person: Any, platform: str) -> None:
    told = {"about": person.ref, "facts": {"platform": platform}}
    audit.record(doing.session, doing.now, entry, person_id=doing.person.id, **told)


def nobodys(_: Doing, account: Any) -> Refusal | None:
    """What is somebody's, or set aside already, is not set aside."""
    return None if account.is_unknown else AlreadySeenTo()


@command(a_co_ordinator, also=nobodys)
def set_aside(doing: Doing, account: Any) -> None:
    """Say that an account is nobody's of ours: it is not told of again."""
    doing.edit(account, set_aside_at=doing.now)


def has_account(_: Doing, person: Any) -> Refusal | None:
    """Only what is matched can be taken off."""
    return None if person.platform_id else NoAccount(who=person.name)


@command(a_co_ordinator, also=has_account)
def unmatch(doing: Doing, person: Any) -> None:
    """Say that the account a practitioner is matched with is not theirs."""
    platform, account = person.platform, person.platform_id
    doing.edit(person, platform_id=None)
    accounts.remember(doing.session, platform, account, doing.now)
    _note(doing, "unmatched", person, platform)
