"""What an APScheduler job does: one message, posted. Its store finds it by this module's name."""

from __future__ import annotations

import json
import urllib.request


def post(url: str, channel: str, number: int) -> None:
    """Post it, and wait for the answer."""
    said = json.dumps({"channel": channel, "text": str(number)}).encode()
    head = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{url}/api/chat.postMessage", said, head)  # noqa: S310  ours
    with urllib.request.urlopen(asked, timeout=10) as told:  # noqa: S310
        told.read()
