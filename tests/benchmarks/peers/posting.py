"""Two ways to keep to a chat's pace from memory: slack_sdk's retries, and a limiter a channel."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import defaultdict
from typing import Any

import aiohttp
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.benchmarks.peers.obeying import obey

TOKEN = "ours"


async def main(url: str) -> None:
    """Post what is told, all of it at once, each way as its documentation shows."""

    async def with_slack_sdk(channels: list[str]) -> int:
        """Its handler waits as long as it is told to, and tries once more; how many failed."""
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(
                TOKEN,
                base_url=url,
                session=session,
                retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
            )

            async def one(number: int, channel: str) -> int:
                try:
                    await client.chat_postMessage(channel=channel, text=str(number))
                except SlackApiError:
                    return 1
                return 0

            return sum(await _all(one, channels))

    async def with_aiolimiter(channels: list[str]) -> int:
        """A limiter a channel; who is told to wait all the same waits, and tries again."""
        limiters: dict[str, AsyncLimiter] = defaultdict(lambda: AsyncLimiter(1, 1.0))
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(TOKEN, base_url=url, session=session, retry_handlers=[])

            async def one(number: int, channel: str) -> int:
                tried = 0
                while True:
                    async with limiters[channel]:
                        try:
                            await client.chat_postMessage(channel=channel, text=str(number))
                        except SlackApiError as told:
                            wait = float(told.response.headers["Retry-After"])
                        else:
                            return tried
                    tried += 1
                    await asyncio.sleep(wait)

            return sum(await _all(one, channels))

    async def ready() -> bool:
        """Everything is imported."""
        return True

    await obey(ready=ready, slack_sdk=with_slack_sdk, aiolimiter=with_aiolimiter)


async def _all(one: Any, channels: list[str]) -> list[int]:
    tasks = [one(number, channel) for number, channel in enumerate(channels, 1)]
    return await asyncio.gather(*tasks)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(sys.argv[1]))
