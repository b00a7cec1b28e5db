"""Teams' address as it is served, with doors of a test's own behind it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from bot.app import assemble
from bot.clock import WallClock
from bot.configuring import read_policy
from bot.running import listen, served
from bot.teams.connecting import ADDRESS, Connection, connection
from bot.teams.knocking import routes
from bot.teams.listening import Activity, Answer, Listening, Work
from bot.web.app import web_app
from storage.database import Database
from tests.platforms.teams.tenant import Tenant

CARD = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": [None]}
TASK = {"task": {"type": "message", "value": "Done."}}


def settings(tenant: Tenant, **more: str) -> dict[str, str]:
    """The environment of an assistant in this tenant."""
    return {
        "TEAMS_CLIENT_ID": tenant.app.client_id,
        "TEAMS_TENANT_ID": tenant.id,
        "TEAMS_CLIENT_SECRET": tenant.app.secret,
        "TEAMS_APP_ID": tenant.app.external_id,
        "TEAMS_LOGIN_URL": tenant.login.endpoint,
        "TEAMS_OPENID_URL": tenant.keys.metadata_url,
        "TEAMS_GRAPH_URL": tenant.graph_url,
        "TEAMS_SERVICE_URLS": tenant.service_url,
    } | more


def joined(tenant: Tenant, **more: str) -> Connection:
    """The connection that they describe."""
    found = connection(settings(tenant, **more))
    assert found is not None
    return found


@dataclass
class Recorder:
    """Doors that write down what came, and do what a test wants of them.

    `does` is called with the name of the door before it answers.
    """

    does: Callable[[str], Any] = lambda name: None
    came: list[tuple[str, Activity]] = field(default_factory=list)
    afterwards: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    told_late: list[Answer | None] = field(default_factory=list)

    def _took(self, name: str, activity: Activity) -> None:
        self.came.append((name, activity))
        self.does(name)

    def message(self, activity: Activity) -> Work | None:
        self._took("message", activity)
        return lambda: self.afterwards.append(activity["id"])

    def happened(self, activity: Activity) -> Work | None:
        self._took("happened", activity)
        return None

    def pressed(self, activity: Activity) -> Answer:
        self._took("pressed", activity)
        return CARD

    def dialog(self, activity: Activity) -> Answer:
        self._took("dialog", activity)
        return TASK

    def given(self, activity: Activity) -> Answer:
        self._took("given", activity)
        return TASK

    def from_message(self, activity: Activity) -> Answer:
        self._took("from_message", activity)
        return TASK

    def from_message_given(self, activity: Activity) -> Answer:
        self._took("from_message_given", activity)
        return TASK

    def searched(self, activity: Activity) -> Answer:
        self._took("searched", activity)
        return CARD

    def is_kept(self, activity: Activity) -> bool:
        return activity["id"] in self.kept

    def late(self, activity: Activity, answer: Answer | None) -> None:
        self.told_late.append(answer)


@dataclass
class Porch:
    """The assistant's port, seen from Teams."""

    tenant: Tenant
    doors: Recorder
    listening: Listening
    port: int

    def activity(self, kind: str = "message", **more: Any) -> Activity:
        """What Teams sends: a person of the tenant, in a chat."""
        return {
            "type": kind,
            "id": "1700000000000",
            "channelId": "msteams",
            "serviceUrl": self.tenant.service_url,
            "from": {"id": "29:asha", "aadObjectId": "a" * 8},
            "recipient": {"id": self.tenant.app.mri},
            "conversation": {"id": "19:room@thread.v2", "tenantId": self.tenant.id},
            "channelData": {"tenant": {"id": self.tenant.id}},
        } | more

    def send(
        self, activity: Any = None, token: str | None = None, timeout: float = 20.0
    ) -> tuple[int, Any]:
        """Post an activity, rightly signed unless another token is given; status and body."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity or self.activity())
        token = self.tenant.keys.good() if token is None else token
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return self.ask("POST", ADDRESS, body, headers, timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        timeout: float = 20.0,
    ) -> tuple[int, Any]:
        """Ask for anything."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            raw = answer.read()
        finally:
            line.close()
        if answer.headers.get_content_type() == "application/json":
            return answer.status, json.loads(raw)
        return answer.status, raw.decode()


@contextmanager
def porch(tenant: Tenant, database: Database) -> Iterator[Porch]:
    """The whole application with its health page, as `taf serve` serves it."""
    doors = Recorder()
    listening = Listening(doors)
    assistant = assemble(read_policy(None), database, WallClock())
    app = web_app(assistant, practice=None, more=[routes(listening, joined(tenant))])
    port = listen("127.0.0.1", 0)
    with served(app, port, threading.Event()):
        yield Porch(tenant, doors, listening, port.getsockname()[1])
