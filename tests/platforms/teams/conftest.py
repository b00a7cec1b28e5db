"""The fake tenant for every test here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """A tenant."""
    with Tenant() as tenant:
        yield tenant
