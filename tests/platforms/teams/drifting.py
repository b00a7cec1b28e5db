"""Activities that no document foresees: what has come all the same, or may one day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.teams import activities
from tests.platforms.teams.activities import Activity
from tests.platforms.teams.chats import Chat
from tests.platforms.teams.people import Person

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

GIVEN = {"type": "Action.Execute", "verb": "save"}


def drifting(tenant: Tenant, chat: Chat, person: Person) -> dict[str, Activity]:
    """One activity for each way of drifting, by its name.

    Those that lack a field were seen (microsoft/teams.py issues 239, 520 and 563).
    """

    def of(kind: str, **more: Any) -> Activity:
        return activities.of(tenant, chat, kind, person, **more)

    def invoke(name: str, value: Any) -> Activity:
        return activities.invoke(tenant, chat, person, name, value)

    said = of("message", text="hello")
    where = said["conversation"]
    ways = {
        "unknown type": of("brandNew"),
        "unknown event": of("event", name="application/vnd.microsoft.brandNew", value={}),
        "unknown invoke": invoke("brandNew/thing", {}),
        "unknown update": of("conversationUpdate", channelData={"eventType": "brandNew"}),
        "reaction": of("messageReaction", reactionsAdded=[{"type": "like"}], replyToId="1"),
        "typing": of("typing"),
        "edited": of("messageUpdate", text="hello", channelData={"eventType": "editMessage"}),
        "no recipient": _without(said, "recipient"),
        "no sender": _without(said, "from"),
        "a sender without an id": said | {"from": {"name": "Somebody"}},
        "a sender of no directory": said | {"from": {"id": "29:1anonymous"}},
        "no conversation": _without(said, "conversation"),
        "no kind of conversation": said | {"conversation": _without(where, "conversationType")},
        "an unknown kind of conversation": said
        | {"conversation": where | {"conversationType": "brandNew"}},
        "no channel data": _without(said, "channelData"),
        "no id": _without(said, "id"),
        "no text": _without(said, "text"),
        "no type": _without(said, "type"),
        "text that is no text": said | {"text": {"html": "hello"}},
        "entities that are none": said | {"entities": "none"},
        "a press without data": invoke("adaptiveCard/action", {"action": GIVEN}),
        "a press without an action": invoke("adaptiveCard/action", {}),
        "a press without a value": _without(invoke("adaptiveCard/action", {}), "value"),
        "a dialog without data": invoke("task/fetch", {"context": {"theme": "default"}}),
        "data that is text": invoke("task/submit", {"data": "A-7"}),
        "a message action without a message": invoke(
            "composeExtension/fetchTask", {"commandId": "make_action"}
        ),
        "another tenant": said | {"channelData": {"tenant": {"id": "another"}}},
        "another channel": said | {"channelId": "directline"},
    }
    # Under one id they would be one activity, of which all but the first had come before.
    return {
        name: one | ({"id": f"f:{tenant.new_id()}"} if "id" in one else {})
        for name, one in ways.items()
    }


def _without(activity: Activity, name: str) -> Activity:
    return {key: one for key, one in activity.items() if key != name}
