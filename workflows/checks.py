"""Checks on dates and labels that several commands share."""

from __future__ import annotations

import re
from datetime import date, timedelta

from workflows.doing import Doing
from workflows.refusals import (
    BadReference,
    DateInTheFuture,
    DateInThePast,
    DateTooFar,
    NotARoleLabel,
)

FURTHEST = timedelta(days=2 * 366)
"""No action, meeting or review of a TAF is planned more than two years ahead (ours)."""

REFERENCE = re.compile(r"[A-Z]{1,2}-[0-9]{3,7}")

ROLE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """mother father mum dad parent carer guardian partner step stepmother stepfather
        grandmother grandfather grandparent gran grandad nan aunt uncle brother sister sibling
        cousin son daughter child baby toddler twin teenager young person adult boy girl foster
        adoptive expectant kinship relative of family friend lodger the and great half older
        younger oldest eldest youngest middle first second third other new former ex year month
        old in law no number age aged maternal paternal""",
    )
)
"""The words a role label is made of (R1: role labels or initials only; the list is ours)."""

_INITIALS = re.compile(r"[A-Z]{1,2}|(?:[A-Z]\.\s?){1,4}")
"""AB, A.B., A. B. C.; three bare capitals could be a name: SAM, TOM."""
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")


def check_role_label(label: str, field: str) -> None:
    """A family member is called by role label or initials; anything like a name is refused."""
    if _INITIALS.fullmatch(label.strip()):
        return
    words = [word for word in re.split(r"[\s,\-/()]+", label.lower()) if word]
    if not words or any(word not in ROLE_WORDS and not _NUMBER.fullmatch(word) for word in words):
        raise NotARoleLabel(field)


def check_reference(reference: str, field: str) -> None:
    """A family's reference is opaque: one or two letters, a dash, three to seven digits."""
    if not REFERENCE.fullmatch(reference):
        raise BadReference(field)


def check_ahead(doing: Doing, on: date, field: str) -> None:
    """A date to come: today or later, and not too far."""
    if on < doing.today:
        raise DateInThePast(field, today=doing.today)
    if on > doing.today + FURTHEST:
        raise DateTooFar(field)


def check_gone_by(doing: Doing, on: date, field: str) -> None:
    """A date on which something happened: today or before."""
    if on > doing.today:
        raise DateInTheFuture(field, today=doing.today)
