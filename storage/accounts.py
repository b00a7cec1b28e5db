"""Accounts on chat platforms, whoever's they are, and the conversations that are open with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, UniqueConstraint, and_, func, select
from sqlalchemy.orm import Mapped, Session, foreign, mapped_column, relationship

from storage.bulk import inserting
from storage.database import Base, Instant
from storage.people import Person
from storage.subjects import Subject

LONGEST = 200
"""The longest account, name and e-mail address that are kept, in characters (ours)."""


class Account(Subject, Base):
    """An account on a platform that has tried to use the assistant, under the platform's own id.

    `name` and `email` are as the platform shows them: typed by whoever has the account, so they
    stand where co-ordinators look them up, and in no notice (R1).
    """

    __tablename__ = "account"
    kind = "account"
    __table_args__ = (UniqueConstraint("platform", "account"),)

    platform: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(LONGEST))
    directory_id: Mapped[str | None] = mapped_column(String(64), default=None)
    name: Mapped[str | None] = mapped_column(String(LONGEST), default=None)
    email: Mapped[str | None] = mapped_column(String(LONGEST), default=None)
    first_seen_at: Mapped[datetime] = mapped_column(Instant)
    told_on: Mapped[date | None] = mapped_column(default=None)
    set_aside_at: Mapped[datetime | None] = mapped_column(Instant, default=None)

    holder: Mapped[Person | None] = relationship(
        primaryjoin=lambda: and_(
            foreign(Account.platform) == Person.platform,
            foreign(Account.account) == Person.platform_id,
            Person.left_on.is_(None),
        ),
        viewonly=True,
    )

    @property
    def taf(self) -> None:
        """The work with a family that it belongs to: none."""
        return

    @property
    def reference(self) -> str:
        """What a notice about it goes by: its platform, "Slack"."""
        return self.platform.capitalize()

    @property
    def called(self) -> str:
        """What it is called on its platform: "Asha B on Slack". Typed by whoever has it."""
        return f"{self.name or self.account} on {self.reference}"

    @property
    def is_unknown(self) -> bool:
        """Whether it is nobody's who is in post, and nobody has set it aside."""
        return self.holder is None and self.set_aside_at is None


class Conversation(Base):
    """A conversation that a platform has opened with the assistant: where it is answered.

    `kind` is personal, group or channel; `account` is whose it is, where it is personal.
    """

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("platform", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(400))
    service_url: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    account: Mapped[str | None] = mapped_column(String(LONGEST), default=None, index=True)
    tenant: Mapped[str | None] = mapped_column(String(64), default=None)
    bot: Mapped[str | None] = mapped_column(String(LONGEST), default=None)
    seen_at: Mapped[datetime] = mapped_column(Instant)


def remember(
    session: Session,
    platform: str,
    account: str,
    now: datetime,
    *,
    name: str | None = None,
    email: str | None = None,
    directory_id: str | None = None,
) -> Account:
    """Keep an account and what its platform shows of it; what is not given stays as it was."""
    shown = {"name": _fit(name), "email": _fit(email), "directory_id": directory_id}
    given = {key: value for key, value in shown.items() if value}
    new = {"version": 1, "first_seen_at": now, **given}
    adding = inserting(session, Account).values(platform=platform, account=account, **new)
    key = ["platform", "account"]
    session.flush()
    session.execute(
        adding.on_conflict_do_update(index_elements=key, set_=given)
        if given
        else adding.on_conflict_do_nothing(index_elements=key)
    )
    found = find(session, platform, account)
    if found is None:
        raise LookupError(f"an account of {platform} is not there, though it was just kept")
    return found


def _fit(shown: str | None) -> str:
    """What a platform shows, without characters that nobody sees, in a length that is kept."""
    return "".join(one for one in shown or "" if one.isprintable()).strip()[:LONGEST]


def find(session: Session, platform: str, account: str) -> Account | None:
    """The account of this id on a platform, as it is now."""
    query = select(Account).where(Account.platform == platform, Account.account == account)
    return session.scalar(query.execution_options(populate_existing=True))


def of_directory(session: Session, platform: str, directory_ids: Sequence[str]) -> dict[str, str]:
    """The accounts of those in post among some people of an organisation's directory."""
    query = select(Account.directory_id, Account.account).where(
        Account.platform == platform,
        Account.directory_id.in_(directory_ids),
        Account.holder.has(),
    )
    return {str(directory_id): account for directory_id, account in session.execute(query)}


def unknown(
    session: Session, *, before: int | None = None, limit: int | None = None
) -> list[Account]:
    """The accounts that are nobody's in post and that nobody has set aside, newest first."""
    nobodys = select(Account).where(~Account.holder.has())
    return _page(session, nobodys.where(Account.set_aside_at.is_(None)), before, limit)


def set_aside(
    session: Session, *, before: int | None = None, limit: int | None = None
) -> list[Account]:
    """The accounts that were set aside as nobody's, newest first."""
    nobodys = select(Account).where(~Account.holder.has())
    return _page(session, nobodys.where(Account.set_aside_at.isnot(None)), before, limit)


def count_told(session: Session, on: date) -> int:
    """Of how many accounts the co-ordinators were last told on this day."""
    query = select(func.count()).select_from(Account).where(Account.told_on == on)
    return session.scalar(query) or 0


def count_unknown(session: Session) -> int:
    """How many accounts are nobody's in post and not set aside."""
    nobodys = select(func.count()).select_from(Account).where(~Account.holder.has())
    return session.scalar(nobodys.where(Account.set_aside_at.is_(None))) or 0


def _page(
    session: Session, query: Select[Any], before: int | None, limit: int | None
) -> list[Account]:
    if before is not None:
        query = query.where(Account.id < before)
    return list(session.scalars(query.order_by(Account.id.desc()).limit(limit)))


def remember_conversation(
    session: Session,
    platform: str,
    address: str,
    now: datetime,
    *,
    service_url: str,
    kind: str,
    account: str | None = None,
    tenant: str | None = None,
    bot: str | None = None,
) -> None:
    """Keep where a conversation is answered, in place of what was known of it before."""
    known: dict[str, Any] = {"service_url": service_url, "kind": kind, "account": account}
    known |= {"tenant": tenant, "bot": bot, "seen_at": now}
    session.execute(
        inserting(session, Conversation)
        .values(platform=platform, address=address, **known)
        .on_conflict_do_update(index_elements=["platform", "address"], set_=known)
    )


def conversation(session: Session, platform: str, address: str) -> Conversation | None:
    """The conversation at this address of a platform, as it is now."""
    at = (Conversation.platform == platform, Conversation.address == address)
    return _newest(session, select(Conversation).where(*at))


def personal_of(session: Session, platform: str, account: str) -> Conversation | None:
    """The personal conversation with an account: the one it was last seen in."""
    theirs = (Conversation.platform == platform, Conversation.account == account)
    return _newest(session, select(Conversation).where(*theirs, Conversation.kind == "personal"))


def _newest(session: Session, query: Select[Any]) -> Conversation | None:
    newest = query.order_by(Conversation.seen_at.desc(), Conversation.id.desc()).limit(1)
    found: Conversation | None = session.scalar(newest.execution_options(populate_existing=True))
    return found
