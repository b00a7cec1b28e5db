"""A menu that is filled while one types: from the directory, or by our app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.slack.outgoing import Answer
from tests.platforms.teams import activities, dialogs
from tests.platforms.teams.chats import Message
from tests.platforms.teams.people import Person
from tests.platforms.teams.refusing import ClientRefuses

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

DIRECTORY = "graph.microsoft.com/users"


def search(
    tenant: Tenant, person: Person, where: Any, element: dict[str, Any], text: str
) -> list[dict[str, Any]]:
    """The choices offered for these letters, as title and value."""
    query = element.get("choices.data")
    if query is None:
        raise ClientRefuses(f"nothing is searched in {element['id']}")
    chat = tenant.chats[where.chat] if isinstance(where, Message) else where.chat
    if query["dataset"].startswith(DIRECTORY):
        here = "scope=currentContext" in query["dataset"]
        return [
            {"title": one.real_name, "value": one.id}
            for one in tenant.people.values()
            if one.in_tenant
            and text.lower() in one.real_name.lower()
            and (not here or one.id in chat.memberships)
        ]
    options = {"skip": 0, "top": 15}
    value = {"queryText": text, "queryOptions": options, "dataset": query["dataset"]}
    activity = activities.invoke(tenant, chat, person, "application/search", value)
    answer = dialogs.ask(tenant, person, activity, tenant.clocks.invoke, 0, _fits)
    return answer.parsed()["value"]["results"] if answer.ok and _fits(answer) else []


def _fits(answer: Answer) -> bool:
    """The answer that Teams takes (documented)."""
    said = answer.parsed()
    results = said.get("value", {}).get("results") if isinstance(said, dict) else None
    return (
        isinstance(results, list)
        and said.get("type") == "application/vnd.microsoft.search.searchResponse"
        and all(set(one) == {"title", "value"} for one in results)
    )
