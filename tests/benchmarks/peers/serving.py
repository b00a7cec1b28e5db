"""Serves an application on one core, until nobody is there to be served."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI

from tests.benchmarks.peers.obeying import answer, orders


def serve(app: FastAPI, core: str, **does: Callable[..., Any]) -> None:
    """Serve, and do what is told; the order "port" is answered with it."""
    os.sched_setaffinity(0, {int(core)})
    server = uvicorn.Server(uvicorn.Config(app, port=0, access_log=False, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        threading.Event().wait(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    for order, values in orders():
        answer(port if order == "port" else does[order](**values))
