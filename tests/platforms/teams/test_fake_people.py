"""The fake Graph: looking people up, and our app in the catalogue and installed for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platforms.teams.conftest import Api
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.tenant import Tenant


def found(graph: Api, wanted: str) -> list[str]:
    """Whom a filter finds."""
    answer = graph("GET", "/users", **{"$filter": wanted}).json()
    return [one["displayName"] for one in answer["value"]]


def test_people_are_found_by_mail_or_principal_name(
    tenant: Tenant, graph: Api, asha: Hand, gwen: Hand
) -> None:
    tenant.joins("Fionn O'Shea", "o'shea@example.org")
    tenant.joins("Olu Ade", "olu@elsewhere.example", outside=True)

    assert found(graph, "mail eq 'ASHA@example.org'") == ["Asha Khan"]
    assert found(graph, "mail eq 'o''shea@example.org'") == ["Fionn O'Shea"]
    assert found(graph, "mail eq 'olu@elsewhere.example'") == []
    assert found(graph, "mail eq 'gwen@partner.example'") == ["Gwen Hall"]
    assert found(graph, "userPrincipalName eq 'gwen@partner.example'") == []
    assert found(graph, f"userPrincipalName eq '{gwen.person.upn}'") == ["Gwen Hall"]
    both = "mail eq 'asha@example.org' or userPrincipalName eq 'asha@example.org'"
    assert found(graph, both)[0] == "Asha Khan"


@pytest.mark.parametrize("wanted", ["", "mail", "mail eq 'a'b'", "displayName eq 'Asha'"])
def test_a_filter_that_it_does_not_read(graph: Api, wanted: str) -> None:
    answer = graph("GET", "/users", **{"$filter": wanted})

    assert answer.json()["error"]["code"] == "Request_UnsupportedQuery"


def test_more_of_somebody_needs_more_permission(
    tenant: Tenant, graph: Api, asha: Hand, gwen: Hand
) -> None:
    assert graph("GET", f"/users/{asha.id}").json()["mail"] == "asha@example.org"
    wanted = {"$select": "userType,accountEnabled"}
    assert graph("GET", f"/users/{gwen.id}", **wanted).status_code == 403

    tenant.app.roles.add("User.Read.All")
    asha.admin.deactivates(gwen.person)

    shown = graph("GET", f"/users/{gwen.id}", **wanted).json()
    assert (shown["userType"], shown["accountEnabled"]) == ("Guest", False)
    assert graph("GET", f"/users/{gwen.person.mri}").status_code == 404
    asha.admin.deletes_account(gwen.person)
    assert graph("GET", f"/users/{gwen.id}").status_code == 404


def test_our_app_is_in_the_catalogue_while_it_was_uploaded(tenant: Tenant, graph: Api) -> None:
    def ids(wanted: str) -> list[str]:
        answer = graph("GET", "/appCatalogs/teamsApps", **{"$filter": wanted})
        return [one["id"] for one in answer.json()["value"]]

    ours = f"externalId eq '{tenant.app.external_id}'"
    assert ids(ours) == [tenant.app.catalog_id]
    assert ids("externalId eq 'another'") == []
    tenant.app.in_catalog = False
    assert ids(ours) == []


def test_our_app_is_installed_for_somebody_and_their_chat_is_found(
    tenant: Tenant, graph: Api, app: Listening, asha: Hand
) -> None:
    at = f"/users/{asha.id}/teamwork/installedApps"
    bind = f"{tenant.graph_url}/appCatalogs/teamsApps/{tenant.app.catalog_id}"
    body: dict[str, Any] = {"teamsApp@odata.bind": bind}

    assert graph("POST", at, body).status_code == 201
    assert graph("POST", at, body).status_code == 409

    ours = {"$filter": f"teamsApp/externalId eq '{tenant.app.external_id}'", "$expand": "teamsApp"}
    shown = graph("GET", at, **ours).json()["value"]
    assert shown[0]["teamsApp"]["externalId"] == tenant.app.external_id
    chat = graph("GET", f"{at}/{shown[0]['id']}/chat").json()
    assert (chat["id"], chat["chatType"]) == (asha.personal.graph_id, "oneOnOne")
    tenant.settle()
    assert app.last("installationUpdate")["conversation"]["id"] == asha.personal.id
    assert graph("GET", f"{at}/another/chat").status_code == 404


def test_an_app_that_is_blocked_or_not_uploaded_is_not_installed(
    tenant: Tenant, graph: Api, asha: Hand
) -> None:
    at = f"/users/{asha.id}/teamwork/installedApps"
    bind = f"{tenant.graph_url}/appCatalogs/teamsApps/{tenant.app.catalog_id}"
    asha.admin.disables_app()
    assert graph("POST", at, {"teamsApp@odata.bind": bind}).status_code == 403
    asha.admin.uninstalls_app()
    assert graph("POST", at, {"teamsApp@odata.bind": bind}).status_code == 404
