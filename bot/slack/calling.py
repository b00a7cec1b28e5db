"""Asks Slack for something, once, and says plainly what came of it.

Nothing is tried again here: the outbox does that, and it looks first (Slack's own client posts
twice where an answer is lost).
"""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.platform import Undelivered
from bot.slack.connecting import Connection

logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # it would log whole messages

TIME_OUT = 10
"""Seconds to wait for an answer; afterwards nobody knows what became of it."""

TIERS = {
    **dict.fromkeys(("conversations.create", "conversations.archive", "conversations.list"), 20),
    **dict.fromkeys(("conversations.setTopic", "conversations.setPurpose"), 20),
    **dict.fromkeys(("conversations.rename", "pins.add"), 20),
    **dict.fromkeys(("conversations.invite", "conversations.kick", "conversations.info"), 50),
    **dict.fromkeys(("conversations.history", "conversations.open", "chat.update"), 50),
    **dict.fromkeys(("users.lookupByEmail",), 50),
    **dict.fromkeys(("conversations.members",), 100),
}
"""How often a minute a workspace takes what the outbox asks (Slack's rate limits, tiers 2 to 4).

What somebody waits for in front of a screen is never held up here: Slack says when to wait.
"""

DEFAULT_WAIT, LONGEST_WAIT = 30.0, 3600.0
"""Seconds to wait when Slack says so and not for how long; the most that it is believed (ours)."""

BURST = 15.0
"""Seconds of a method's tier that may be used at once (ours): a quarter of its minute."""

POSTING = "chat.postMessage"
"""What Slack says of its pace is said of a channel or of the whole workspace, not of the method."""

PATIENCE = 15.0
"""Seconds for which somebody in front of a screen is worth waiting for Slack's pace."""

LOCKED_OUT = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
UNSURE = frozenset({"fatal_error", "internal_error", "service_unavailable"})
"""Some of it may have been done, says Slack: so it is looked for before it is done again."""

ASKS_ONLY = frozenset(
    {
        "auth.test",
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.open",  # opened twice, it is the same conversation
        "users.info",
        "users.lookupByEmail",
    }
)
"""What changes nothing, however often it is asked."""

NOT_SAID = "Slack did not say whether it was done."
WORD = re.compile(r"[a-z0-9_]{1,60}")
"""What Slack's own names of errors look like."""

LATER = frozenset({"request_timeout", "team_added_to_org", "accesslimited"})

WORDS = {
    "cant_invite": "Slack does not let them be invited.",
    "cant_update_message": "The message is not the app's any more.",
    "channel_not_found": "The channel is gone from Slack, or the app was taken out of it.",
    "invalid_blocks": "Slack did not take the message as it is laid out.",
    "is_archived": "The channel was archived in Slack.",
    "message_not_found": "The message is gone from the channel.",
    "missing_scope": "The app lacks a permission. Install it again from `taf slack manifest`.",
    "msg_blocks_too_long": "The message is too long for Slack.",
    "msg_too_long": "The message is too long for Slack.",
    "not_in_channel": "The app was taken out of the channel. Invite it again.",
    "restricted_action": "The workspace's settings do not let the app do this.",
    "ura_max_channels": "They are a guest, and may be in one channel only.",
    "user_disabled": "Their Slack account is closed.",
    "user_is_restricted": "They are a guest, and may not be invited.",
    "user_not_found": "They are not in this Slack workspace.",
}


class Refused(Undelivered):
    """Slack said no for good; `error` is its own word for why, `needed` a permission we lack."""

    def __init__(self, error: str, needed: str = "") -> None:
        said = WORDS.get(error, f"Slack refused it: {error}.")
        super().__init__(said, permanent=True)
        self.error, self.needed = error, needed


class OfAnOrganisation(Undelivered):
    """The app belongs to a whole organisation (Enterprise Grid): nothing is done there."""

    def __init__(self) -> None:
        super().__init__(
            "The app on Slack is installed for a whole organisation. Install it in the one"
            " workspace that the partnership works in, and give that bot token.",
            locked_out=True,
        )


