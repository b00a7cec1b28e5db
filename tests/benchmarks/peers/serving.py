"""Serves an application on one core, until nobody is there to be served."""

from __future__ import annotations

import os
import threading

import uvicorn
from fastapi import FastAPI

from tests.benchmarks.peers.obeying import answer, orders


def serve(app: FastAPI, core: str) -> None:
    """Serve, and answer every order with the port."""
    os.sched_setaffinity(0, {int(core)})
    server = uvicorn.Server(uvicorn.Config(app, port=0, access_log=False, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        threading.Event().wait(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    for _ in orders():
        answer(port)
