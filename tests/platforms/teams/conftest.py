"""The fake tenant, its connector and Graph by hand, and a small app, for every test here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.platforms.teams.chats import CARD
from tests.platforms.teams.hands import Hand
from tests.platforms.teams.listening import Listening
from tests.platforms.teams.login import BOT, GRAPH
from tests.platforms.teams.tenant import Tenant


class Api:
    """A client of one of Microsoft's two APIs with our app's token, which repeats nothing."""

    def __init__(self, tenant: Tenant, base: str, scope: str) -> None:
        self.tenant, self.base, self.scope = tenant, base, f"{scope}/.default"
        self.token: str | None = None
        self.client = httpx2.Client(timeout=10, trust_env=False)

    def __call__(self, verb: str, path: str, body: Any = None, **query: Any) -> httpx2.Response:
        token = self.token or self.tenant.login.token(self.scope)
        at = path if path.startswith("http") else f"{self.base}{path}"
        bearer = {"Authorization": f"Bearer {token}"}
        return self.client.request(verb, at, json=body, params=query or None, headers=bearer)


def card(*body: dict[str, Any], actions: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A card."""
    found: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": list(body)}
    return found | ({"actions": actions} if actions else {})


def message(shown: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An activity with a card."""
    found = {"type": "message", **more}
    return found | ({"attachments": [{"contentType": CARD, "content": shown}]} if shown else {})


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """A tenant without speed limits; a test that is about them turns them on."""
    with Tenant() as tenant:
        tenant.limits.on = False
        yield tenant


@pytest.fixture
def connector(tenant: Tenant) -> Iterator[Api]:
    """The connector, with our bot's token."""
    api = Api(tenant, f"{tenant.service_url}v3/conversations", BOT)
    with api.client:
        yield api


@pytest.fixture
def graph(tenant: Tenant) -> Iterator[Api]:
    """Graph, with our app's token."""
    api = Api(tenant, tenant.graph_url, GRAPH)
    with api.client:
        yield api


@pytest.fixture
def app(tenant: Tenant) -> Iterator[Listening]:
    """A small app that hears what Teams sends."""
    listening = Listening(tenant)
    tenant.request_url = listening.url
    yield listening
    listening.stop()


@pytest.fixture
def asha(tenant: Tenant) -> Hand:
    """A practitioner."""
    return tenant.joins("Asha Khan", "asha@example.org")


@pytest.fixture
def ben(tenant: Tenant) -> Hand:
    """Another one, who is in no chat at first."""
    return tenant.joins("Ben Ford", "ben@example.org")


@pytest.fixture
def gwen(tenant: Tenant) -> Hand:
    """A guest from a partner agency."""
    return tenant.joins("Gwen Hall", "gwen@partner.example", guest=True)
