"""Hears what Slack tells us, keeps it, acknowledges it in time, and then does it.

Over HTTP and over a socket the same listeners: one for each kind of thing, however many commands.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.reaching import read_reach
from bot.commands import COMMANDS
from bot.gathering import Gathering
from bot.slack import blocks
from bot.slack.calling import Calling
from bot.slack.dialogs import GIVEN
from bot.slack.doors import Doors, Outcome
from bot.slack.showing import PAGE, REACH
from storage.inbox import Arrival

log = logging.getLogger(__name__)
_muted = logging.getLogger(f"{__name__}.bolt")
_muted.setLevel(logging.CRITICAL)  # it would log whole bodies

IN_TIME = 2.2
"""Seconds after which a form is acknowledged although it is not done: Slack gives up after 3."""

OPENING = 2
"""Seconds that opening a window may take: its trigger is good for 3."""

HANDS = 8
LATER = 4
"""Hands for presses that were acknowledged: many at once leave time, and the others, to whoever
waits in front of a screen."""

Result = TypeVar("Result")
Body = Mapping[str, Any]


@dataclass
class Listening:
    """One process's ears: bolt's listeners, and the threads in which the work is done."""

    calling: Calling
    doors: Doors
    bolt: AsyncApp = field(init=False)
    client: AsyncWebClient = field(init=False)

    def __post_init__(self) -> None:
        """Hear every kind of thing; what we have no use for is acknowledged and forgotten."""
        connection = self.calling.connection
        self.client = AsyncWebClient(
            connection.bot_token, base_url=connection.api_url, timeout=OPENING, retry_handlers=[]
        )
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="slack")
        self._later = ThreadPoolExecutor(LATER, thread_name_prefix="slack-later")
        self._under_way: set[asyncio.Future[Any]] = set()

        self._gathering = Gathering(self.doors.arriving.assistant.inbox)
        self._us: AuthorizeResult | None = None

        async def ourselves() -> AuthorizeResult:  # bolt reads its parameters' names
            return self._us or await self._ourselves()

        self.bolt = AsyncApp(
            logger=_muted,
            client=self.client,
            authorize=ourselves,
            request_verification_enabled=False,  # the route does it, over the raw body
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,  # we have no steps in Slack's workflows
            process_before_response=True,
            raise_error_for_unhandled_request=False,
        )
        everything = _anything()
        self.bolt.action(everything)(self._pressed)
        self.bolt.event(everything)(self._event)
        self.bolt.view_submission(everything)(self._sent_off)
        self.bolt.view_closed(everything)(self._closed)
        self.bolt.options(everything)(self._searched)
        self.bolt.command("/taf")(self._typed)
        self.bolt.shortcut(everything)(self._shortcut)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    async def stop(self) -> None:
        """Finish what is under way."""
        await self._gathering.stop()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)
        self._pool.shutdown(wait=False)
        self._later.shutdown(wait=False)

    async def _ourselves(self) -> AuthorizeResult:
        us = await self._in_a_thread(lambda: self.calling.ourselves)
        self._us = AuthorizeResult(
            enterprise_id=None,
            team_id=us.get("team_id"),
            bot_user_id=us.get("user_id"),
            bot_id=us.get("bot_id"),
            bot_token=self.calling.connection.bot_token,
        )
        return self._us

    async def _event(self, body: dict[str, Any], ack: Any) -> None:
        arrival = self.doors.arriving.happened(body)
        if arrival is None:
            await ack()
        else:
            await self._keep(arrival, ack)

    async def _pressed(self, body: dict[str, Any], ack: Any) -> None:
        action = body["actions"][0]
        name, user = str(action.get("action_id", "")), str(body["user"]["id"])
        press = blocks.read_press(name, action.get("value"))
        if name.startswith(REACH):
            press = read_reach(str((action.get("selected_option") or {}).get("value", "")))
        if body.get("view", {}).get("type") == "modal":
            await ack()
            self._afterwards(partial(self.doors.redraw, user, body["view"], name))
        elif name.startswith(PAGE):
            await ack()
            page = name.removeprefix(PAGE)
            self._afterwards(partial(self.doors.turn, user, int(page) if page.isdigit() else 0))
        elif press is None or press[0] not in COMMANDS:
            await ack()
        elif COMMANDS[press[0]].form.asks and not blocks.was_asked(name):
            await self._open(body, partial(self.doors.form, user, *press))
            await ack()
        else:
            await self._keep(self.doors.arriving.pressed(body, *press), ack)

    async def _keep(self, arrival: Arrival, ack: Any) -> None:
        """Keep it, then acknowledge it, then do it; raises TimeoutError where it takes too long."""
        async with asyncio.timeout(IN_TIME):
            is_new = await self._gathering.take(arrival)
        await ack()
        if is_new:
            self._afterwards(partial(self.doors.arriving.work_on, arrival.key), self._later)

    async def _sent_off(self, body: dict[str, Any], ack: Any) -> None:
        """A form: done in time, its outcome is the acknowledgement; otherwise it is shown later.

        It is kept before anything is said of it; where that takes too long, Slack says that it
        failed (TimeoutError), and leaves everything that was filled in where it stands.
        """
        began = time.monotonic()
        user, view = str(body["user"]["id"]), body["view"]
        if view.get("callback_id") == GIVEN:
            await ack()
            return
        taken = await self._in_time(partial(self.doors.take_in, user, view))
        if isinstance(taken, Outcome):
            await ack(**taken.acknowledgement)
            return
        work = self._begun(partial(self.doors.finish, taken, view))
        left = IN_TIME - (time.monotonic() - began)
        try:
            outcome = await asyncio.wait_for(asyncio.shield(work), left)
        except TimeoutError:
            await ack(response_action="update", view=self.doors.saving)
            work.add_done_callback(partial(self._show_later, str(view["id"])))
            return
        await ack(**outcome.acknowledgement)

    def _show_later(self, view_id: str, work: asyncio.Future[Any]) -> None:
        shown = self.doors.unsure if work.cancelled() or work.exception() else work.result().view
        self._afterwards(partial(self.doors.saying.show, view_id, shown))

    async def _closed(self, body: dict[str, Any], ack: Any) -> None:
        await ack()
        self._afterwards(partial(self.doors.closed, str(body["user"]["id"]), body["view"]))

    async def _searched(self, body: dict[str, Any], ack: Any) -> None:
        user, view = str(body["user"]["id"]), body.get("view") or {}
        path, typed = str(body.get("block_id", "")), str(body.get("value", ""))
        look = partial(self.doors.offered, user, view, path, typed)
        if str(body.get("action_id", "")).startswith(REACH):
            look = partial(self.doors.reach, user, path.removeprefix(REACH), typed)
        await ack(**await self._in_time(look))

    async def _typed(self, body: dict[str, Any], ack: Any) -> None:
        user = str(body["user_id"])
        opens = self.doors.words.opens(str(body.get("text", "")))
        if opens is not None:
            await self._open(body, partial(self.doors.form, user, opens, ""))
            await ack()
            return
        told = partial(self.doors.typed, user, str(body.get("text", "")))
        await ack(**await self._in_time(told))

    async def _shortcut(self, body: dict[str, Any], ack: Any) -> None:
        if body.get("callback_id") == "make_action":
            user, where = str(body["user"]["id"]), str((body.get("channel") or {}).get("id", ""))
            said = str((body.get("message") or {}).get("text", ""))
            await self._open(body, partial(self.doors.make_action, user, where, said))
        await ack()

    async def _open(self, body: Body, draw: Callable[[], dict[str, Any]]) -> None:
        """Open a window at once, and fill it a moment later, whatever the database is doing."""
        trigger = body.get("trigger_id")
        opened = await self.client.views_open(trigger_id=str(trigger), view=self.doors.opening)
        view: Any = opened["view"]
        self._afterwards(partial(self.doors.fill, str(view["id"]), draw))

    async def _in_time(self, work: Callable[[], Result]) -> Result:
        """Do something before it must be acknowledged; raises TimeoutError, and Slack says so."""
        return await asyncio.wait_for(asyncio.shield(self._begun(work)), IN_TIME)

    async def _in_a_thread(self, work: Callable[[], Result]) -> Result:
        return await self._begun(work)

    def _begun(
        self, work: Callable[[], Result], pool: ThreadPoolExecutor | None = None
    ) -> asyncio.Future[Result]:
        found = asyncio.get_running_loop().run_in_executor(pool or self._pool, work)
        self._under_way.add(found)
        found.add_done_callback(self._under_way.discard)
        return found

    def _afterwards(
        self, work: Callable[[], object], pool: ThreadPoolExecutor | None = None
    ) -> None:
        """After the acknowledgement. What was kept and is not done here is picked up later."""

        def carefully() -> None:
            try:
                work()
            except Exception:
                log.exception("something from slack is done later, or has to be pressed again")

        self._begun(carefully, pool)


def _anything() -> Any:
    return re.compile(r"[\s\S]*")
