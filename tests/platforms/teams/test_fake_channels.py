"""The fake Teams holds to Microsoft's rules for channels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.teams import chores
from tests.platforms.teams.channels import Team, makes_channel, makes_team, owners
from tests.platforms.teams.conftest import Api, card, message
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.refusing import ClientRefuses
from tests.platforms.teams.tenant import Tenant

AAD = "#microsoft.graph.aadUserConversationMember"


@pytest.fixture
def team(tenant: Tenant, asha: Hand, gwen: Hand) -> Team:
    """A team of Asha and a guest, with our app in it and what it may."""
    tenant.app.in_channels = True
    tenant.app.rsc = {"TeamMember.Read.Group"}
    tenant.app.roles |= {"Channel.Create", "ChannelSettings.ReadWrite.All"}
    tenant.app.roles |= {"ChannelMember.ReadWrite.All"}
    found = makes_team(tenant, asha.person, gwen.person)
    chores.install(tenant, found.general, asha.person)
    return found


def member(tenant: Tenant, hand: Hand, *roles: str) -> dict[str, Any]:
    """Somebody, as Graph wants them named."""
    address = f"{tenant.graph_url}/users('{hand.id}')"
    return {"@odata.type": AAD, "roles": list(roles), "user@odata.bind": address}


def wanted(tenant: Tenant, hand: Hand, **more: Any) -> dict[str, Any]:
    """A private channel with this owner."""
    about = {"displayName": "TAF F-1042", "membershipType": "private"}
    return about | {"members": [member(tenant, hand, "owner")]} | more


def test_a_private_channel_is_made_with_one_owner_of_the_team(
    tenant: Tenant, graph: Api, team: Team, asha: Hand
) -> None:
    made = graph("POST", f"/teams/{team.id}/channels", wanted(tenant, asha))
    assert (made.status_code, made.json()["membershipType"]) == (201, "private")
    assert made.json()["displayName"] == "TAF F-1042"
    assert owners(tenant.chats[made.json()["id"]]) == [asha.id]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"displayName": "N" * 51}, 400),
        ({"displayName": "TAF: F-1042"}, 400),
        ({"displayName": "general"}, 400),
        ({"membershipType": "standard"}, 400),
        ({"members": []}, 400),
        ({"owner": "ben"}, 404),
        ({"owner": "gwen"}, 400),
    ],
    ids=str,
)
def test_what_graph_makes_no_channel_of(
    tenant: Tenant,
    graph: Api,
    team: Team,
    asha: Hand,
    ben: Hand,
    gwen: Hand,
    changed: dict[str, Any],
    status: int,
) -> None:
    owner = {"ben": ben, "gwen": gwen}.get(str(changed.pop("owner", "")), asha)
    body = wanted(tenant, owner) | changed
    assert graph("POST", f"/teams/{team.id}/channels", body).status_code == status
    assert len(tenant.chats) == 1


def test_members_come_from_the_team_and_the_last_owner_stays(
    tenant: Tenant, graph: Api, team: Team, asha: Hand, ben: Hand, gwen: Hand
) -> None:
    chat = makes_channel(tenant, team, "TAF F-1042", asha.person)
    path = f"/teams/{team.id}/channels/{chat.id}/members"
    assert graph("POST", path, member(tenant, ben)).status_code == 404
    assert graph("POST", path, member(tenant, gwen)).status_code == 201
    assert graph("POST", path, member(tenant, gwen)).status_code == 409
    mine, theirs = chat.memberships[asha.id].id, chat.memberships[gwen.id].id
    assert graph("DELETE", f"{path}/{mine}").status_code == 403
    owner = {"@odata.type": AAD, "roles": ["owner"]}
    assert graph("PATCH", f"{path}/{theirs}", owner).status_code == 400
    assert graph("DELETE", f"{path}/{theirs}").status_code == 204
    assert chat.members == [asha.id]


def test_who_is_in_the_team_is_shown_where_the_app_is_in_it(
    tenant: Tenant, graph: Api, team: Team, asha: Hand, ben: Hand
) -> None:
    path = f"/teams/{team.id}/members"
    asked = "(microsoft.graph.aadUserConversationMember/userId eq '{}')"
    assert len(graph("GET", path, **{"$filter": asked.format(asha.id)}).json()["value"]) == 1
    assert graph("GET", path, **{"$filter": asked.format(ben.id)}).json()["value"] == []
    chores.uninstall(tenant, team.general, None)
    assert graph("GET", path, **{"$filter": asked.format(asha.id)}).status_code == 403


def test_nothing_is_written_where_the_app_was_not_added_or_after_the_end(
    tenant: Tenant, graph: Api, connector: Api, team: Team, asha: Hand, ben: Hand
) -> None:
    chat = makes_channel(tenant, team, "TAF F-1042", asha.person)
    said = message(card({"type": "TextBlock", "text": "Welcome"}))
    refused = connector("POST", f"/{chat.id}/activities", said)
    assert (refused.status_code, refused.json()["error"]["code"]) == (
        403,
        "BotNotInConversationRoster",
    )
    with pytest.raises(ClientRefuses):
        ben.admin.brings_bot(chat)
    asha.admin.brings_bot(chat)
    assert connector("POST", f"/{chat.id}/activities", said).status_code == 201
    path = f"/teams/{team.id}/channels/{chat.id}/archive"
    assert graph("POST", path, {}).status_code == 202
    assert connector("POST", f"/{chat.id}/activities", said).status_code == 403
    assert graph("POST", path, {}).status_code == 400


def test_an_activity_names_the_channel_its_thread_and_its_team(
    tenant: Tenant, team: Team, asha: Hand, app: Listening
) -> None:
    chat = makes_channel(tenant, team, "TAF F-1042", asha.person)
    asha.admin.brings_bot(chat)
    asha.types("TAF help", chat)
    written = chat.standing()[-1]
    heard: dict[str, Any] = next(one for one in app.heard if one["type"] == "message")
    assert heard["conversation"]["conversationType"] == "channel"
    assert heard["conversation"]["id"] == f"{chat.id};messageid={written.id}"
    assert heard["channelData"]["channel"] == {"id": chat.id}
    assert heard["channelData"]["team"] == {"id": team.general.id}


def test_a_chat_is_no_channel_for_graph(
    tenant: Tenant, graph: Api, team: Team, asha: Hand, gwen: Hand
) -> None:
    chat = tenant.add_chat("TAF F-1042", asha.person, gwen.person, app=True)
    room = makes_channel(tenant, team, "TAF F-1043", asha.person)
    assert graph("GET", f"/teams/{team.id}/channels/{chat.id}").status_code == 404
    assert graph("GET", f"/chats/{room.id}").status_code == 404
