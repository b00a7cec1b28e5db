"""What every subject of a command shares: a reference, a version and when to look at it again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, bindparam, inspect, select, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from storage.bulk import among
from storage.database import Instant

LARGEST = 2**31 - 1
"""The greatest number that a key holds on PostgreSQL, which refuses to look for a greater one."""

KINDS: dict[str, type[Subject]] = {}
"""Every kind of subject, by the word its references begin with."""


class Subject:
    """Something a command can be given on: a family's TAF, an action, a meeting.

    `version` counts its changes, so that a form filled in on an older one can be told.
    """

    kind: ClassVar[str]
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if "kind" in cls.__dict__:
            KINDS[cls.kind] = cls

    @property
    def ref(self) -> str:
        """The reference people's presses carry: opaque, "action-12"."""
        return f"{self.kind}-{self.id}"


class Watched(Subject):
    """A subject that may need a notice; `look_again_at` is empty when nothing more can.

    `unheard_since` is set while its rules cannot be heard, because one failed or because sharing
    has stopped: from when on its steps are still owed. `steps` is what its rules will say from
    here on, written down when it last changed, so that the sweep need not ask them.
    """

    look_again_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    unheard_since: Mapped[datetime | None] = mapped_column(Instant, default=None)
    steps: Mapped[object | None] = mapped_column(JSON, default=None)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> Any:
        """The partial index that keeps finding what is due flat at any size."""
        table = cls.__tablename__  # type: ignore[attr-defined]
        return (
            Index(
                f"ix_{table}_look_again_at",
                "look_again_at",
                sqlite_where=cls.look_again_at.isnot(None),
                postgresql_where=cls.look_again_at.isnot(None),
            ),
            *getattr(cls, "more_table_args", ()),
        )


def find(session: Session, ref: str, *, to_change: bool = False) -> Any:
    """The subject of a reference, or None.

    Where it is to change, the family's work is locked first and then the subject, so that what is
    done about one family happens one after the other. On SQLite the transaction itself does that.
    """
    kind, number = _read(ref)
    if kind not in KINDS or number is None:
        return None
    if to_change and session.get_bind().dialect.name != "sqlite":
        return _held(session, KINDS[kind], number)
    return session.get(KINDS[kind], number)


def _read(ref: str) -> tuple[str, int | None]:
    """The kind and the number that a reference names; no number where it holds none."""
    kind, _, number = ref.rpartition("-")
    is_one = number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST))
    return kind, int(number) if is_one and int(number) <= LARGEST else None


def _held(session: Session, model: Any, number: int) -> Any:
    """A subject kept as it is for this transaction, and its family's work before it."""
    if "taf_id" in model.__table__.c:
        held = session.connection().scalar(_hold_family(model), {"number": number})
        family = held and session.identity_map.get(identity_key(KINDS["taf"], held))
        if family:
            session.expire(family)
    else:
        found = session.get(model, number)
        family = getattr(found, "taf", None)
        if family is not None and family is not found:
            session.refresh(family, with_for_update=True)
    return session.scalar(_hold(model), {"number": number})


@cache
def _hold_family(model: Any) -> Any:
    taf: Any = KINDS["taf"]
    its = select(model.taf_id).where(model.id == bindparam("number")).scalar_subquery()
    return select(taf.id).where(taf.id == its).with_for_update()


@cache
def _hold(model: Any) -> Any:
    return (
        select(model)
        .where(model.id == bindparam("number"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def gather(session: Session, refs: Collection[str]) -> list[Any]:
    """Some subjects at once, so that each is at hand when it is asked for; hold on to them."""
    found: list[Any] = []
    named = [_read(one) for one in refs]
    for kind, model in KINDS.items():
        numbers = [number for of, number in named if of == kind and number is not None]
        if numbers:
            found += session.scalars(select(model).where(among(session, model.id, numbers)))
    return found


def change_where(
    session: Session, subject: Any, states: frozenset[str], values: dict[str, Any]
) -> bool:
    """Change a subject only while it is still in one of these states; False: somebody was first."""
    session.flush()
    model: Any = type(subject)
    given = {"the_id": subject.id, "the_states": list(states), **values}
    changed = session.connection().execute(_change(model, tuple(values)), given)
    version = changed.scalar()
    if version is None:
        session.refresh(subject)
        return False
    for name, value in {**values, "version": version}.items():
        set_committed_value(subject, name, value)
    session.expire(subject, _related(model))
    return True


@cache
def _change(model: Any, names: tuple[str, ...]) -> Any:
    states: Any = bindparam("the_states", expanding=True)
    of = inspect(model).columns
    return (
        update(model.__table__)
        .where(model.id == bindparam("the_id"), model.state.in_(states))
        .values({model.version: model.version + 1} | {of[name]: bindparam(name) for name in names})
        .returning(model.version)
    )


@cache
def _related(model: Any) -> list[str]:
    return list(inspect(model).relationships.keys())


def due(session: Session, kind: str, now: datetime, limit: int) -> list[int]:
    """The subjects of a kind whose time has come to be looked at, longest due first."""
    model: Any = KINDS[kind]
    return list(
        session.scalars(
            select(model.id)
            .where(model.look_again_at <= now)
            .order_by(model.look_again_at)
            .limit(limit)
        )
    )


def next_look(session: Session, kind: str) -> datetime | None:
    """When the next subject of a kind is to be looked at."""
    model: Any = KINDS[kind]
    return session.scalar(
        select(model.look_again_at)
        .where(model.look_again_at.isnot(None))
        .order_by(model.look_again_at)
        .limit(1)
    )
