"""Signs us in with Microsoft: a token for each thing we ask of it, kept while it is good."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.clock import Clock, WallClock
from bot.platform import Undelivered
from bot.teams.connecting import SYSTEM, Connection

TIME_OUT = 10.0
"""Seconds to wait for an answer; afterwards nobody knows what became of it."""

EARLY = 300.0
"""Seconds before a token runs out at which a new one is asked for (as Microsoft's libraries do)."""

PROOF_LASTS = timedelta(minutes=5)
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

SAYS = {
    "AADSTS7000215": "Microsoft does not take the client secret: it is another one, or its id.",
    "AADSTS7000222": "The client secret has run out.",
    "AADSTS700016": "Microsoft knows no app of this client id in the tenant.",
    "AADSTS700027": "Microsoft does not know the certificate.",
    "AADSTS700021": "Microsoft does not take the managed identity for this app.",
    "AADSTS90002": "Microsoft knows no tenant of this id.",
}
"""Entra's own numbers for what is wrong with a sign-in, in words."""


class _Quiet(logging.Filter):
    """httpx says of every request where it went, and that may name a conversation."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


for _name in ("httpx", "httpcore"):
    # A filter, since the SDK sets the level back to where everything is logged.
    logging.getLogger(_name).addFilter(_Quiet())


class NotSignedIn(Undelivered):
    """Microsoft gives us no token; `error` is its own word for why."""

    def __init__(self, error: str) -> None:
        said = SAYS.get(error, f"Microsoft does not sign the app in: {error}.")
        super().__init__(said, locked_out=True)
        self.error = error


class Tokens:
    """One app's tokens, as several threads use them."""

    def __init__(self, to: Connection, http: httpx.Client, clock: Clock | None = None) -> None:
        self.to, self.http, self.clock = to, http, clock or WallClock()
        self._kept: dict[str, tuple[str, float]] = {}
        self._failed: dict[str, tuple[Undelivered, float]] = {}
        self._asking: dict[str, threading.Lock] = {}

    def token(self, scope: str) -> str:
        """A token for this, kept until shortly before it runs out; raises Undelivered."""
        return self._good(scope) or self._new(scope)

    def _good(self, scope: str) -> str:
        token, until = self._kept.get(scope, ("", 0.0))
        return token if time.monotonic() < until else ""

    def _new(self, scope: str) -> str:
        """Asked for by one thread; the others wait for what comes of it, and not for ever."""
        since, asking = time.monotonic(), self._asking.setdefault(scope, threading.Lock())
        if not asking.acquire(timeout=TIME_OUT):
            raise Undelivered("Microsoft's sign-in is slow.")
        try:
            token = self._good(scope)
            no, at = self._failed.get(scope, (None, 0.0))
            if not token and no is not None and at > since:
                raise no.with_traceback(None)
            return token or self._asked_and_kept(scope)
        finally:
            asking.release()

    def _asked_and_kept(self, scope: str) -> str:
        try:
            token, seconds = self._asked(scope)
        except Undelivered as no:
            self._failed[scope] = no, time.monotonic()
            raise
        self._kept[scope] = token, time.monotonic() + max(seconds - EARLY, seconds / 2)
        return token

    def forget(self, scope: str, token: str) -> None:
        """Ask for another next time: this one was not taken."""
        if self._kept.get(scope, ("", 0.0))[0] == token:
            self._kept.pop(scope, None)

    def _asked(self, scope: str) -> tuple[str, float]:
        identity = self.to.identity.lower()
        if identity and identity == self.to.client_id:
            return of_identity(identity, scope.removesuffix("/.default"))
        proof = self._proof()
        url = f"{self.to.cloud.login}/{self.to.tenant_id}/oauth2/v2.0/token"
        form = {"client_id": self.to.client_id, "grant_type": "client_credentials", "scope": scope}
        try:
            answer = self.http.post(url, data=form | proof)
        except httpx.HTTPError:
            raise Undelivered("Microsoft's sign-in cannot be reached.") from None
        return _read(answer)

    def _proof(self) -> dict[str, str]:
        """How we show who we are."""
        if self.to.secret:
            return {"client_secret": self.to.secret}
        if self.to.identity:
            signed, _ = of_identity(self.to.identity.lower(), self.to.cloud.exchange)
        else:
            signed = self._signed()
        return {"client_assertion_type": BEARER, "client_assertion": signed}

    def _signed(self) -> str:
        """A statement of ours, signed with the certificate's key (Entra's client assertion)."""
        import jwt  # noqa: PLC0415  only whoever has a certificate waits for these to load
        from cryptography import x509  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

        pem = Path(self.to.certificate).read_bytes()
        found = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
        thumb = base64.urlsafe_b64encode(found.fingerprint(SHA256())).decode().rstrip("=")
        now, us = self.clock.now(), self.to.client_id
        claims = {
            "aud": f"{self.to.cloud.login}/{self.to.tenant_id}/oauth2/v2.0/token",
            "exp": now + PROOF_LASTS,
            "iss": us,
            "jti": str(uuid.uuid4()),
            "nbf": now,
            "sub": us,
        }
        key = pem[pem.index(b"-----BEGIN", _key_at(pem)) :]
        return jwt.encode(claims, key, "PS256", {"x5t#S256": thumb})


def _key_at(pem: bytes) -> int:
    """Where the private key begins: a certificate may stand before or behind it."""
    at = pem.index(b"PRIVATE KEY-----")
    return pem.rindex(b"-----BEGIN", 0, at)


def _read(answer: httpx.Response) -> tuple[str, float]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    told: Mapping[str, Any] = found if isinstance(found, dict) else {}
    if answer.status_code == 200 and told.get("access_token"):
        return str(told["access_token"]), float(told.get("expires_in", 3600))
    if answer.status_code == 429 or answer.status_code >= 500 or not told:
        raise Undelivered("Microsoft's sign-in asks us to try again.")
    number = str(told.get("error_description", "")).partition(":")[0]
    known = number.startswith("AADSTS") and number.isalnum()
    raise NotSignedIn(number if known else str(told.get("error", "it says nothing"))[:60])


def of_identity(identity: str, resource: str) -> tuple[str, float]:
    """A token of the machine's managed identity; raises Undelivered."""
    import msal  # noqa: PLC0415  only where there is such an identity
    import requests  # noqa: PLC0415

    class InTime(requests.Session):
        """The library waits for ever."""

        def request(self, *args: Any, **options: Any) -> requests.Response:
            return super().request(*args, **{"timeout": TIME_OUT} | options)

    whose: Any = msal.SystemAssignedManagedIdentity()
    if identity != SYSTEM:
        whose = msal.UserAssignedManagedIdentity(client_id=identity)
    try:
        with InTime() as http:
            asking = msal.ManagedIdentityClient(whose, http_client=http)
            found = asking.acquire_token_for_client(resource=resource)
    except (requests.RequestException, ValueError, msal.ManagedIdentityError):
        raise Undelivered("The machine's managed identity does not answer.") from None
    if "access_token" not in found:
        raise NotSignedIn("managed_identity")
    return str(found["access_token"]), float(found.get("expires_in", 3600))


def roles(token: str) -> frozenset[str]:
    """The permissions that stand in a token of ours; it was given to us, and is not checked."""
    try:
        middle = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return frozenset()
    said = found.get("roles") if isinstance(found, dict) else None
    return frozenset(map(str, said)) if isinstance(said, list) else frozenset()
