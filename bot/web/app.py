"""The web application: closed until there is sign-in, open for practice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot.app import Assistant
from bot.playing import Movable
from bot.web import commanding, family, health, home, my, people, room, undelivered
from bot.web import practice as practising
from bot.web.page import show, show_anybody
from bot.web.security import TOO_MUCH, Guard, TooMuch
from bot.web.visit import Desk, NobodyYet, NothingHere, visiting

STATIC = Path(__file__).parent / "static"
NO_PAGES = "There are no pages here."
CLOSED = f"{NO_PAGES} Signing in comes in a later version."


def web_app(
    assistant: Assistant, *, practice: Movable | None, more: Sequence[APIRouter] = ()
) -> FastAPI:
    """The pages for practice; without a practice clock, nothing but what a monitor asks for.

    `more` are the addresses to which chat platforms send.
    """
    if practice is None:
        return _without_pages(assistant, CLOSED, more)
    app = _guarded(_fault)
    app.include_router(health.routes(assistant, practising=True))
    app.state.desk = Desk(assistant, practice)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for part in (practising, home, room, family, my, people, undelivered, commanding):
        app.include_router(part.router)
    for missing in (NothingHere, HTTPException, RequestValidationError):
        app.add_exception_handler(missing, nothing_here)
    app.add_exception_handler(NobodyYet, _welcome)
    app.add_exception_handler(TooMuch, _too_much)
    return app


def watched_app(assistant: Assistant) -> FastAPI:
    """What a process that only works shows: how it is, and no pages."""
    return _without_pages(assistant, NO_PAGES)


def _without_pages(assistant: Assistant, words: str, more: Sequence[APIRouter] = ()) -> FastAPI:
    def nothing(_: Request, __: Exception) -> Response:
        return PlainTextResponse(words, 404)

    app = _guarded(_plain_fault)
    for part in (*more, health.routes(assistant)):  # what is asked for most comes first
        app.include_router(part)
    app.add_exception_handler(HTTPException, nothing)
    app.add_exception_handler(TooMuch, _too_much)
    return app


def _guarded(fault: Callable[[Request, str], Response]) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(Guard, fault=fault)
    return app


def _welcome(_: Request, __: Exception) -> Response:
    return RedirectResponse("/welcome", 303)


def _too_much(_: Request, __: Exception) -> Response:
    return PlainTextResponse(TOO_MUCH, 413)


def nothing_here(request: Request, _: Exception) -> Response:
    """One and the same page, whether something is hidden from this person or does not exist."""
    try:
        with visiting(request) as visit:
            return show(visit, "nothing.html", 404, cspNonce="", path="", back="/")
    except NobodyYet:
        return show_anybody(request, "nothing.html", 404, cspNonce="", path="", back="/")


def _fault(request: Request, quoted: str) -> Response:
    """A fault outside any press."""
    sentence = f"This page could not be shown. Quote {quoted} if you ask for help."
    return show_anybody(request, "fault.html", 500, sentence=sentence)


def _plain_fault(_: Request, quoted: str) -> Response:
    return PlainTextResponse(f"Something went wrong. Quote {quoted}.", 500)
