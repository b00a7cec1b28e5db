"""What a person does with the modal in front of them, and what becomes of our app's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack import payloads, screens
from tests.platforms.slack.elements import element, options_of
from tests.platforms.slack.inputs import is_empty, state_of
from tests.platforms.slack.outgoing import Answer
from tests.platforms.slack.people import Person
from tests.platforms.slack.refusing import ClientRefuses, Refused, Unshowable
from tests.platforms.slack.views import View

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
"""What the client says of an app that does not answer a modal."""


def submit(workspace: Workspace, person: Person, view: View) -> Answer:
    """Send a modal off, if the client lets the person, and show what the app answers."""
    _check_complete(view)
    view.errors = {}
    body = payloads.view_submission(workspace, person, view)
    answer = workspace.outgoing.carry("interactive", body)
    if not answer.ok:
        person.errors.append(TROUBLE)
        return answer
    try:
        with workspace.changed:
            _take(workspace, person, view, answer)
            workspace.changed.notify_all()
    except Refused as no:
        person.errors.append(TROUBLE)
        raise Unshowable(str(no)) from no
    return answer


def _check_complete(view: View) -> None:
    if not view.body.get("submit"):
        raise ClientRefuses("this view cannot be sent off: it has no submit")
    state = state_of(view.blocks, view.values)
    for block in view.blocks:
        if block["type"] == "input" and not block.get("optional"):
            entry = state[block["block_id"]][block["element"]["action_id"]]
            if is_empty(entry):
                raise ClientRefuses(f"{block['label']['text']!r} has to be filled in")


def _take(workspace: Workspace, person: Person, view: View, answer: Answer) -> None:
    """Do what the app answered to a modal that was sent off (documented)."""
    said = answer.parsed()
    if not answer.body.strip() or said == {}:
        if not view.closed:
            screens.close(person, view)
        return
    what = said.get("response_action") if isinstance(said, dict) else None
    match what:
        case "clear":
            screens.close(person, *person.modals)
        case "update":
            screens.update_view(workspace, view, said.get("view"))
        case "push":
            screens.push_modal(workspace, person, said.get("view"))
        case "errors":
            view.errors = _errors(view, said.get("errors"))
        case _:
            raise Refused("invalid_response_action", [f"{answer.body[:200]!r}"])


def _errors(view: View, said: Any) -> dict[str, str]:
    """The errors beside the fields; each has to belong to an input that is there (remembered)."""
    fields = {one["block_id"] for one in view.blocks if one["type"] == "input"}
    if not isinstance(said, dict) or not said:
        raise Refused("invalid_errors", ["no errors"])
    if strangers := set(said) - fields:
        raise Refused("invalid_errors", [f"no input has the block_id {sorted(strangers)}"])
    if not all(isinstance(one, str) and one for one in said.values()):
        raise Refused("invalid_errors", ["an error is a text"])
    return dict(said)


def dismiss(workspace: Workspace, person: Person, view: View) -> list[Answer]:
    """Close a modal, or with `clear_on_close` all of them; the app is told where it asked."""
    cleared = bool(view.body.get("clear_on_close"))
    with workspace.changed:
        gone = list(reversed(person.modals)) if cleared else [view]
        screens.close(person, *gone)
        workspace.changed.notify_all()
    told = []
    for one in gone:
        if one.body.get("notify_on_close"):
            body = payloads.view_closed(workspace, person, one, cleared=cleared)
            told.append(workspace.outgoing.carry("interactive", body))
    return told


def options(answer: Answer) -> list[dict[str, Any]]:
    """What the app offers in an external select: options or groups, within Slack's limits."""
    said = answer.parsed()
    found: list[str] = []
    menu = {"type": "static_select", **said} if isinstance(said, dict) else {}
    if menu.get("options") or menu.get("option_groups"):
        check = element(frozenset({"static_select"}))
        check(menu, "", lambda what, at: found.append(f"{what} [json-pointer:{at}]"))
    elif not isinstance(said, dict) or not {"options", "option_groups"} & set(said):
        found.append("neither options nor option_groups")
    if found:
        raise Unshowable(str(found))
    return options_of(menu)
