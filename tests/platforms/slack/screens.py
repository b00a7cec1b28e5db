"""What our app puts in front of a person: modals one upon another, and the home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.blocks import check_view
from tests.platforms.slack.people import Person
from tests.platforms.slack.refusing import Refused
from tests.platforms.slack.views import View, with_ids

if TYPE_CHECKING:
    from tests.platforms.slack.workspace import Workspace

DEEPEST = 3
"""Modals one upon another (documented)."""


def _prepared(workspace: Workspace, body: Any, kind: str, old: View | None) -> dict[str, Any]:
    checked = check_view(body, kind)
    external = checked.get("external_id")
    for other in workspace.views.values():
        if external and other is not old and not other.closed and other.external_id == external:
            raise Refused("duplicate_external_id")
    return checked | {"blocks": with_ids(checked["blocks"], len(workspace.log))}


def _made(workspace: Workspace, person: Person, body: Any, kind: str, below: View | None) -> View:
    prepared = _prepared(workspace, body, kind, None)
    app, name = workspace.app, workspace.new_id("V")
    made = View(
        name, workspace.team_id, app.app_id, app.bot_id, person.id, prepared, workspace.new_ts(),
        below.root if below else name, below.id if below else None,
    )  # fmt: skip
    workspace.views[name] = made
    return made


def open_modal(workspace: Workspace, person: Person, body: Any) -> View:
    """A modal; those that were open are gone (remembered)."""
    made = _made(workspace, person, body, "modal", None)
    close(person, *person.modals)
    person.modals.append(made)
    return made


def push_modal(workspace: Workspace, person: Person, body: Any) -> View:
    """One modal upon another."""
    if not person.modals:
        raise Refused("not_found")  # remembered
    if len(person.modals) >= DEEPEST:
        raise Refused("push_limit_reached")
    made = _made(workspace, person, body, "modal", person.modals[-1])
    person.modals.append(made)
    return made


def update_view(workspace: Workspace, view: View, body: Any) -> None:
    """Something else in a view that is open."""
    view.replace(_prepared(workspace, body, view.type, view), workspace.new_ts())


def publish_home(workspace: Workspace, person: Person, body: Any) -> View:
    """The person's home tab: the same view, whatever it shows."""
    if person.home is None:
        person.home = _made(workspace, person, body, "home", None)
    else:
        update_view(workspace, person.home, body)
    return person.home


def close(person: Person, *views: View) -> None:
    """These modals are gone."""
    for view in list(views):
        view.closed = True
        person.modals.remove(view)
