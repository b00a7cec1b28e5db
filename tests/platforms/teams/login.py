"""The login server: our app's secret or signed assertion against an access token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt

from tests.platforms.teams.asked import Call, Route, Told
from tests.platforms.teams.keys import Signer
from tests.platforms.teams.refusing import ConnectorRefuses, GraphRefuses, LoginRefuses

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

BOT, GRAPH = "https://api.botframework.com", "https://graph.microsoft.com"
"""The two for whom tokens are issued; a scope is one of them with `/.default` behind it."""

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Login(Signer):
    """The tenant's login. `lifetime` is how many seconds a token is good for."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__("login")
        self.tenant = tenant
        self.lifetime = 3599
        self._issued = self._revoked = 0

    @property
    def endpoint(self) -> str:
        """What stands in place of https://login.microsoftonline.com."""
        return f"{self.tenant.url}/login"

    @property
    def token_url(self) -> str:
        """Where tokens are issued."""
        return f"{self.endpoint}/{self.tenant.id}/oauth2/v2.0/token"

    def token(self, scope: str = f"{BOT}/.default", **changed: Any) -> str:
        """An access token of our app, without asking for it over HTTP."""
        app, now = self.tenant.app, int(self.tenant.now())
        with self.tenant.lock:
            self._issued += 1
            number = self._issued
        audience = scope.removesuffix("/.default")
        said = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self.tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "appid": app.client_id,
            "idtyp": "app",
            "tid": self.tenant.id,
            "uti": str(number),
            "ver": "1.0",
        }
        if audience == GRAPH:
            said["roles"] = sorted(app.roles)
        return self.signed(said | changed)

    def revokes(self) -> None:
        """Let no token be good that was issued until now."""
        self._revoked = self._issued

    def check(self, authorization: str, audience: str) -> dict[str, Any]:
        """The claims of a caller's token."""
        token = authorization.removeprefix("Bearer ").strip()
        try:
            if not authorization.startswith("Bearer "):
                raise jwt.InvalidTokenError("no token")
            claims = self.read(token, audience)
            if int(claims["uti"]) <= self._revoked or claims["appid"] != self.tenant.app.client_id:
                raise jwt.InvalidTokenError("revoked")
        except jwt.InvalidTokenError as no:
            if audience == GRAPH:
                said = "Lifetime validation failed, the token is expired."
                said = said if isinstance(no, jwt.ExpiredSignatureError) else str(no)
                raise GraphRefuses(401, "InvalidAuthenticationToken", said) from no
            raise ConnectorRefuses(
                401, "Unauthorized", "Authorization has been denied for this request."
            ) from no
        return claims

    def discovery(self) -> dict[str, Any]:
        """The OpenID configuration of the tenant."""
        return {
            "issuer": f"{self.endpoint}/{self.tenant.id}/v2.0",
            "token_endpoint": self.token_url,
            "authorization_endpoint": self.token_url.replace("/token", "/authorize"),
            "jwks_uri": f"{self.endpoint}/{self.tenant.id}/discovery/v2.0/keys",
        }


def _token(call: Call) -> Told:
    """Issue a token for client credentials (documented, as are the codes of what it refuses)."""
    login, app, form = call.tenant.login, call.tenant.app, call.body
    if call.at["tenant"] != call.tenant.id:
        raise LoginRefuses(400, "invalid_request", "AADSTS90002: Tenant not found.")
    if form.get("grant_type") != "client_credentials":
        raise LoginRefuses(400, "unsupported_grant_type", "AADSTS70003: Unsupported grant type.")
    if form.get("client_id") != app.client_id:
        raise LoginRefuses(400, "unauthorized_client", "AADSTS700016: Application not found.")
    _check_credential(call)
    scope = str(form.get("scope", ""))
    if scope not in {f"{BOT}/.default", f"{GRAPH}/.default"}:
        raise LoginRefuses(400, "invalid_scope", "AADSTS1002012: The scope is not valid.")
    about = {"token_type": "Bearer", "expires_in": login.lifetime}
    return 200, about | {"ext_expires_in": login.lifetime, "access_token": login.token(scope)}


def _check_credential(call: Call) -> None:
    app, form = call.tenant.app, call.body
    if "client_assertion" in form:
        try:
            if form.get("client_assertion_type") != ASSERTION or app.certificate is None:
                raise jwt.InvalidTokenError
            jwt.decode(
                form["client_assertion"],
                app.certificate,
                ["RS256", "PS256"],
                audience=[call.tenant.login.token_url],
                issuer=app.client_id,
                options={"require": ["exp", "iss", "sub", "jti"]},
            )
        except jwt.InvalidTokenError as no:
            said = "AADSTS700027: The signature of the client assertion failed validation."
            raise LoginRefuses(401, "invalid_client", said) from no
    elif form.get("client_secret") != app.secret:
        raise LoginRefuses(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")


def _keys_of_anybody(call: Call) -> Told:
    """The keys of a tenant's login; asked for another's, it has some as well, and we count."""
    return 200, call.tenant.login.shown()


ROUTES = [
    Route("POST", "/login/{tenant}/oauth2/v2.0/token", "login.token", _token),
    Route(
        "GET",
        "/login/{tenant}/v2.0/.well-known/openid-configuration",
        "login.metadata",
        lambda call: (200, call.tenant.login.discovery()),
    ),
    Route("GET", "/login/{tenant}/discovery/v2.0/keys", "login.keys", _keys_of_anybody),
    Route(
        "GET",
        "/v1/.well-known/openidconfiguration",
        "keys.metadata",
        lambda call: (200, call.tenant.keys.metadata()),
    ),
    Route(
        "GET", "/v1/.well-known/keys", "keys.fetch", lambda call: (200, call.tenant.keys.shown())
    ),
]
