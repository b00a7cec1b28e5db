"""How this partnership is connected to Teams: read from the environment, or not connected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.configuring import NotSetUp
from bot.teams.clouds import CLOUDS, Cloud

ADDRESS = "/teams/messages"
"""Where Teams sends everything: the messaging endpoint of the Azure Bot."""

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROOMS = ("paired", "group_chat", "private_channel")
"""How a family's room comes about: a person makes the chat, or the assistant makes a chat, or a
private channel in one standing team."""

WAYS = ("TEAMS_CLIENT_SECRET", "TEAMS_CERTIFICATE", "TEAMS_MANAGED_IDENTITY")
SYSTEM = "system"
NO_TEAM = (
    "With TEAMS_ROOM=private_channel, TEAMS_TEAM must be the id of the team that is to hold the"
    " channels: the groupId in the team's link."
)


@dataclass(frozen=True)
class Connection:
    """Our app in one tenant of Microsoft 365.

    It proves itself by one of `secret`, `certificate` (a PEM file with its private key) or
    `identity` (the client id of a managed identity, or "system"). `services` are further
    addresses on which Teams may answer, beside the cloud's own hosts. `team` is the id of the
    team in which the families' channels are made.
    """

    client_id: str
    tenant_id: str
    secret: str = ""
    certificate: str = ""
    identity: str = ""
    cloud_name: str = "Public"
    cloud: Cloud = CLOUDS["Public"]
    room: str = "paired"
    app_id: str = ""
    services: tuple[str, ...] = ()
    team: str = ""

    @property
    def way(self) -> str:
        """How it proves itself, in words."""
        if self.secret:
            return "with a client secret"
        return "with a certificate" if self.certificate else "with a managed identity"

    @property
    def makes_rooms(self) -> bool:
        """Whether the assistant makes the families' rooms itself, by Microsoft Graph."""
        return self.room != "paired"

    @property
    def in_channels(self) -> bool:
        """Whether a family's room is a private channel, and no chat."""
        return self.room == "private_channel"

    @property
    def bot(self) -> str:
        """Our own account in a conversation."""
        return f"28:{self.client_id}"

    @property
    def service(self) -> str:
        """Where Teams answers until it has told us a nearer address."""
        return self.services[0] if self.services else self.cloud.service

    def is_service(self, url: object) -> bool:
        """Whether this is an address of Teams, to which our token may be shown."""
        asked = _split(url)
        if asked is None or asked.username is not None or asked.password is not None:
            return False
        if any(_origin(asked) == _origin(urlsplit(one)) for one in self.services):
            return True
        return asked.scheme == "https" and asked.netloc.lower() in self.cloud.hosts


def connection(environment: Mapping[str, str]) -> Connection | None:
    """The connection that these settings describe, None where there is none; raises NotSetUp."""

    def given(name: str) -> str:
        return environment.get(name, "").strip()

    client, tenant = given("TEAMS_CLIENT_ID").lower(), given("TEAMS_TENANT_ID").lower()
    secret, certificate, identity = (given(name) for name in WAYS)
    if not (client or tenant or secret or certificate or identity):
        return None
    for name, value in (("TEAMS_CLIENT_ID", client), ("TEAMS_TENANT_ID", tenant)):
        if not GUID.fullmatch(value):
            raise NotSetUp(f"{name} must be the id that stands in the app registration's overview.")
    if sum(map(bool, (secret, certificate, identity))) != 1:
        raise NotSetUp(f"Give one of {', '.join(WAYS[:2])} and {WAYS[2]}, and only one.")
    _look_at(certificate, identity)
    cloud_name, room = given("TEAMS_CLOUD") or "Public", given("TEAMS_ROOM") or "paired"
    app_id = given("TEAMS_APP_ID").lower() or client
    if not GUID.fullmatch(app_id):
        raise NotSetUp("TEAMS_APP_ID must be the id in the app package, or be left out.")
    team = given("TEAMS_TEAM").lower()
    _look_at_room(room, team)
    services = _services(given("TEAMS_SERVICE_URLS"))
    cloud = _elsewhere(_cloud(cloud_name, services), given)
    proof = (secret, certificate, identity)
    return Connection(client, tenant, *proof, cloud_name, cloud, room, app_id, services, team)


def _look_at(certificate: str, identity: str) -> None:
    if identity and identity != SYSTEM and not GUID.fullmatch(identity.lower()):
        raise NotSetUp("TEAMS_MANAGED_IDENTITY must be the identity's client id, or system.")
    if not certificate:
        return
    try:
        text = Path(certificate).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise NotSetUp("TEAMS_CERTIFICATE cannot be read: give the path of a PEM file.") from error
    if "PRIVATE KEY-----" not in text or "BEGIN CERTIFICATE-----" not in text:
        raise NotSetUp("TEAMS_CERTIFICATE must hold the certificate and its private key, as PEM.")
    if "ENCRYPTED" in text:
        raise NotSetUp("TEAMS_CERTIFICATE's key asks for a password: give one without.")


def _look_at_room(room: str, team: str) -> None:
    if room not in ROOMS:
        raise NotSetUp(f"TEAMS_ROOM must be {' or '.join(ROOMS)}.")
    if room == "private_channel" and not GUID.fullmatch(team):
        raise NotSetUp(NO_TEAM)


def _cloud(name: str, services: tuple[str, ...]) -> Cloud:
    if name not in CLOUDS:
        raise NotSetUp(f"TEAMS_CLOUD must be one of {', '.join(CLOUDS)}.")
    if not (CLOUDS[name].hosts or services):
        raise NotSetUp(
            f"With TEAMS_CLOUD={name}, TEAMS_SERVICE_URLS must say where Teams answers there."
        )
    return CLOUDS[name]


def _elsewhere(cloud: Cloud, given: Callable[[str], str]) -> Cloud:
    """The cloud, with other servers in it than Microsoft's: to test with, or a pilot's."""

    def at(name: str, otherwise: str) -> str:
        return _address(name, given(name)) if given(name) else otherwise

    return replace(
        cloud,
        login=at("TEAMS_LOGIN_URL", cloud.login),
        openid=at("TEAMS_OPENID_URL", cloud.openid),
        graph_url=at("TEAMS_GRAPH_URL", cloud.graph_url),
    )


def _services(given: str) -> tuple[str, ...]:
    parts = (one.strip() for one in given.split(","))
    return tuple(_address("TEAMS_SERVICE_URLS", one) for one in parts if one)


def _address(name: str, url: str) -> str:
    found = _split(url)
    if found is None or found.scheme not in {"https", "http"} or not found.hostname:
        raise NotSetUp(f"{name} must begin with https://, or be left out for Microsoft's own.")
    return url.rstrip("/")


def _split(url: object) -> SplitResult | None:
    if not isinstance(url, str):
        return None
    try:
        found = urlsplit(url)
        _ = found.port  # read here, where what is no number can be refused
    except ValueError:
        return None
    return found


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port
