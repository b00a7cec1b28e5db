"""Where a person goes after a press: where they came from, or where the subject lives."""

from __future__ import annotations

from typing import Any

from bot.commands import Command
from bot.web.visit import Visit

PAGES = {"room": "", "plan": "/plan", "meetings": "/meetings", "indicators": "/indicators"} | {
    "family": "/family",
    "history": "/history",
}
"""The pages of a family, by the word that a form carries for them."""

OWN = {"home": "/", "my": "/my", "supervision": "/supervision", "undelivered": "/undelivered"} | {
    "people": "/people",
    "left": "/people/left",
    "accounts": "/people/accounts",
}
FOR = {"supervision": "supervisor"} | dict.fromkeys(("people", "left", "accounts"), "co-ordinator")
"""Whose these pages are, where they are not everybody's."""

ABOUT_PEOPLE = {"person": "people", "account": "accounts"}
"""The page on which somebody in the record, or an account, is shown."""

LIVES = {
    "action": "plan",
    "outcome": "plan",
    "plan": "plan",
    "meeting": "meetings",
    "indicator": "indicators",
    "team_member": "family",
    "handover": "family",
    "family_member": "family",
    "assessment": "family",
    "help": "room",
    "taf": "room",
}
"""The page on which each kind of subject is shown."""

ENDS = {
    "outcome.agree": "plan",
    "action.agree": "plan",
    "review.record": "family",
    "taf.close": "family",
    "taf.add_member": "family",
    "taf.add_family_member": "family",
    "taf.record_criteria": "family",
    "assessment.initiate": "family",
    "meeting.schedule": "meetings",
    "indicator.choose": "indicators",
    "lead.hand_over": "family",
}
"""Commands on the whole work whose result is shown on a page of its own."""


def way_back(visit: Visit, back: str, command: Command, touched: Any) -> str:
    """The page after a press that was done; only ever one of our own."""
    if command.id in {"taf.convene", "taf.step_down"}:
        back = "room"
    return _page(visit, back, command, touched)


def home_of(visit: Visit, command: Command, subject: Any, back: str) -> str:
    """The page to go to instead of giving a command."""
    return _page(visit, back, command, subject)


def _page(visit: Visit, back: str, command: Command, subject: Any) -> str:
    back = back if back in OWN or back in PAGES else ABOUT_PEOPLE.get(command.on, back)
    if FOR.get(back, "") not in {"", *visit.person.roles}:
        back = ""
    if back in OWN:
        return OWN[back]
    if command.on == "delivery":
        return OWN["undelivered"]
    if subject is None or getattr(subject, "taf", None) is None:
        return "/my" if command.id.startswith("my.") else "/"
    if not visit.sees(subject):
        return "/supervision" if command.on == "help" else "/"
    page = back if back in PAGES else ENDS.get(command.id, LIVES.get(subject.kind, "room"))
    return f"/families/{subject.taf.name}{PAGES[page]}"
