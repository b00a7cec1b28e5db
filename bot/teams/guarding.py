"""Says of what knocks at Teams' address whether it comes from Teams, and from our tenant."""

from __future__ import annotations

from typing import Any

import jwt

from bot.teams.connecting import Connection
from bot.teams.keys import CHANNEL, Keys

LEEWAY = 300
"""Seconds that two clocks may be apart (as in the SDK)."""

LONGEST = 8_192
"""Letters of a token, beyond which it is none of Teams'."""


class Turned(Exception):
    """It goes no further: `status` is answered, `why` is written in the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


Claims = dict[str, Any]
Activity = dict[str, Any]


class Guard:
    """Looks at tokens, and at what comes with them, for one connection."""

    def __init__(self, to: Connection) -> None:
        self.to, self.keys = to, Keys(to.cloud.keys)

    async def claims(self, authorization: str) -> Claims:
        """What Teams states in this token, which it signed just now for us; raises Turned.

        Source: Bot Connector authentication, steps 1 to 6 (issuer, audience, time, signature,
        endorsement; the service URL is compared with the activity's by `look_at`).
        """
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not 0 < len(token) <= LONGEST:
            raise Turned(401, "no_token")
        try:
            head = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise Turned(401, "no_token") from None
        kid = head.get("kid")
        if head.get("alg") != "RS256" or not isinstance(kid, str) or "crit" in head:
            raise Turned(401, "no_token")
        key = await self.keys.find(kid)
        if key is None:
            raise Turned(401, "unknown_key")
        return self._stated(token, key)

    def _stated(self, token: str, key: jwt.PyJWK) -> Claims:
        try:
            found: Claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self.to.client_id,
                issuer=self.to.cloud.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise Turned(401, _why(error)) from None
        if not self.to.is_service(found.get("serviceurl")):
            raise Turned(401, "strange_service")
        return found

    def look_at(self, activity: Activity, claims: Claims) -> None:
        """Whether the activity is what its token speaks of, from our tenant; raises Turned."""
        url = activity.get("serviceUrl")
        if not isinstance(url, str) or url.rstrip("/") != claims["serviceurl"].rstrip("/"):
            raise Turned(401, "other_service")
        if activity.get("channelId") != CHANNEL:
            raise Turned(403, "other_channel")
        tenants = tenants_of(activity)
        if not tenants or tenants != {self.to.tenant_id}:
            raise Turned(403, "other_tenant")


def tenants_of(activity: Activity) -> set[str]:
    """The tenants that an activity names; one that cannot be read is a tenant of its own."""
    data, chat = activity.get("channelData"), activity.get("conversation")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = [tenant.get("id")] if isinstance(tenant, dict) else []
    named.append(chat.get("tenantId") if isinstance(chat, dict) else None)
    return {str(one).lower() for one in named if one is not None}


def _why(error: jwt.PyJWTError) -> str:
    for kind, why in REASONS.items():
        if isinstance(error, kind):
            return why
    return "not_signed"


REASONS: dict[type[jwt.PyJWTError], str] = {
    jwt.ExpiredSignatureError: "out_of_date",
    jwt.ImmatureSignatureError: "not_yet",
    jwt.InvalidAudienceError: "other_audience",
    jwt.InvalidIssuerError: "other_issuer",
}
