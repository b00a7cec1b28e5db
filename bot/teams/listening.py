"""Hears what Teams tells us, keeps it, answers in time, and then does it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

from bot.platform import Undelivered

log = logging.getLogger(__name__)

IN_TIME = 2.5
"""Seconds after which a press or form is answered although it is not done.

Teams gives up after 5 for a message's command, and after 10 or so otherwise.
"""

KEPT_IN = 8.0
"""Seconds that keeping a message may take: Teams gives up after 15."""

HANDS = 8
MOMENT = "It takes a moment. You will be told what came of it."
UNSURE = "Something went wrong. Look whether it was done before you try again."
MAY_CHANGE = frozenset({"adaptiveCard/action", "task/submit", "composeExtension/submitAction"})
MESSAGE = "application/vnd.microsoft.activity.message"
SEARCH, SEARCHED = "application/search", "application/vnd.microsoft.search.searchResponse"

Activity = dict[str, Any]
Answer = dict[str, Any]
Work = Callable[[], object]
Result = TypeVar("Result")


class Then(NamedTuple):
    """The body of an answer, and what is left to do once Teams has it."""

    answer: Answer
    left: Work


class Doors(Protocol):
    """What each thing that comes from Teams leads to. Plain functions, called in threads.

    What tells us something keeps it, and returns what is left to do once Teams has its answer;
    what asks for something returns the body of the answer, which is never empty, and where there
    is any, what is left to do.
    """

    def message(self, activity: Activity) -> Work | None:
        """Somebody wrote to the assistant."""

    def happened(self, activity: Activity) -> Work | None:
        """Somebody or the app came or went, or the chat was renamed."""

    def pressed(self, activity: Activity) -> Answer | Then:
        """A button of a card (adaptiveCard/action)."""

    def dialog(self, activity: Activity) -> Answer:
        """A form is to be opened (task/fetch)."""

    def given(self, activity: Activity) -> Answer | Then:
        """A form was sent off (task/submit)."""

    def from_message(self, activity: Activity) -> Answer:
        """A command on a message: its form is to be opened (composeExtension/fetchTask)."""

    def from_message_given(self, activity: Activity) -> Answer | Then:
        """That form was sent off (composeExtension/submitAction)."""

    def searched(self, activity: Activity) -> Answer:
        """Somebody types in a long list: what of it fits (application/search)."""

    def is_kept(self, activity: Activity) -> bool:
        """Whether what is still being done is in the inbox: then it is done, whoever dies."""

    def late(self, activity: Activity, answer: Answer | None) -> None:
        """It ended after whoever waited was told to wait; None where it broke off."""


def search_result(found: Sequence[Mapping[str, str]]) -> Answer:
    """What a search in a long list found."""
    return {"type": SEARCHED, "statusCode": 200, "value": {"results": list(found)}}


def in_words(name: str, said: str) -> Answer:
    """A sentence as the answer to an invoke of this name; a search can only find nothing."""
    if name == "adaptiveCard/action":
        return {"statusCode": 200, "type": MESSAGE, "value": said}
    if name == SEARCH:
        return search_result([])
    return {"task": {"type": "message", "value": said}}


class Listening:
    """One process's ears, and the threads in which the work is done."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self._asked: dict[str, Callable[[Activity], Answer | Then]] = {
            "adaptiveCard/action": doors.pressed,
            "task/fetch": doors.dialog,
            "task/submit": doors.given,
            "composeExtension/fetchTask": doors.from_message,
            "composeExtension/submitAction": doors.from_message_given,
            SEARCH: doors.searched,
        }
        self._told: dict[str, Callable[[Activity], Work | None]] = {
            "message": doors.message,
            "conversationUpdate": doors.happened,
            "installationUpdate": doors.happened,
        }
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="teams")
        self._under_way: set[asyncio.Future[Any]] = set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    async def stop(self) -> None:
        """Finish what is under way."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)
        self._pool.shutdown(wait=False)

    async def hear(self, activity: Activity) -> tuple[int, Answer | None]:
        """Take an activity from Teams; the HTTP status and body of the answer."""
        kind = activity.get("type")
        if kind == "invoke":
            return await self._answered(activity)
        keep = self._told.get(str(kind))
        if keep is None:
            log.info("teams told us something we have no use for", extra={"kind": shape(kind)})
            return 200, None
        return await self._kept(partial(keep, activity))

    async def _kept(self, keep: Callable[[], Work | None]) -> tuple[int, None]:
        """Keep it before Teams is told "yes"; what cannot be kept is not acknowledged."""
        try:
            left = await asyncio.wait_for(asyncio.shield(self._begun(keep)), KEPT_IN)
        except (KeyError, TypeError, ValueError, AttributeError):
            log.exception("something from teams could not be read")
            return 200, None
        except Exception:
            log.exception("something from teams could not be kept")
            return 503, None
        if left is not None:
            self._afterwards(left)
        return 200, None

    async def _answered(self, activity: Activity) -> tuple[int, Answer | None]:
        name = str(activity.get("name"))
        do = self._asked.get(name)
        if do is None:
            log.warning("teams asked for something unknown", extra={"kind": shape(name)})
            return 501, None
        work = self._begun(partial(do, activity))
        try:
            answer = self._left(await asyncio.wait_for(asyncio.shield(work), IN_TIME))
        except TimeoutError:
            if work.done():  # it raised one itself
                return 200, in_words(name, UNSURE)
            if name != SEARCH:  # whoever types on asks again
                work.add_done_callback(partial(self._late, activity))
            in_doubt = name in MAY_CHANGE and not self.doors.is_kept(activity)
            return 200, in_words(name, UNSURE if in_doubt else MOMENT)
        except Exception:
            log.exception("what teams asked for broke off")
            return 200, in_words(name, UNSURE)
        return 200, answer or in_words(name, UNSURE)

    def _late(self, activity: Activity, work: asyncio.Future[Answer | Then]) -> None:
        broke = work.cancelled() or work.exception() is not None
        answer = None if broke else self._left(work.result())
        self._afterwards(partial(self.doors.late, activity, answer))

    def _left(self, answer: Answer | Then) -> Answer:
        """The body of an answer; what is left to do after it is begun."""
        if isinstance(answer, Then):
            self._afterwards(answer.left)
            return answer.answer
        return answer

    def _begun(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        found = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._under_way.add(found)
        found.add_done_callback(self._under_way.discard)
        return found

    def _afterwards(self, work: Work) -> None:
        """After the answer. What was kept and is not done here is picked up later."""

        def carefully() -> None:
            try:
                work()
            except Undelivered as no:
                log.info("something from teams is done later", extra={"why": no.why})
            except Exception:
                log.exception("something from teams is done later, or has to be pressed again")

        self._begun(carefully)


def shape(word: object) -> str:
    """What kind of thing it was, as it may stand in the log: a name of Microsoft's, no text."""
    if not isinstance(word, str):
        return "no_name"
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).replace("/", "_").lower()
    return plain if re.fullmatch(r"[a-z_]{1,40}", plain) else "other"
