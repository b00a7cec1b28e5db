"""`taf move`: carries the partnership from one file to PostgreSQL, and shows how far it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.configuring import database_url
from storage.comparing import CannotBeCarried, Told, Unequal
from storage.database import Database
from storage.moving import CannotMove, Move, Moved, StillRunning
from storage.opening import CannotOpen

REFUSED, STOP_FIRST = 2, 3
"""How `taf move` ends where it did nothing, and where the service is to be stopped first."""


@click.command()
@click.option(
    "--to",
    required=True,
    envvar="TAF_MOVE_TO",
    metavar="ADDRESS",
    help="postgresql://… of an empty database; better in TAF_MOVE_TO, as it holds a password.",
)
@click.option("--wait", is_flag=True, help="Wait for the service to be stopped, then end the move.")
def move(to: str, wait: bool) -> None:
    """Carry the partnership from one file to PostgreSQL, checked row by row.

    Run it while the service runs: it copies what is there. Then stop the service and run it again.
    """
    try:
        target = Database(to)
        target.look_over()
    except (CannotOpen, ValueError) as error:
        click.echo(f"--to: {error}", err=True)
        sys.exit(REFUSED)
    status = _move(database_url(), target, wait=wait)
    target.close()
    sys.exit(status)


def _move(url: str, target: Database, *, wait: bool) -> int:
    console = Console(stderr=True)
    with _telling(console) as told:
        mover = Move(url, target, told, lambda words: console.print(words, highlight=False), wait)
        try:
            moved = mover.run()
        except (CannotMove, CannotBeCarried, CannotOpen, Unequal) as refused:
            console.print(str(refused), highlight=False, markup=False, soft_wrap=True)
            return STOP_FIRST if isinstance(refused, StillRunning) else REFUSED
    click.echo(said(moved))
    return 0


def said(moved: Moved) -> str:
    """What came of it, table by table, with what to do now."""
    ending = (
        f"The partnership is in PostgreSQL now, at {moved.place}. Set DATABASE_URL to it and start"
        " the service. The file is kept as it was; nothing starts on it any more."
    )
    if not moved.tables:
        return f"It was moved before. {ending}"
    rows = sum(one.rows for one in moved.tables)
    lines = [
        f"{one.table:<18}{one.rows:>10,} rows, all equal  {one.digest}" for one in moved.tables
    ]
    return "\n".join(
        [*lines, f"{rows:,} rows, each seen equal, in {moved.closed_for:.0f} seconds.", ending]
    )


@contextmanager
def _telling(console: Console) -> Iterator[Told]:
    """A bar for each table on a terminal, else a line for each."""
    if not console.is_terminal:
        yield _line
        return
    with Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        yield _bars(progress)


def _line(table: str, done: int, of: int) -> None:
    if done == of:
        click.echo(f"{table}: {of:,} rows", err=True)


def _bars(progress: Progress) -> Callable[[str, int, int], None]:
    bars = {}

    def told(table: str, done: int, of: int) -> None:
        if table not in bars:
            bars[table] = progress.add_task(table, total=of)
        progress.update(bars[table], completed=done, total=of)

    return told
