"""Practice mode only: choosing whom to practise as, and moving the clock."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.web import passing
from bot.web.page import back_to, show_anybody
from bot.web.visit import WHO, desk_of, person_id
from storage import families, people
from storage.people import Person
from workflows.policy import Policy

router = APIRouter()


@router.get("/welcome")
def welcome(request: Request) -> Response:
    """The first page: what this is, and whom to try."""
    desk = desk_of(request)
    policy = desk.assistant.office.policy
    with desk.assistant.database.reading() as session:
        everyone = people.everyone(session)
        return show_anybody(
            request,
            "welcome.html",
            suggestions=_suggestions(session, everyone, policy),
            groups=_by_agency(everyone, policy),
            clock=passing.clock_words(desk),
        )


def _suggestions(session: Any, everyone: list[Person], policy: Policy) -> list[tuple[Any, str]]:
    """Whom to try first, and what each would see."""
    taf = families.newest_led(session)
    found: list[tuple[Any, str]] = []
    if taf is not None:
        found.append((taf.lead, f"is the {policy.labels.lead_professional} of {taf.reference}"))
        others = [one.person for one in taf.team if one.state == "joined"]
        mates = [one for one in others if one.id != taf.lead_id]
        if mates:
            found.append((mates[0], f"is on the team of {taf.reference}"))
    for role, sees in (
        ("co-ordinator", "can open the work with a new family"),
        ("supervisor", "hears when a team is stuck"),
    ):
        holders = [one for one in everyone if role in one.roles]
        if holders:
            found.append((holders[0], sees))
    return found


def _by_agency(everyone: list[Person], policy: Policy) -> dict[str, list[Person]]:
    groups: dict[str, list[Person]] = {}
    for person in everyone:
        agency = policy.agencies.get(person.agency)
        groups.setdefault(agency.name if agency else person.agency, []).append(person)
    return dict(sorted(groups.items()))


@router.post("/practice/person")
def practise_as(
    request: Request,
    person: Annotated[str, Form(max_length=12)],
    back: Annotated[str, Form(max_length=80)] = "/",
) -> Response:
    """Practise as somebody else from now on."""
    with desk_of(request).assistant.database.reading() as session:
        wanted = int(person) if person.isascii() and person.isdigit() else 0
        known = any(one.id == wanted for one in people.everyone(session))
    response = RedirectResponse(back_to(back) if known else "/welcome", 303)
    if known:
        response.set_cookie(WHO, str(wanted), max_age=400 * 86400, httponly=True, samesite="strict")
    return response


@router.post("/practice/clock")
def move_the_clock(
    request: Request,
    to: Annotated[str, Form(pattern="^(next|day|week)$")],
    back: Annotated[str, Form(max_length=80)] = "/",
) -> Response:
    """Move the practice clock on, and show what happened meanwhile."""
    address = back_to(back) if person_id(request) else "/welcome"
    passed = passing.move_on(desk_of(request), to)
    response = RedirectResponse(address, 303)
    response.set_cookie(passing.PASSED, passed, max_age=120, httponly=True, samesite="strict")
    return response
