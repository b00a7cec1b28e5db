"""The fake's keys and login: what the SDK takes, what it refuses, and what is counted."""

from __future__ import annotations

import asyncio
import time

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.apps.auth.token_validator import InboundActivityTokenValidator

from tests.platforms.teams.keys import WRONGS, made
from tests.platforms.teams.login import ASSERTION, BOT, GRAPH
from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def validator(tenant: Tenant) -> InboundActivityTokenValidator:
    cloud = with_overrides(PUBLIC, openid_metadata_url=tenant.keys.metadata_url)
    cloud = with_overrides(cloud, login_endpoint=tenant.login.endpoint)
    return InboundActivityTokenValidator(tenant.app.client_id, cloud)


def validated(validator: InboundActivityTokenValidator, token: str, tenant: Tenant) -> str:
    """How the SDK's own validator takes a token."""
    try:
        asyncio.run(validator.validate_token(token, tenant.service_url))
    except jwt.PyJWTError as no:
        return type(no).__name__
    return "taken"


def test_the_real_token_is_taken_and_the_keys_are_fetched_once(
    tenant: Tenant, validator: InboundActivityTokenValidator
) -> None:
    assert validated(validator, tenant.keys.good(), tenant) == "taken"
    assert validated(validator, tenant.keys.good(), tenant) == "taken"
    assert len(tenant.calls("keys.fetch")) == 1


@pytest.mark.parametrize("how", [one for one in WRONGS if one != "no end"])
def test_a_token_with_one_thing_wrong_is_refused(
    tenant: Tenant, validator: InboundActivityTokenValidator, how: str
) -> None:
    assert validated(validator, tenant.keys.wrong(how), tenant) != "taken"


def test_a_token_without_an_end_is_one_that_the_sdk_takes(
    tenant: Tenant, validator: InboundActivityTokenValidator
) -> None:
    assert validated(validator, tenant.keys.wrong("no end"), tenant) == "taken"


def test_a_new_key_is_found(tenant: Tenant, validator: InboundActivityTokenValidator) -> None:
    validator._service_validator._jwks_client.cooldown_duration = 0  # PyJWT's own is 30 s
    before = tenant.keys.good()
    validated(validator, before, tenant)

    tenant.keys.rotates()

    assert validated(validator, tenant.keys.good(), tenant) == "taken"
    assert validated(validator, before, tenant) == "taken"
    assert len(tenant.calls("keys.fetch")) == 2


def test_the_keys_can_be_slow_or_out_of_reach(tenant: Tenant) -> None:
    keys = tenant.keys.metadata()["jwks_uri"]
    tenant.faults.order("keys.fetch", "slow 0.2", "500 before")

    started = time.monotonic()
    assert httpx2.get(keys).status_code == 200
    assert time.monotonic() - started >= 0.2
    assert httpx2.get(keys).status_code == 500
    assert httpx2.get(tenant.keys.metadata_url).json()["jwks_uri"] == keys


def form(tenant: Tenant, **changed: str) -> dict[str, str]:
    """What our app sends for a token."""
    said = {"grant_type": "client_credentials", "client_id": tenant.app.client_id}
    return said | {"client_secret": tenant.app.secret, "scope": f"{GRAPH}/.default"} | changed


def test_a_token_for_the_secret_says_what_the_app_may(tenant: Tenant) -> None:
    tenant.app.roles = {"Chat.Create"}

    said = httpx2.post(tenant.login.token_url, data=form(tenant)).json()

    claims = tenant.login.check(f"Bearer {said['access_token']}", GRAPH)
    assert (claims["roles"], claims["tid"]) == (["Chat.Create"], tenant.id)
    assert said["expires_in"] == 3599
    assert len(tenant.calls("login.token")) == 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, 7000215),
        ({"client_id": "another"}, 400, 700016),
        ({"grant_type": "password"}, 400, 70003),
        ({"scope": "https://graph.microsoft.com/User.Read"}, 400, 1002012),
        ({"client_assertion": "junk", "client_assertion_type": ASSERTION}, 401, 700027),
    ],
)
def test_the_login_refuses(tenant: Tenant, changed: dict[str, str], status: int, code: int) -> None:
    answer = httpx2.post(tenant.login.token_url, data=form(tenant, **changed))

    assert (answer.status_code, answer.json()["error_codes"]) == (status, [code])


def test_the_login_of_another_tenant(tenant: Tenant) -> None:
    elsewhere = tenant.login.token_url.replace(tenant.id, "another")

    assert httpx2.post(elsewhere, data=form(tenant)).json()["error_codes"] == [90002]


def test_a_token_for_an_assertion_signed_with_the_certificate(tenant: Tenant) -> None:
    key: RSAPrivateKey = made("certificate")
    tenant.app.certificate = key.public_key()
    app, now = tenant.app.client_id, int(tenant.now())
    said = {"aud": tenant.login.token_url, "iss": app, "sub": app, "jti": "1", "exp": now + 60}
    asked = form(tenant, client_assertion_type=ASSERTION)
    del asked["client_secret"]

    asked["client_assertion"] = jwt.encode(said, key, "PS256")
    assert httpx2.post(tenant.login.token_url, data=asked).status_code == 200
    asked["client_assertion"] = jwt.encode(said, made("forger"), "PS256")
    assert httpx2.post(tenant.login.token_url, data=asked).status_code == 401


def test_a_revoked_token_is_good_for_nothing_and_a_new_one_is(tenant: Tenant) -> None:
    old = tenant.login.token()
    tenant.login.revokes()

    with pytest.raises(Exception, match="denied"):
        tenant.login.check(f"Bearer {old}", BOT)
    assert tenant.login.check(f"Bearer {tenant.login.token()}", BOT)["aud"] == BOT
