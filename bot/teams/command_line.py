"""`taf teams`: writes the app package, and asks Microsoft whether it takes us."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from bot.clock import WallClock
from bot.teams.connecting import GUID, ROOMS
from bot.teams.manifest import in_graph, looking, manifest, package, permissions

NOWHERE = "https://www.example.org/"
PACKAGE = Path("taf-teams.zip")


@click.group()
def teams() -> None:
    """Join Microsoft Teams: the app package, and a check that Microsoft takes us.

    docs/install-teams.md goes through it from top to bottom.
    """


def _id(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not GUID.fullmatch(value.lower()):
        raise click.BadParameter("must be an id such as 7af00000-0000-4000-8000-00000000b071.")
    return value.lower() if value else None


def _page(_: click.Context, __: click.Parameter, value: str) -> str:
    if not value.startswith("https://"):
        raise click.BadParameter("must begin with https://, or Teams does not take it.")
    return value


@teams.command("manifest")
@click.option(
    "--client-id", envvar="TEAMS_CLIENT_ID", callback=_id, required=True, help="The app's id."
)
@click.option(
    "--app-id",
    envvar="TEAMS_APP_ID",
    callback=_id,
    help="The package's own id; without one, the app's.",
)
@click.option(
    "--room",
    envvar="TEAMS_ROOM",
    type=click.Choice(ROOMS),
    default=ROOMS[0],
    show_default=True,
    help="Whether people make the families' chats, or the assistant chats or private channels.",
)
@click.option(
    "--about",
    metavar="URL",
    callback=_page,
    default=NOWHERE,
    show_default=True,
    help="A page of yours that says what the assistant does and keeps; Teams links to it.",
)
@click.option(
    "--out",
    default=PACKAGE,
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the package.",
)
def write_manifest(client_id: str, app_id: str | None, room: str, about: str, out: Path) -> None:
    """Write the app package, to upload where Teams asks for one."""
    out.write_bytes(package(manifest(client_id, app_id or client_id, room, about)))
    click.echo(f"{out} is written. What the app may do, and what for:")
    click.echo(_reasons(room))
    if about == NOWHERE:
        click.echo("Teams will link to no page of yours: give one with --about.")


def _reasons(room: str) -> str:
    where = "the team" if room == "private_channel" else "each chat"
    lines = [f"In {where} to which it was added:", *_listed(permissions(room))]
    lines += ["In the tenant, by Microsoft Graph (application permissions, granted in Entra):"]
    lines += _listed(in_graph(room))
    if also := looking(room):
        lines += ["Not needed, but it spares repetitions:", *_listed(also)]
    return "\n".join(lines)


def _listed(reasons: dict[str, str]) -> list[str]:
    widest = max((len(name) for name in reasons), default=0)
    return [f"  {name:<{widest}}  {why}" for name, why in reasons.items()] or ["  nothing"]


@teams.command()
@click.option(
    "--person",
    "people",
    metavar="E-MAIL",
    multiple=True,
    help="Who is to be in a chat that is tried; give it twice.",
)
@click.option("--yes", is_flag=True, help="Make and empty that chat without asking.")
def check(people: tuple[str, ...], yes: bool) -> None:
    """Say whether Microsoft takes us: sign-in, addresses, clock, permissions, and a chat."""
    from bot.teams.checking import check as look  # noqa: PLC0415  taf's other commands need no httpx

    status = 0
    for line in look(os.environ, WallClock(), (lambda _: True) if yes else _ask, people):
        click.echo(line.shown)
        status = max(status, line.status)
    sys.exit(status)


def _ask(people: str) -> bool:
    question = f"May the app make a chat called TAF check with {people}, and empty it at once?"
    try:
        return click.confirm(question, default=False)
    except click.Abort:
        return False  # nobody is there to ask