class Calling:
    """One workspace's Web API, as several threads use it."""

    def __init__(self, connection: Connection, tiers: Mapping[str, int] | None = None) -> None:
        self.connection = connection
        self.tiers = TIERS if tiers is None else tiers
        self.client = WebClient(
            connection.bot_token,
            base_url=connection.api_url,
            timeout=TIME_OUT,
            retry_handlers=[],
        )
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}
        self._ourselves: dict[str, Any] | None = None

    def ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method, once; raises Undelivered."""
        return dict(self.answer(method, **arguments).data)  # type: ignore[arg-type]

    def answer(self, method: str, **arguments: Any) -> SlackResponse:
        """The same, and the answer as it came, with its headers.

        Where a question gets no answer nothing was done, and nothing is in doubt.
        """
        try:
            return self._asked(method, arguments)
        except Undelivered as no:
            if no.unknown and method in ASKS_ONLY:
                raise Undelivered(no.why) from None
            raise

    def _asked(self, method: str, arguments: Mapping[str, Any]) -> SlackResponse:
        self._keep_to_its_tier(method)
        given = {
            name: json.dumps(value) if isinstance(value, dict | list) else value
            for name, value in arguments.items()
            if value is not None
        }
        try:
            # As a form in the body: reading methods take no JSON, and an address may be logged.
            answer = self.client.api_call(method, data=given)
        except SlackApiError as error:
            raise self._heeded(method, _read(error)) from None
        except (URLError, OSError, HTTPException, SlackClientError) as error:
            raise _broken(error) from None
        except (ValueError, AttributeError):  # the client expects an object, whatever came
            raise Undelivered(NOT_SAID, unknown=True) from None
        if not isinstance(answer.data, dict):
            raise Undelivered(NOT_SAID, unknown=True)
        return answer

    def show(self, method: str, **arguments: Any) -> None:
        """Show something to whoever waits for it, as soon as Slack lets us; raises Undelivered."""
        self._waited_for(method, **arguments)

    def _waited_for(self, method: str, **arguments: Any) -> dict[str, Any]:
        gives_up = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(method, **arguments)
            except Undelivered as no:
                seconds = no.wait.total_seconds() if no.wait is not None else None
                if seconds is None or time.monotonic() + seconds > gives_up:
                    raise
                time.sleep(seconds)

    def pages(self, method: str, holds: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Everything that a method lists, page by page; of what goes on, the next is waited for."""
        cursor, ask = None, self.ask
        while True:
            found = ask(method, cursor=cursor, **arguments)
            yield from found.get(holds, ())
            cursor = (found.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            ask = self._waited_for

    @property
    def ourselves(self) -> dict[str, Any]:
        """Who we are over there: `user_id`, `bot_id`, `team_id`; raises Undelivered."""
        if self._ourselves is None:
            self._ourselves = self.ask("auth.test")
        if self._ourselves.get("is_enterprise_install"):
            raise OfAnOrganisation
        return self._ourselves

    def _keep_to_its_tier(self, method: str) -> None:
        """Refuse, before Slack does, what it would take of a method a little later only."""
        per_minute, now = self.tiers.get(method), time.monotonic()
        gap = 60 / per_minute if per_minute else 0.0
        with self._lock:
            free = max(self._free.get(method, 0.0), now - BURST)
            wait = free + gap - now
            if wait > 0:
                pause = timedelta(seconds=wait)
                raise Undelivered("Slack's pace.", wait=pause, spares_others=True)
            self._free[method] = free + gap

    def _heeded(self, method: str, no: Undelivered) -> Undelivered:
        """What Slack said; where it asks us to wait with a method, nobody calls that until then."""
        if no.wait is not None and method != POSTING:
            no.spares_others = True
            until = time.monotonic() + no.wait.total_seconds()
            with self._lock:
                self._free[method] = max(until, self._free.get(method, 0.0))
        return no


def _read(error: SlackApiError) -> Undelivered:
    answer: Any = error.response
    status = getattr(answer, "status_code", 200)
    data = getattr(answer, "data", None)
    said = data.get("error") if isinstance(data, dict) else None
    # Of what is not Slack's own (a proxy's page, say) the client makes an error of its own words.
    name = said if isinstance(said, str) and WORD.fullmatch(said) else ""
    if status == 429 or name in {"ratelimited", "rate_limited"}:
        headers = {key.lower(): value for key, value in (answer.headers or {}).items()}
        return Undelivered("Slack asks us to wait.", wait=_wait(str(headers.get("retry-after"))))
    if name in LOCKED_OUT:
        return Undelivered("Slack does not know the app any more.", locked_out=True)
    if status >= 500 or name in UNSURE or not name:
        return Undelivered(NOT_SAID, unknown=True)
    if name in LATER:
        return Undelivered("Slack asks us to try again.")
    return Refused(name, str(data.get("needed") or "") if isinstance(data, dict) else "")


def _wait(told: str) -> timedelta:
    """How long nothing more is welcome, whatever was said."""
    try:
        seconds = float(told)
    except ValueError:
        seconds = DEFAULT_WAIT
    if not seconds >= 0:
        seconds = DEFAULT_WAIT
    return timedelta(seconds=min(seconds, LONGEST_WAIT))


def _broken(error: Exception) -> Undelivered:
    """Nothing was taken where nobody was reached; otherwise nobody knows."""
    reason = error.reason if isinstance(error, URLError) else error
    unreached = isinstance(reason, ConnectionRefusedError | socket.gaierror)
    if unreached:
        return Undelivered("Slack cannot be reached.")
    return Undelivered("Slack did not answer.", unknown=True)
