"""The keys of the fake's two signers, and the tokens they sign: rightly, and wrongly on purpose."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

if TYPE_CHECKING:
    from tests.platforms.teams.tenant import Tenant

ISSUER = "https://api.botframework.com"
"""Who signs what Teams sends to a bot in the public cloud (documented)."""

LIFETIME = 3600
"""Seconds that a service token is good for (remembered)."""


@cache
def made(name: str) -> RSAPrivateKey:
    """A real RSA key of this name; the same one all through a run, for making one takes long."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signer:
    """Somebody who signs tokens, and publishes the keys by which they are checked."""

    def __init__(self, name: str) -> None:
        self.kid, self.key = f"{name}-1", made(f"{name}-1")
        self._name, self._number = name, 1
        self.published = {self.kid: self.key}

    def rotates(self, *, keep: bool = True) -> None:
        """Sign with a new key from now on; the old one stays published, unless it may not."""
        self._number += 1
        self.kid = f"{self._name}-{self._number}"
        self.key = made(self.kid)
        self.published = (self.published if keep else {}) | {self.kid: self.key}

    def signed(self, claims: dict[str, Any], kid: str | None = None) -> str:
        """A token with these claims, rightly signed, whatever key it says it was signed with."""
        return jwt.encode(claims, self.key, "RS256", {"kid": kid or self.kid})

    def read(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of a token that this signer signed; raises jwt.InvalidTokenError."""
        kid = jwt.get_unverified_header(token).get("kid")
        key = self.published.get(str(kid))
        if key is None:
            raise jwt.InvalidTokenError("signed with no key of ours")
        found: dict[str, Any] = jwt.decode(
            token, key.public_key(), ["RS256"], audience=audience, options={"require": ["exp"]}
        )
        return found

    def shown(self) -> dict[str, Any]:
        """The key set as it is published, endorsed for Teams as Bot Framework's are."""
        found = []
        for kid, key in self.published.items():
            jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
            about = {"kid": kid, "x5t": kid, "use": "sig", "alg": "RS256"}
            found.append(jwk | about | {"endorsements": ["msteams"]})
        return {"keys": found}


class Keys(Signer):
    """Bot Framework's keys, and the service tokens with which Teams knocks at our app."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__("service")
        self.tenant = tenant

    @property
    def metadata_url(self) -> str:
        """What stands in place of login.botframework.com/v1/.well-known/openidconfiguration."""
        return f"{self.tenant.url}/v1/.well-known/openidconfiguration"

    def metadata(self) -> dict[str, Any]:
        """The OpenID configuration."""
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": self.metadata_url.replace("openidconfiguration", "keys"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What a service token says; a claim changed to nothing is left out."""
        now = int(self.tenant.now())
        said = {
            "iss": ISSUER,
            "aud": self.tenant.app.client_id,
            "serviceurl": self.tenant.service_url,
            "nbf": now,
            "exp": now + LIFETIME,
        }
        return {name: one for name, one in (said | changed).items() if one is not None}

    def good(self) -> str:
        """The token that a real activity carries."""
        return self.signed(self.claims())

    def wrong(self, how: str) -> str:
        """A token with one thing wrong with it; WRONGS lists what there is."""
        return WRONGS[how](self)

    def _says(self, **changed: Any) -> str:
        return self.signed(self.claims(**changed))

    def _expired(self) -> str:
        long_ago = int(self.tenant.now()) - 2 * LIFETIME
        return self._says(nbf=long_ago, exp=long_ago + LIFETIME)

    def _not_yet(self) -> str:
        later = int(self.tenant.now()) + LIFETIME
        return self._says(nbf=later, exp=later + LIFETIME)

    def _forged(self) -> str:
        return jwt.encode(self.claims(), made("forger"), "RS256", {"kid": self.kid})

    def _confused(self) -> str:
        """Signed with a secret that everybody knows: the published key, taken for a password."""
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        head = {"alg": "HS256", "typ": "JWT", "kid": self.kid}
        parts = [_part(json.dumps(one).encode()) for one in (head, self.claims())]
        return ".".join([*parts, _part(hmac.digest(public, ".".join(parts).encode(), "sha256"))])

    def _unsigned(self) -> str:
        return jwt.encode(self.claims(), "", "none", {"kid": self.kid})

    def _of_a_tenant(self, tenant_id: str) -> str:
        """As if it came from a tenant's own login: a validator may fetch keys from its path."""
        issuer = f"{self.tenant.login.endpoint}/{tenant_id}/v2.0"
        return jwt.encode(
            self.claims(iss=issuer, tid=tenant_id), made("forger"), "RS256", {"kid": "anything"}
        )


WRONGS: dict[str, Callable[[Keys], str]] = {
    "forged": lambda keys: keys._forged(),
    "expired": lambda keys: keys._expired(),
    "not yet": lambda keys: keys._not_yet(),
    "another audience": lambda keys: keys._says(aud="00000000-0000-4000-8000-00000000dead"),
    "no audience": lambda keys: keys._says(aud=None),
    "another issuer": lambda keys: keys._says(iss="https://sts.example.org/"),
    "another service": lambda keys: keys._says(serviceurl="https://smba.example.org/uk/"),
    "no service": lambda keys: keys._says(serviceurl=None),
    "no end": lambda keys: keys._says(exp=None),
    "unknown key": lambda keys: keys.signed(keys.claims(), "nobody-has-this"),
    "confused": lambda keys: keys._confused(),
    "unsigned": lambda keys: keys._unsigned(),
    "another tenant": lambda keys: keys._of_a_tenant("11111111-0000-4000-8000-000000000000"),
    "climbing tenant": lambda keys: keys._of_a_tenant("../../elsewhere"),
    "junk": lambda _: "eyJhbGciOi.not-a-token",
    "empty": lambda _: "",
}
