"""Makes a page: what every page shows, whoever looks, around its own content."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.boundary import default_labels
from bot.web import passing, saying
from bot.web.rendering import environment
from bot.web.security import nonce_of
from bot.web.visit import Desk, Visit, desk_of
from storage import inbox, people
from workflows.team import agency_name

SAID = "said"
"""The cookie that carries the key of a press to the page shown after it."""

PRODUCT = "TAF Assistant"
KEY = re.compile(r"[0-9a-f]{32}")
"""The one-time key that a form carries."""

_TOLD = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}")
BACK = re.compile(
    r"/(my|people(/left|/accounts)?|supervision|undelivered|welcome|families/[A-Z]{1,2}-[0-9]{3,7}(-[0-9]{1,3})?"
    r"(/(plan|meetings|indicators|family|history))?)?"
)
"""The addresses that a press may lead back to: our own pages, nowhere else."""


def back_to(address: str) -> str:
    """An address to go back to, or the first page where it is none of ours."""
    return address if BACK.fullmatch(address) else "/"


def answered_key(key: str, answers: Any) -> str:
    """A form's key, and what was answered: the same answers act once, other ones are new."""
    written = json.dumps(answers, sort_keys=True).encode()
    return f"{key}-{hashlib.sha256(written).hexdigest()[:16]}"


def press_key(person_id: int, key: str) -> str:
    """The platform's own name for a press: nobody can take another person's answer."""
    return f"{person_id}:{key}"


def show(visit: Visit, template: str, status: int = 200, **content: Any) -> HTMLResponse:
    """A page for the person of this visit."""
    told = _told(visit)
    passed = passing.passed(visit)
    opened = passed is not None or visit.request.url.path == "/"
    response = _render(
        visit.request,
        template,
        status,
        visit=visit,
        person=visit.person,
        agency=agency_name(visit.doing, visit.person),
        told=told,
        today=visit.doing.today,
        passed=passed,
        practice_open=opened,
        groups=_groups(visit),
        clock=passing.clock_words(visit.desk),
        **content,
    )
    if told:
        response.delete_cookie(SAID)
    if passed is not None:
        response.delete_cookie(passing.PASSED)
    return response


def show_anybody(
    request: Request, template: str, status: int = 200, **content: Any
) -> HTMLResponse:
    """A page for somebody who has not said who they are."""
    return _render(request, template, status, person=None, **content)


def _render(request: Request, template: str, status: int, **content: Any) -> HTMLResponse:
    desk = desk_of(request)
    policy = desk.assistant.office.policy
    path = request.url.path
    context = {
        "cspNonce": nonce_of(request),
        "product": PRODUCT,
        "partnership": policy.partnership.name,
        "banner": policy.safeguarding.banner,
        "labels": policy.labels,
        "ours": lambda text: ours(desk, text),
        "said": saying.said,
        "unit": saying.unit,
        "path": path,
        "back": back_to(path),
        "local": desk.assistant.office.days.local,
    }
    html = environment().get_template(template).render(context | content)
    return HTMLResponse(html, status)


def ours(desk: Desk, text: str) -> str:
    """A sentence with this partnership's own names for the roles."""
    for written, here in default_labels(desk.assistant.office.policy).items():
        text = text.replace(written, here)
    return text


def _told(visit: Visit) -> str:
    """What came of the press that led here, to whoever pressed."""
    key = visit.request.cookies.get(SAID, "")
    if not _TOLD.fullmatch(key):
        return ""
    found = inbox.find(visit.session, "web", press_key(visit.person.id, key))
    return str(found.answer["sentence"]) if found and found.answer else ""


def _groups(visit: Visit) -> dict[str, list[Any]]:
    """Everybody in post, by agency: whom one may practise as."""
    groups: dict[str, list[Any]] = {}
    for person in people.everyone(visit.session):
        groups.setdefault(agency_name(visit.doing, person), []).append(person)
    return dict(sorted(groups.items()))


def after_press(address: str, key: str) -> RedirectResponse:
    """Go to a page that says what came of the press."""
    response = RedirectResponse(address, 303)
    response.set_cookie(SAID, key, max_age=120, httponly=True, samesite="strict")
    return response
