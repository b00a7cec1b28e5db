"""Starts worker processes: a process that has imported everything, of which each is a fork.

Python's imports take longer than many a worker lives.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tests.reliability import worker
from tests.reliability.waiting import until


def serve() -> None:
    """Fork a worker for each line that asks for one; say how one ended, when asked."""
    children: dict[int, int | None] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            pid = asked["ended"]
            if children[pid] is None:
                found, status = os.waitpid(pid, os.WNOHANG)
                children[pid] = os.waitstatus_to_exitcode(status) if found else None
            answer = children[pid]
        else:
            answer = _fork(asked)
            children[answer] = None
        os.write(1, f"{json.dumps(answer)}\n".encode())
    for pid, ended in children.items():
        if ended is None:
            os.kill(pid, signal.SIGKILL)


def _fork(options: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        _live(options)
    return child


def _live(options: dict[str, Any]) -> NoReturn:
    """Be a worker; what it says of its end is kept beside its log."""
    said = os.open(Path(options["folder"]) / f"{options['name']}.err", os.O_CREAT | os.O_WRONLY)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    try:
        worker.run(options)
    finally:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


@dataclass
class Forks:
    """The process that has imported everything, as the tests speak to it."""

    process: subprocess.Popen[str]

    @classmethod
    def started(cls, **environment: str) -> Forks:
        """One for as many scenarios as there are."""
        command = [sys.executable, "-m", "tests.reliability.forking"]
        pipe, around = subprocess.PIPE, os.environ | environment
        return cls(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=around))

    def _ask(self, asked: dict[str, Any]) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps(asked)}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def start(self, options: dict[str, Any]) -> Worker:
        """One more worker."""
        return Worker(self, self._ask(options), options["name"], Path(options["folder"]))

    def ended(self, pid: int) -> int | None:
        """How a worker ended, or None while it has not; with this process, they all do."""
        if self.process.poll() is not None:
            return -signal.SIGKILL
        found: int | None = self._ask({"ended": pid})
        return found

    def stop(self) -> None:
        """End this, and every worker that still runs."""
        self.process.communicate(timeout=10)


@dataclass
class Worker:
    """One worker process."""

    forks: Forks
    pid: int
    name: str
    folder: Path

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self.ended() is None:
            os.kill(self.pid, signal.SIGKILL)
            os.kill(self.pid, signal.SIGCONT)
            until(lambda: self.ended() is not None, "a killed worker is gone")

    def freeze(self) -> None:
        """Let it stand still."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def is_frozen(self) -> bool:
        """Whether it stands still."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        return stat.rpartition(")")[2].split()[0] == "T"

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.forks.ended(self.pid)

    def is_ready(self) -> bool:
        """Whether it has begun to work; raises where it never will."""
        if (self.folder / f"{self.name}.ready").exists():
            return True
        assert self.ended() in {None, 137}, self.said()
        return False

    @property
    def port(self) -> int:
        """Where it takes events in."""
        path = self.folder / f"{self.name}.port"
        until(path.exists, f"{self.name} listens")
        return int(path.read_text(encoding="utf-8"))

    def said(self) -> str:
        """What it complained of."""
        found = [self.folder / f"{self.name}.{end}" for end in ("err", "log")]
        return "\n".join(one.read_text(encoding="utf-8") for one in found if one.exists())


if __name__ == "__main__":
    serve()
