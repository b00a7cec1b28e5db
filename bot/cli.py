"""The command line: `taf`."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from random import SystemRandom
from typing import NoReturn

import click
from fastapi import FastAPI
from rich.console import Console

from bot import documents, logs
from bot.app import Assistant, assemble
from bot.checking import check as look
from bot.clock import PracticeClock, clock_for
from bot.configuring import DATA, NotSetUp, config_path, database_url, read_policy
from bot.demo import prepare, welcome
from bot.describing import describe, described_in_words
from bot.joined import Joined, hear, joined
from bot.moving import move
from bot.people import people
from bot.running import CannotListen, Ended, listen, run
from bot.scenario import ScenarioError
from bot.simulate import simulate as play
from bot.slack.command_line import slack
from bot.teams.command_line import teams
from bot.web.app import watched_app, web_app
from storage import migrating
from storage.database import Database
from storage.opening import CannotOpen, InUse
from workflows.policy import Policy, PolicyError

CONFIG = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="app.yaml to use."
)
PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="taf-assistant", prog_name="taf")
def main() -> None:
    """A chat assistant for team around the family (TAF) work.

    Try it with `taf demo`: a practice family, a clock you can move, nothing to set up.
    """
    logs.start()


def _stop(words: str, status: int = 2) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(status)


def _policy(config: Path | None) -> Policy:
    try:
        return read_policy(config)
    except FileNotFoundError as error:
        _stop(f"There is no {error.filename}. Give an app.yaml with --config.")
    except PolicyError as error:
        _stop(str(error))


def _open(url: str) -> Database:
    try:
        database = Database(url)
    except (CannotOpen, ValueError) as error:
        _stop(str(error))
    try:
        database.look_over()
    except CannotOpen as error:
        database.close()
        _stop(str(error))
    return database


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except CannotListen as error:
        _stop(str(error))


def _ready(config: Path | None) -> Assistant:
    """The assistant on its own database, which this release must fit."""
    policy, to = _policy(config), _joined()
    database = _open(database_url())
    if unfit := _unfit(database):
        _stop(unfit)
    try:
        on = to.platforms(database, policy)
    except NotSetUp as error:
        _stop(str(error))
    clock, luck = clock_for(database), SystemRandom()
    return assemble(policy, database, clock, on, luck=luck, rooms_on=to.rooms_on)


def _joined() -> Joined:
    try:
        return joined(os.environ)
    except NotSetUp as error:
        _stop(str(error))


def _unfit(database: Database) -> str | None:
    try:
        return migrating.fit(database)
    except Exception as error:  # noqa: BLE001  its own words may hold the database's address
        return f"The database does not answer: {type(error).__name__}."


def _run(
    assistant: Assistant,
    app: FastAPI | None,
    port: socket.socket | None,
    beside: AbstractContextManager[None] | None = None,
) -> None:
    try:
        run(assistant, app, port, beside)
    except Ended:
        _stop("The pages could not be served. The log says why.", 1)


@main.command()
@CONFIG
@PORT
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(config: Path | None, port: int, host: str) -> None:
    """Run the assistant: send what is due. The web stays closed until sign-in exists."""
    taken = _listen(host, port)
    assistant = _ready(config)
    ears = hear(assistant, served=True)
    click.echo(f"TAF Assistant is running. http://{host}:{port}/health says that it is alive.")
    _run(assistant, web_app(assistant, practice=None, more=ears.routes), taken, ears.open())


@main.command()
@CONFIG
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Answer /health, /ready and /metrics here."
)
@click.option("--host", default="127.0.0.1", show_default=True)
def work(config: Path | None, port: int | None, host: str) -> None:
    """Run the assistant without web pages: look at what is due and send it."""
    taken = _listen(host, port) if port else None
    assistant = _ready(config)
    hear(assistant, served=False)
    click.echo("TAF Assistant is working.")
    _run(assistant, watched_app(assistant), taken)


@main.command()
@CONFIG
@PORT
@click.option(
    "--data",
    default=DATA / "demo.db",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the practice data is.",
)
@click.option("--reset", is_flag=True, help="Throw the practice data away and start over.")
def demo(config: Path | None, port: int, data: Path, reset: bool) -> None:
    """Practise with a made-up family, on this machine, with nothing to set up."""
    taken = _listen("127.0.0.1", port)
    policy = _policy(config)
    data.parent.mkdir(parents=True, exist_ok=True)
    if reset:
        _reset(data)
    with Console(stderr=True).status("Getting the practice family ready…"):
        prepare(data, config_path(config), policy)
    database = _open(f"sqlite:///{data}")
    if migrating.current(database) in {None, *migrating.known()}:
        migrating.upgrade(database)
    if unfit := migrating.fit(database):
        _stop(unfit)
    clock = PracticeClock(database)
    assistant = assemble(policy, database, clock)
    click.echo(welcome(port))
    _run(assistant, web_app(assistant, practice=clock), taken)


def _reset(data: Path) -> None:
    try:
        Database(f"sqlite:///{data}").close()
    except InUse as error:
        _stop(str(error))
    for old in data.parent.glob(f"{data.name}*"):
        old.unlink()


@main.command()
@click.argument("story", type=click.Path(path_type=Path, dir_okay=False))
@CONFIG
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
@click.option("--only", metavar="PERSON", help="Only what this person did and was told.")
@click.option("--until", metavar="DATE", help="Stop at this date.")
def simulate(
    story: Path, config: Path | None, shape: str, only: str | None, until: str | None
) -> None:
    """Play a family's story on a stopped clock and show all that would be said."""
    try:
        result = play(story, config, only, until)
    except (ScenarioError, PolicyError) as error:
        _stop(str(error))
    if shape == "json":
        click.echo(json.dumps(result.document, ensure_ascii=False, indent=2))
    else:
        click.echo(result.text)
    for line in result.failed:
        click.echo(line, err=True)
    sys.exit(1 if result.failed else 0)


