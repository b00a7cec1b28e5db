"""Small facts about this installation: the practice clock, the last sweep."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base


class Setting(Base):
    """One named fact."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


def remembered(session: Session, name: str) -> Any:
    """A fact, or None."""
    found = session.get(Setting, name)
    return found.value if found else None


def remember(session: Session, name: str, value: Any) -> None:
    """Keep a fact."""
    session.merge(Setting(name=name, value=value))
