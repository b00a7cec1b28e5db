"""Dialogs: how they come, what they send, and what the app's answer makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms.slack.outgoing import Answer
from tests.platforms.teams import activities
from tests.platforms.teams.activities import Activity
from tests.platforms.teams.cards import Unfit, check_card
from tests.platforms.teams.chats import CARD, Chat, Message
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import Unshowable

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

UNREACHABLE = "Unable to reach app. Please try again."
"""What the client says of an app that does not answer rightly (seen: vercel/chat 731)."""

Fit = Callable[[Answer], bool]

THEME = {"theme": "default"}


@dataclass
class Dialog:
    """A dialog in front of somebody; `command` is set where a message action opened it."""

    chat: Chat
    title: str
    card: dict[str, Any]
    message: Message | None = None
    command: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    times: int = 1
    """How often it was drawn."""

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """What its card shows, its actions last."""
        return [*self.card.get("body", []), *self.card.get("actions", [])]


def ask(
    tenant: Tenant, person: Person, activity: Activity, patience: float, repeats: int, fit: Fit
) -> Answer:
    """Bring an invoke; whatever is not answered rightly is brought again, then complained of.

    That an empty answer is repeated was seen (vercel/chat 731), and so much is documented of
    message extensions; of cards that time out it is remembered.
    """
    answer = Answer(None)
    for number in range(repeats + 1):
        if number and not tenant.clocks.same_id:
            activity = activity | {"id": f"f:{tenant.new_id()}"}
        answer = tenant.outgoing.send(activity, patience)
        if answer.ok and fit(answer):
            return answer
    person.errors.append(UNREACHABLE)
    return answer


def begin(
    tenant: Tenant,
    person: Person,
    chat: Chat,
    message: Message | None,
    data: Any,
    command: str | None = None,
) -> Answer:
    """Ask the app for a dialog, from a button (`task/fetch`) or by a message action."""
    dialog = Dialog(chat, "", {}, message, command)
    if command is None:
        value, name, patience = {"data": data, "context": THEME}, "task/fetch", tenant.clocks.invoke
        repeats = tenant.clocks.repeats
    else:
        value, name, patience = _by(tenant, dialog), "composeExtension/fetchTask", 0.0
        patience, repeats = tenant.clocks.extension, tenant.clocks.extension_repeats
    replied = {"replyToId": message.id} if message and command is None else {}
    activity = activities.invoke(tenant, chat, person, name, value, **replied)
    answer = ask(tenant, person, activity, patience, repeats, _is_task)
    if answer.ok and _is_task(answer):
        show(tenant, person, dialog, answer)
    return answer


def submit(tenant: Tenant, person: Person, dialog: Dialog, data: Any) -> Answer:
    """Send a dialog off; an answer without a task closes it (documented)."""
    clocks = tenant.clocks
    if dialog.command is None:
        value, name = {"data": data, "context": THEME}, "task/submit"
        patience, repeats = clocks.invoke, clocks.repeats
    else:
        value, name = _by(tenant, dialog) | {"data": data}, "composeExtension/submitAction"
        patience, repeats = clocks.extension, clocks.extension_repeats
    activity = activities.invoke(tenant, dialog.chat, person, name, value)
    answer = ask(tenant, person, activity, patience, repeats, _is_answer)
    if answer.ok and _is_answer(answer):
        show(tenant, person, dialog, answer)
    return answer


def _by(tenant: Tenant, dialog: Dialog) -> dict[str, Any]:
    found: dict[str, Any] = {"commandId": dialog.command, "context": THEME}
    if dialog.message is None:
        return found | {"commandContext": "compose"}
    payload = activities.payload(tenant, dialog.message)
    return found | {"commandContext": "message", "messagePayload": payload}


def _is_task(answer: Answer) -> bool:
    said = answer.parsed()
    task = said.get("task") if isinstance(said, dict) else None
    return isinstance(task, dict) and task.get("type") in {"continue", "message"}


def _is_answer(answer: Answer) -> bool:
    said = answer.parsed()
    return not said or "composeExtension" in said or _is_task(answer)


def show(tenant: Tenant, person: Person, before: Dialog, answer: Answer) -> None:
    """Draw what the app answered: the next card, a sentence, or nothing more."""
    task = (answer.parsed() or {}).get("task")
    with tenant.changed:
        if task is None or task["type"] == "message":
            person.dialog = None
            if task is not None:
                person.notices.append(_sentence(task))
        else:
            title, card = _card(task, tenant.limits.largest_card)
            drawn = Dialog(before.chat, title, card, before.message, before.command)
            drawn.times = before.times + 1 if before.card else 1
            person.dialog = drawn
        tenant.changed.notify_all()


def _sentence(task: dict[str, Any]) -> str:
    if not isinstance(task.get("value"), str):
        raise Unshowable(f"a message is a sentence: {task}")
    return str(task["value"])


def _card(task: dict[str, Any], largest: int) -> tuple[str, dict[str, Any]]:
    """The dialog's title and card; a height and width are words or pixels (documented)."""
    value = task.get("value")
    value = value if isinstance(value, dict) else {}
    card = value.get("card")
    if not isinstance(card, dict) or card.get("contentType") != CARD:
        raise Unshowable(f"a dialog shows an Adaptive Card: {task}")
    for name in ("height", "width"):
        size = value.get(name, "medium")
        if not isinstance(size, int) and size not in {"small", "medium", "large"}:
            raise Unshowable(f"{name} {size!r}")
    try:
        check_card(card.get("content"), largest)
    except Unfit as no:
        raise Unshowable(str(no)) from no
    for one in card["content"].get("actions", []):
        if one["type"] == "Action.Execute":
            raise Unshowable("a dialog is sent off by Action.Submit")  # remembered
    return str(value.get("title", "")), card["content"]
