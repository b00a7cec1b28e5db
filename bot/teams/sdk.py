"""Microsoft's SDK for Teams, loaded without what it does on the side."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

NO_FILE = "PYTHON_DOTENV_DISABLED"


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Loading it would read a .env file into our settings, and warn of parts we do not use."""
    before = os.environ.get(NO_FILE)
    os.environ[NO_FILE] = "true"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            del os.environ[NO_FILE]
        else:
            os.environ[NO_FILE] = before


with _undisturbed():
    from microsoft_teams.api import TokenCredentials
    from microsoft_teams.api.auth.cloud_environment import CloudEnvironment, from_name
    from microsoft_teams.apps import HttpServer, HttpServerAdapter
    from microsoft_teams.apps.events import ActivityEvent
    from microsoft_teams.apps.http.adapter import HttpRequest, HttpResponse, HttpRouteHandler

logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)  # it would log what was sent

__all__ = [
    "ActivityEvent",
    "CloudEnvironment",
    "HttpRequest",
    "HttpResponse",
    "HttpRouteHandler",
    "HttpServer",
    "HttpServerAdapter",
    "TokenCredentials",
    "from_name",
]
