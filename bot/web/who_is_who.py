"""Puts practitioners and their accounts in words, for the pages of co-ordinators."""

from __future__ import annotations

from typing import Any

from bot.web.saying import said
from bot.web.visit import Visit
from messages import words
from storage import people
from workflows.team import agency_name

Facts = list[tuple[str, str]]


def person_facts(visit: Visit, person: Any) -> Facts:
    """What the record holds of a practitioner."""
    days = [said("person.add", "works_on", one) for one in person.works_on]
    roles = [said("person.add", "roles", one) for one in person.roles]
    checked, left = person.identity_verified_on, person.left_on
    account = f"{person.platform.capitalize()}, {person.platform_id}" if person.platform_id else ""
    return [
        ("Agency", agency_name(visit.doing, person)),
        ("Job", person.job),
        ("Work e-mail", person.email or "None"),
        ("Works on", "Monday to Friday" if person.works_on == "12345" else words.listed(days)),
        ("Roles", words.listed(roles)),
        ("Identity checked", words.long_day(checked) if checked else "Not yet"),
        ("Account", account or "Not matched yet"),
        ("Left", words.long_day(left) if left else ""),
    ]


def account_facts(visit: Visit, account: Any) -> Facts:
    """What is known of an account, and whose e-mail address it shows."""
    alike = people.of_email(visit.session, account.email) if account.email else None
    holder = account.holder
    return [
        ("E-mail there", account.email or ""),
        (
            "Has that e-mail in the record",
            alike.name if alike is not None and holder is None else "",
        ),
        ("Number there", account.account),
        ("First seen", words.long_moment(visit.days.local(account.first_seen_at))),
        ("Matched with", holder.name if holder is not None else ""),
    ]
