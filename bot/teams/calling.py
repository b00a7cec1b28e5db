"""Asks Teams and Microsoft Graph for something, once, and says plainly what came of it.

Nothing is tried again here but a token that was not taken: the outbox does that, and it looks
first where that can be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from bot.clock import Clock, WallClock
from bot.platform import Undelivered
from bot.teams.connecting import Connection
from bot.teams.tokens import TIME_OUT, Tokens

PAGE = 500
"""Members asked for at once: the most that Teams gives."""

MOST_PAGES = 50
"""Pages after which a list is taken to go round in circles (ours)."""

DEFAULT_WAIT, LONGEST_WAIT = 5.0, 300.0
"""Seconds to wait when Teams says so and not for how long; the most that it is believed (ours)."""

MERGED = 412
"""Somebody else changed the same conversation at that moment: nothing was done."""

LOCKED_OUT = frozenset({"BotDisabledByAdmin", "BotNotRegistered", "InvalidAuthenticationToken"})
NOT_THERE = "ActivityNotFoundInConversation"
"""A message of ours that somebody deleted, or that was kept for long enough."""

WORDS = {
    NOT_THERE: "The message is gone from the chat.",
    "BotDisabledByAdmin": "The tenant's administrator has turned the app off.",
    "BotNotInConversationRoster": "The app was taken out of the chat. Add it again.",
    "BotNotRegistered": "Azure knows no bot of this client id.",
    "ConversationBlockedByUser": "They have blocked the app.",
    "ConversationNotFound": "The chat is gone from Teams.",
    "ForbiddenOperationException": "They have not added the app in Teams.",
    "MemberNotFoundInConversation": "They are not in the chat.",
    "MessageSizeTooBig": "The message is too long for Teams.",
    "MessageWritesBlocked": "They have blocked the app, or removed it.",
}
STRANGE_SERVICE = "Teams gave an address that is none of its own."


class Refused(Undelivered):
    """Teams said no for good; `error` is its own word for why, `status` its HTTP status."""

    def __init__(self, error: str, status: int) -> None:
        said = WORDS.get(error, f"Teams refused it: {error}.")
        super().__init__(said, permanent=True)
        self.error, self.status = error, status


class Calling:
    """One tenant's Teams, as several threads use it."""

    def __init__(self, connection: Connection, clock: Clock | None = None) -> None:
        self.connection, self.clock = connection, clock or WallClock()
        self.http = httpx.Client(timeout=TIME_OUT, follow_redirects=False)
        self.tokens = Tokens(connection, self.http, self.clock)

    def close(self) -> None:
        """Let every connection go."""
        self.http.close()

    def send(self, address: str, service_url: str, activity: dict[str, Any]) -> str:
        """Post an activity in a conversation; Teams' name for it. Raises Undelivered."""
        return _name(self.teams("POST", f"{_in(address)}/activities", service_url, activity))

    def update(self, address: str, service_url: str, name: str, activity: dict[str, Any]) -> None:
        """Put another activity where one of ours stands."""
        path = f"{_in(address)}/activities/{_part(name)}"
        self.teams("PUT", path, service_url, activity | {"id": name})

    def direct(self, account: str, service_url: str) -> str:
        """The conversation between us and one person, begun where there is none."""
        tenant = self.connection.tenant_id
        wanted = {
            "bot": {"id": self.connection.bot},
            "channelData": {"tenant": {"id": tenant}},
            "isGroup": False,
            "members": [{"id": account}],
            "tenantId": tenant,
        }
        try:
            return _name(self.teams("POST", "v3/conversations", service_url, wanted))
        except Undelivered as no:
            if not no.unknown:
                raise
            # The same conversation comes of asking again, so nothing can be there twice.
            raise Undelivered(no.why) from None

    def members(self, address: str, service_url: str) -> list[dict[str, Any]]:
        """Everybody in a conversation."""
        found: list[dict[str, Any]] = []
        more: str | None = None
        for _ in range(MOST_PAGES):
            asked = {"pageSize": PAGE} | ({"continuationToken": more} if more else {})
            page = self.teams("GET", f"{_in(address)}/pagedmembers", service_url, None, **asked)
            found += page.get("members") or []
            more = page.get("continuationToken")
            if not more:
                return found
        raise Undelivered("Teams lists the chat's members without an end.")

    def member(self, address: str, service_url: str, account: str) -> dict[str, Any]:
        """One person in a conversation, with directory id and e-mail."""
        return self.teams("GET", f"{_in(address)}/members/{_part(account)}", service_url)

    def teams(
        self, method: str, path: str, service_url: str, json: Any = None, **query: Any
    ) -> dict[str, Any]:
        """Ask Teams' connector for something; raises Undelivered."""
        if not self.connection.is_service(service_url):
            raise Undelivered(STRANGE_SERVICE, permanent=True)
        url = f"{service_url.rstrip('/')}/{path}"
        return self._asked(self.connection.cloud.bot_scope, method, url, json, query)

    def graph(self, method: str, path: str, json: Any = None, **query: Any) -> dict[str, Any]:
        """Ask Microsoft Graph for something (v1.0); raises Undelivered."""
        cloud = self.connection.cloud
        url = f"{cloud.graph_url}/{path.lstrip('/')}"
        return self._asked(cloud.graph_scope, method, url, json, query)

    def graph_pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Everything that Microsoft Graph lists, page by page."""
        cloud = self.connection.cloud
        found = self.graph("GET", path, **query)
        for _ in range(MOST_PAGES):
            yield from found.get("value") or []
            url = found.get("@odata.nextLink")
            if not url:
                return
            if not str(url).startswith(f"{cloud.graph_url}/"):
                raise Undelivered("Microsoft Graph points to a stranger.", permanent=True)
            found = self._asked(cloud.graph_scope, "GET", str(url), None, {})
        raise Undelivered("Microsoft Graph lists without an end.")

    def _asked(
        self, scope: str, method: str, url: str, json: Any, query: dict[str, Any]
    ) -> dict[str, Any]:
        answer = self._answered(scope, method, url, json, query)
        if answer.is_success:
            return _document(answer, method)
        no = self._read(answer, method)
        no.spares_others = no.wait is not None and scope == self.connection.cloud.graph_scope
        raise no  # Graph's pace is not the connector's, where messages go

    def _answered(
        self, scope: str, method: str, url: str, json: Any, query: dict[str, Any]
    ) -> httpx.Response:
        """The answer. A token that is not taken is asked for anew once: nothing was done then."""
        token = self.tokens.token(scope)
        answer = self._once(token, method, url, json, query)
        if answer.status_code == 401:
            self.tokens.forget(scope, token)
            answer = self._once(self.tokens.token(scope), method, url, json, query)
        return answer

    def _once(
        self, token: str, method: str, url: str, json: Any, query: dict[str, Any]
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            return self.http.request(method, url, json=json, params=query or None, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Undelivered("Teams cannot be reached.") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise _unanswered("Teams did not answer.", method) from None

    def _read(self, answer: httpx.Response, method: str) -> Undelivered:
        status, error = answer.status_code, _error(answer)
        if status == 429 or (status == 503 and "retry-after" in answer.headers):
            return Undelivered("Teams asks us to wait.", wait=self._wait(answer))
        if status == MERGED:
            return Undelivered("Teams was busy with the same chat.")
        if status == 408 or status >= 500:
            return _unanswered("Teams did not say whether it was done.", method)
        if status == 401 or error in LOCKED_OUT:
            return Undelivered("Teams does not know the app any more.", locked_out=True)
        return Refused(error or str(status), status)

    def _wait(self, answer: httpx.Response) -> timedelta:
        """How long nothing more is welcome: seconds, or a moment, as HTTP has it."""
        told = answer.headers.get("retry-after", "")
        try:
            seconds = float(told)
        except ValueError:
            try:
                moment = parsedate_to_datetime(told)
                seconds = (moment - self.clock.now()).total_seconds()
            except (TypeError, ValueError):
                seconds = DEFAULT_WAIT
        if not seconds >= 0:
            seconds = DEFAULT_WAIT
        return timedelta(seconds=min(seconds, LONGEST_WAIT))


def _unanswered(why: str, method: str) -> Undelivered:
    """Only what makes something new may be there twice: all else can be asked for again."""
    return Undelivered(why, unknown=method == "POST")


def _document(answer: httpx.Response, method: str) -> dict[str, Any]:
    if not answer.content:
        return {}
    try:
        found = answer.json()
    except ValueError:
        raise _unanswered("Teams answered something that cannot be read.", method) from None
    return found if isinstance(found, dict) else {}


def _name(found: dict[str, Any]) -> str:
    name = found.get("id")
    if not isinstance(name, str) or not name:
        raise Undelivered("Teams took it and gave it no name.", unknown=True)
    return name


def _error(answer: httpx.Response) -> str:
    """Teams' or Graph's own word for what is wrong; never its sentence, which may hold names."""
    try:
        said = answer.json()["error"]
        inner = said.get("innerHttpError", {}).get("body", {}).get("error", {})
        word = said.get("subCode") or inner.get("subCode") or said.get("code") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return word if isinstance(word, str) and word.isalnum() and len(word) < 60 else ""


def _in(address: str) -> str:
    return f"v3/conversations/{_part(address)}"


def _part(name: str) -> str:
    return quote(name, safe="")
