"""Microsoft's clouds: where each one signs in, signs its requests and answers for Teams."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cloud:
    """One of Microsoft's clouds.

    `login`, `openid` and `graph_url` are addresses; `graph` is whom a token for Graph is for, and
    `issuer` who signs what Teams sends us; `hosts` are the only ones on which Teams answers bots,
    `service` the address among them that is used until Teams has told us a nearer one.
    """

    login: str
    openid: str
    issuer: str
    bot_scope: str
    graph: str
    graph_url: str
    exchange: str
    hosts: frozenset[str]
    service: str

    @property
    def keys(self) -> str:
        """Where the keys are with which Teams signs: beside the document that names them."""
        return f"{self.openid.removesuffix('/openidconfiguration')}/keys"

    @property
    def graph_scope(self) -> str:
        """What a token for Microsoft Graph is asked for."""
        return f"{self.graph}/.default"


WORLD = "smba.trafficmanager.net"
GCC = "smba.infra.gcc.teams.microsoft.com"
USA = "smba.infra.gov.teams.microsoft.us"
DOD = "smba.infra.dod.teams.microsoft.us"

CLOUDS = {
    "Public": Cloud(
        login="https://login.microsoftonline.com",
        openid="https://login.botframework.com/v1/.well-known/openidconfiguration",
        issuer="https://api.botframework.com",
        bot_scope="https://api.botframework.com/.default",
        graph="https://graph.microsoft.com",
        graph_url="https://graph.microsoft.com/v1.0",
        exchange="api://AzureADTokenExchange",
        hosts=frozenset({WORLD, GCC}),
        service=f"https://{WORLD}/teams",
    ),
    "USGov": Cloud(
        login="https://login.microsoftonline.us",
        openid="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        issuer="https://api.botframework.us",
        bot_scope="https://api.botframework.us/.default",
        graph="https://graph.microsoft.us",
        graph_url="https://graph.microsoft.us/v1.0",
        exchange="api://AzureADTokenExchangeUSGov",
        hosts=frozenset({USA}),
        service=f"https://{USA}/teams",
    ),
    "USGovDoD": Cloud(
        login="https://login.microsoftonline.us",
        openid="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        issuer="https://api.botframework.us",
        bot_scope="https://api.botframework.us/.default",
        graph="https://dod-graph.microsoft.us",
        graph_url="https://dod-graph.microsoft.us/v1.0",
        exchange="api://AzureADTokenExchangeUSGov",
        hosts=frozenset({DOD}),
        service=f"https://{DOD}/teams",
    ),
    "China": Cloud(
        login="https://login.partner.microsoftonline.cn",
        openid="https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
        issuer="https://api.botframework.azure.cn",
        bot_scope="https://api.botframework.azure.cn/.default",
        graph="https://microsoftgraph.chinacloudapi.cn",
        graph_url="https://microsoftgraph.chinacloudapi.cn/v1.0",
        exchange="api://AzureADTokenExchangeChina",
        hosts=frozenset(),
        service="",
    ),
}
"""By the name in TEAMS_CLOUD; GCC is in Public, with a host of its own.

The addresses are those of the SDK (a test compares them), the hosts those on which Microsoft's
other libraries let a bot answer. None is published for China: TEAMS_SERVICE_URLS must say it.
"""
