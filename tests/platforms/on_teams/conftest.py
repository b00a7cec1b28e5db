"""The fake tenant, and the assistant's porch in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests.platforms.on_teams.porch import Porch, porch
from tests.platforms.teams.tenant import Tenant


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """A tenant of Microsoft's."""
    with Tenant() as found:
        yield found


@pytest.fixture
def place(tenant: Tenant, file: Database) -> Iterator[Porch]:
    """The assistant as Teams reaches it."""
    with porch(tenant, file) as found:
        yield found
