"""What a press on a message's card sends, and what the answer makes of the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.outgoing import Answer
from tests.platforms.teams import activities, dialogs
from tests.platforms.teams.cards import Unfit, check_card
from tests.platforms.teams.chats import CARD, Message
from tests.platforms.teams.inputs import gathered, merged
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import ClientRefuses, Unshowable

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

SENTENCE, ERROR = "application/vnd.microsoft.activity.message", "application/vnd.microsoft.error"
"""The other two kinds of answer (documented)."""


def press(tenant: Tenant, person: Person, message: Message, action: dict[str, Any]) -> Answer:
    """Press one action of a message's card."""
    card, chat = message.card_of(person), tenant.chats[message.chat]
    assert card is not None
    inputs = gathered(card, action, message.values.get(person.id, {}))
    data = merged(action, inputs)
    match action["type"]:
        case "Action.Execute":
            return _execute(tenant, person, message, action, data)
        case "Action.Submit":
            asked = data.get("msteams", {}) if isinstance(data, dict) else {}
            if asked.get("type") == "task/fetch":
                return dialogs.begin(tenant, person, chat, message, data)
            value = {name: one for name, one in (data or {}).items() if name != "msteams"}
            activity = activities.submitted(tenant, chat, person, message, value)
            return tenant.outgoing.send(activity)
    return Answer(200)  # a link or a part that unfolds: our app hears nothing of it


def _execute(
    tenant: Tenant, person: Person, message: Message, action: dict[str, Any], data: Any
) -> Answer:
    """Action.Execute: the answer is for the presser alone, until the message is updated.

    Without a verb nothing is sent: so it is in Microsoft's Agents Playground (measured).
    """
    if not action.get("verb"):
        raise ClientRefuses("Unable to reach app. Please try again.")
    pressed: dict[str, Any] = {
        name: action[name] for name in ("type", "title", "id", "verb") if name in action
    }
    pressed |= {} if data is None else {"data": data}
    value = {"action": pressed, "trigger": "manual"}
    source = {"channelData": {"tenant": {"id": tenant.id}, "source": {"name": "message"}}}
    activity = activities.invoke(
        tenant,
        tenant.chats[message.chat],
        person,
        "adaptiveCard/action",
        value,
        replyToId=message.id,
        **source,
    )
    clocks = tenant.clocks
    answer = dialogs.ask(tenant, person, activity, clocks.invoke, clocks.repeats, _fits)
    if answer.ok and _fits(answer):
        _show(tenant, person, message, answer.parsed())
    return answer


def _fits(answer: Answer) -> bool:
    said = answer.parsed()
    if not isinstance(said, dict) or not isinstance(said.get("statusCode"), int):
        return False
    kind, value = said.get("type"), said.get("value")
    if kind in {CARD, ERROR}:
        return isinstance(value, dict)
    return kind == SENTENCE and isinstance(value, str) and bool(value)


def _show(tenant: Tenant, person: Person, message: Message, said: dict[str, Any]) -> None:
    with tenant.changed:
        if said["type"] == ERROR or said["statusCode"] != 200:
            person.errors.append(str(said["value"]))
        elif said["type"] == SENTENCE:
            person.notices.append(said["value"])
        else:
            try:
                check_card(said["value"], tenant.limits.largest_card)
            except Unfit as no:
                raise Unshowable(str(no)) from no
            message.views[person.id] = said["value"]
            message.values.pop(person.id, None)
        tenant.changed.notify_all()
