"""The lists that forms choose from: who is on the team, which outcomes, which criteria."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storage import people
from workflows.doing import Doing
from workflows.frameworks import framework
from workflows.team import agency_name

Pairs = list[tuple[str, str]]


def _people(doing: Doing, found: list[Any]) -> Pairs:
    return [(one.ref, f"{one.name} ({agency_name(doing, one)})") for one in found]


def practitioners(doing: Doing, _: Any) -> Pairs:
    """Everybody in post."""
    return _people(doing, people.everyone(doing.session))


def agencies(doing: Doing, _: Any) -> Pairs:
    """Every agency of the partnership, by name."""
    found = ((key, agency.name) for key, agency in doing.policy.agencies.items())
    return sorted(found, key=lambda pair: pair[1].casefold())


def team(doing: Doing, subject: Any) -> Pairs:
    """The practitioners on the family's team."""
    return _people(doing, [one.person for one in subject.taf.team if one.state == "joined"])


def newcomers(doing: Doing, subject: Any) -> Pairs:
    """Practitioners who are not on the team."""
    present = {one.person_id for one in subject.taf.team if one.state in {"joined", "proposed"}}
    return _people(doing, [one for one in people.everyone(doing.session) if one.id not in present])


def family(_: Doing, subject: Any) -> Pairs:
    """The family's members, by role label."""
    return [(one.ref, one.label) for one in subject.taf.members]


def with_responsibility(_: Doing, subject: Any) -> Pairs:
    """The family's members with parental responsibility."""
    return [(one.ref, one.label) for one in subject.taf.members if one.parental_responsibility]


def family_or_household(doing: Doing, subject: Any) -> Pairs:
    """Whom an indicator is about."""
    return [("household", "The whole household"), *family(doing, subject)]


def owners(doing: Doing, subject: Any) -> Pairs:
    """Who may own an action: the team, and the family."""
    return team(doing, subject) + [
        (one.ref, f"{one.label} (family)") for one in subject.taf.members
    ]


def invitees(doing: Doing, meeting: Any) -> Pairs:
    """The practitioners invited to the meeting."""
    return _people(doing, [one.person for one in meeting.invitations])


def outcomes(_: Doing, subject: Any) -> Pairs:
    """The plan's outcomes."""
    return [(one.ref, f"{one.number}. {one.words}"[:150]) for one in subject.taf.outcomes]


def held_meetings(_: Doing, subject: Any) -> Pairs:
    """The meetings that were held, newest first."""
    return [
        (one.ref, f"Meeting {one.number}, {one.on.day} {one.on:%B %Y}")
        for one in reversed(subject.taf.meetings)
        if one.state == "held"
    ]


def criteria(doing: Doing, subject: Any) -> Pairs:
    """The framework's identification criteria."""
    kept = framework(subject.taf.framework) if subject is not None else doing.office.framework
    return [(one.id, f"{kept.need(one.need).short}: {one.text}") for one in kept.criteria]


def needs(_: Doing, subject: Any) -> Pairs:
    """The framework's needs."""
    return [(one.id, one.name) for one in framework(subject.taf.framework).needs]


def measures(_: Doing, subject: Any) -> Pairs:
    """The framework's outcome indicators."""
    kept = framework(subject.taf.framework)
    return [(one.id, f"{kept.need(one.need).short}: {one.text}") for one in kept.indicators]


LISTS: dict[str, Callable[[Doing, Any], Pairs]] = {
    found.__name__: found
    for found in (
        practitioners,
        agencies,
        team,
        newcomers,
        family,
        with_responsibility,
        family_or_household,
        owners,
        invitees,
        outcomes,
        held_meetings,
        criteria,
        needs,
        measures,
    )
}
"""Every list a form may name in its `choices`."""
