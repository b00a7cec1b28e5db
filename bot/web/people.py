"""The pages of co-ordinators: who is in the record, who has left, which accounts are unknown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.web.offers import all_offers, offers
from bot.web.page import show
from bot.web.visit import NothingHere, Visit, visiting
from bot.web.who_is_who import account_facts, person_facts
from messages import words
from storage import accounts, people
from workflows.people import may_leave

router = APIRouter()

PAGE = 25
Before = Annotated[int | None, Query(ge=1, le=10**15)]
Search = Annotated[str, Query(max_length=100)]
Number = Annotated[int, Query(ge=1, le=10**6)]


@router.get("/people")
def in_post(request: Request, q: Search = "", page: Number = 1) -> Response:
    """Everybody in post, by name, or those whom a search finds."""
    with visiting(request) as visit:
        return _people(visit, q, page, left=False)


@router.get("/people/left")
def have_left(request: Request, q: Search = "", page: Number = 1) -> Response:
    """Everybody who has left."""
    with visiting(request) as visit:
        return _people(visit, q, page, left=True)


def _people(visit: Visit, q: str, page: int, *, left: bool) -> Response:
    _check_may_look(visit)
    typed = "".join(one for one in q if one.isprintable()).strip()
    count = people.count_found(visit.session, typed, left=left)
    pages = max(1, -(-count // PAGE))
    page = min(page, pages)
    first = (page - 1) * PAGE
    found = people.found(visit.session, typed, left=left, offset=first, limit=PAGE)
    return show(
        visit,
        "people.html",
        here="left" if left else "people",
        people=[_row(visit, one, "left" if left else "people") for one in found],
        q=typed,
        count=count,
        page=page,
        pages=pages,
        add=offers(visit, ("person.add",), None, "people"),
        unknown=accounts.count_unknown(visit.session),
    )


def _row(visit: Visit, person: Any, back: str) -> dict[str, Any]:
    refused = may_leave(visit.doing, person) if person.left_on is None else None
    return {
        "person": person,
        "facts": person_facts(visit, person),
        "stays": visit.desk.assistant.boundary.said(refused) if refused else "",
        "offers": all_offers(visit, person, back),
    }


@router.get("/people/accounts")
def unknown_accounts(request: Request, before: Before = None) -> Response:
    """The accounts of nobody whom we know, newest first; below them those set aside."""
    with visiting(request) as visit:
        _check_may_look(visit)
        found = accounts.unknown(visit.session, before=before, limit=PAGE + 1)
        aside = [] if before else accounts.set_aside(visit.session, limit=PAGE)
        return show(
            visit,
            "accounts.html",
            here="accounts",
            accounts=[_account(visit, one) for one in found[:PAGE]],
            aside=[_account(visit, one) for one in aside],
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            before=before,
            unknown=accounts.count_unknown(visit.session),
        )


def _account(visit: Visit, account: Any) -> dict[str, Any]:
    return {
        "account": account,
        "facts": account_facts(visit, account),
        "offers": all_offers(visit, account, "accounts"),
    }


def sentence(visit: Visit) -> str:
    """How many accounts wait for a co-ordinator: blank where there are none, and for others."""
    if "co-ordinator" not in visit.person.roles:
        return ""
    count = accounts.count_unknown(visit.session)
    return words.sentence(f"{words.count(count, 'account')} nobody knows") if count else ""


def _check_may_look(visit: Visit) -> None:
    if "co-ordinator" not in visit.person.roles:
        raise NothingHere