@main.command()
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def forms(shape: str) -> None:
    """List every command: who may give it, what it asks, why it may be refused."""
    if shape == "json":
        click.echo(json.dumps(describe(), ensure_ascii=False, indent=2))
    else:
        click.echo(described_in_words())


@main.command()
@click.option("--down", metavar="TO", help='Go back to a migration, or to "base".')
def migrate(down: str | None) -> None:
    """Bring the database to the shape this release needs."""
    database = _open(database_url())
    before = migrating.current(database)
    if before not in {None, *migrating.known()}:
        well = f"A newer release migrated it to {before}, and only that one can take it back."
        unfit = _unfit(database)
        _stop(unfit or well, 2 if down or unfit else 0)
    if down:
        migrating.downgrade(database, down)
    else:
        try:
            migrating.upgrade(database)
        except migrating.Busy as error:
            _stop(str(error))
    after = migrating.current(database)
    database.close()
    click.echo(f"Already at {after}." if before == after else f"From {before} to {after}.")


@main.command()
@CONFIG
def check(config: Path | None) -> None:
    """Say whether the configuration, the database and the platforms are well."""
    lines = list(look(config))
    for line in lines:
        click.echo(line.shown)
    sys.exit(max(line.status for line in lines))


@main.command()
@click.option("--check", "only_check", is_flag=True, help="Only tell whether any is behind.")
def docs(only_check: bool) -> None:
    """Write the documents in docs/ that are made from the code."""
    if not only_check:
        documents.write()
        return
    behind = documents.behind()
    for name in behind:
        click.echo(f"docs/{name} is behind the code. Run: taf docs", err=True)
    sys.exit(1 if behind else 0)


main.add_command(move)
main.add_command(people)
main.add_command(slack)
main.add_command(teams)

if __name__ == "__main__":
    main()
