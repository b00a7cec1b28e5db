"""Runs the fake platform: prints its ports, and serves until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.reliability.chat.faults import Faults
from tests.reliability.chat.serving import Serving
from tests.reliability.chat.workspace import Rules, Workspace
from tests.reliability.moments import ScenarioClock


async def serve(options: argparse.Namespace) -> None:
    """Serve on ports of the machine's own choosing until the scenario lets go of stdin."""
    rules = Rules(options.pace, options.per_second, options.burst)
    workspace = Workspace(rules, ScenarioClock(options.clock).seconds)
    serving = Serving(workspace, Faults(options.seed))
    door, orders = await serving.listen()
    sys.stdout.write(f"{door} {orders}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("clock")
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--per-second", type=float, default=None)
    parser.add_argument("--burst", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
