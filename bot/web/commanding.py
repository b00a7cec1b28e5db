"""The page of a command: its form, what comes of giving it, and what to say when it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from bot.boundary import Answer, Press, lists_for
from bot.commands import COMMANDS, Command
from bot.starting import beginning
from bot.web import asking
from bot.web.describe import facts, state, title
from bot.web.offers import all_offers
from bot.web.page import KEY, after_press, answered_key, press_key, show
from bot.web.posted import answers, rearranged, text
from bot.web.security import not_now
from bot.web.visit import NothingHere, Visit, visiting
from bot.web.ways_back import home_of, way_back
from messages.form import Form
from storage import subjects

router = APIRouter()

CommandName = Annotated[str, Path(pattern=r"^[a-z_]{1,30}\.[a-z_]{1,30}$")]
Ref = Annotated[str, Path(pattern=r"^[a-z_]{1,20}-[0-9]{1,15}$")]
From = Annotated[str, Query(alias="from", pattern="^[a-z]{0,20}$")]


async def _posted(request: Request) -> FormData:
    """What was posted: read here, so that the page itself can be a plain function."""
    return await request.form(max_fields=4000, max_files=0)


Posted = Annotated[FormData, Depends(_posted)]


@dataclass(frozen=True)
class Asked:
    """A form on its way: which, about what, and with which answers."""

    command: Command
    subject: Any
    form: Form
    raw: dict[str, Any]
    key: str
    back: str


@router.get("/do/{name}")
@router.get("/do/{name}/{ref}")
def ask(request: Request, name: CommandName, ref: Ref | None = None, back: From = "") -> Response:
    """Show the form of a command."""
    with visiting(request) as visit:
        command, subject = _found(visit, name, ref or "")
        refused = command.does.refusal(visit.doing, subject)
        if refused is not None:
            sentence = visit.desk.assistant.boundary.said(refused)
            return _say_refused(visit, command, subject, sentence, back)
        if subject is not None and subject.taf is not None:
            visit.note_read(subject.taf, f"form {name}")
        form = visit.form(name)
        raw = beginning(visit.doing, command, form, subject)
        return _form_page(visit, Asked(command, subject, form, raw, uuid4().hex, back))


def _found(visit: Visit, name: str, ref: str) -> tuple[Command, Any]:
    """The command and its subject, where both exist for this person; raises NothingHere."""
    command = COMMANDS.get(name)
    if command is None or bool(command.on) != bool(ref):
        raise NothingHere
    subject = subjects.find(visit.session, ref) if ref else None
    if ref and (subject is None or subject.kind != command.on):
        raise NothingHere
    if not visit.knows(command, subject):
        raise NothingHere
    return command, subject


@router.post("/do/{name}")
@router.post("/do/{name}/{ref}")
def give(request: Request, posted: Posted, name: CommandName, ref: Ref | None = None) -> Response:
    """Give a command, once; or add or take away a row of its form."""
    key, back = text(posted, "key"), text(posted, "from")
    if name not in COMMANDS or bool(COMMANDS[name].on) != bool(ref) or not KEY.fullmatch(key):
        raise NothingHere
    with visiting(request) as visit:
        form = visit.form(name)
        raw = answers(form, posted)
        if rearranged(form, posted, raw):
            command, subject = _found(visit, name, ref or "")
            return _form_page(visit, Asked(command, subject, form, raw, key, back))
        who, desk = visit.person.id, visit.desk
    once = answered_key(key, [name, ref, raw])
    press = Press("web", press_key(who, once), who, name, ref or "", raw, _seen(posted))
    answer = desk.assistant.press(press)
    with visiting(request) as visit:
        if answer.ok:
            touched = subjects.find(visit.session, answer.about or ref or "")
            return after_press(way_back(visit, back, COMMANDS[name], touched), once)
        asked = Asked(COMMANDS[name], None, form, raw, key, back)
        return _not_done(visit, answer, name, ref or "", asked)


def _seen(posted: FormData) -> int | None:
    """The version of the subject that the page was made from."""
    seen = text(posted, "seen")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None


def _not_done(visit: Visit, answer: Answer, name: str, ref: str, asked: Asked) -> Response:
    if answer.fault is not None:
        page = show(visit, "fault.html", 500, sentence=answer.sentence)
        return not_now(page) if answer.not_now else page
    command, subject = _found(visit, name, ref)
    again = Asked(command, subject, asked.form, asked.raw, asked.key, asked.back)
    if answer.errors and asked.form.fields:
        return _form_page(visit, again, answer.errors, status=422)
    still = command.does.refusal(visit.doing, subject) is None
    if still and asked.form.fields:
        return _form_page(visit, again, notice=answer.sentence, status=409)
    return _say_refused(visit, command, subject, answer.sentence, asked.back)


def _form_page(
    visit: Visit,
    asked: Asked,
    errors: dict[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> Response:
    command, subject, wrong = asked.command, asked.subject, errors or {}
    lists = lists_for(visit.doing, subject)
    questions = asking.questions(asked.form, asked.raw, lists, wrong)
    return show(
        visit,
        "form.html",
        status,
        form=asked.form,
        questions=questions,
        mistakes=asking.mistakes(questions, wrong),
        key=asked.key,
        back_key=asked.back,
        notice=notice,
        command=command,
        cancel=home_of(visit, command, subject, asked.back),
        **_about(visit, subject),
    )


def _about(visit: Visit, subject: Any) -> dict[str, Any]:
    """What a form or a refusal is about; to somebody not on the team, the reference alone."""
    if subject is None:
        return {"subject": None}
    sees = visit.sees(subject) or subject.kind in {"help", "delivery", "person", "account"}
    return {
        "subject": subject,
        "reference": (subject.taf or subject).reference,
        "caption": title(visit, subject) if sees and subject.kind != "taf" else "",
        "facts": facts(visit, subject) if sees else [],
        "subject_state": state(visit, subject) if sees else None,
    }


def _say_refused(
    visit: Visit, command: Command, subject: Any, sentence: str, back: str
) -> Response:
    """Say what stands in the way, how things stand now, and what can be done instead."""
    permitted = subject is None or command.does.who(visit.doing, subject) is None
    return show(
        visit,
        "refused.html",
        409 if permitted and subject is not None else 403,
        sentence=sentence,
        form=visit.form(command.id),
        offers=all_offers(visit, subject, back) if subject is not None else [],
        cancel=home_of(visit, command, subject, back),
        **_about(visit, subject),
    )
