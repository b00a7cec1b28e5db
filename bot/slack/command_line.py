"""`taf slack`: prints the app's manifest, and asks Slack whether it takes us."""

from __future__ import annotations

import json
import os
import sys
from io import StringIO
from random import SystemRandom
from typing import Any

import click
from ruamel.yaml import YAML

from bot.clock import WallClock
from bot.slack.checking import MayOpen
from bot.slack.checking import check as look
from bot.slack.manifest import EVENTS, SCOPES, manifest


@click.group()
def slack() -> None:
    """Join Slack: the app's manifest, and a check that Slack takes us.

    docs/install-slack.md goes through it from top to bottom.
    """


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.startswith("https://"):
        raise click.BadParameter("must begin with https://, or Slack does not take it.")
    return value


@slack.command("manifest")
@click.option(
    "--address",
    metavar="URL",
    callback=_address,
    help="Where Slack reaches the assistant, https://taf.example.org; without, by Socket Mode.",
)
@click.option("--format", "shape", type=click.Choice(["yaml", "json"]), default="yaml")
@click.option("--reasons", is_flag=True, help="Say instead what each permission is for.")
def print_manifest(address: str | None, shape: str, reasons: bool) -> None:
    """Print the app's manifest, to paste where Slack asks for one."""
    if reasons:
        click.echo(_reasons())
    elif shape == "json":
        click.echo(json.dumps(manifest(address), ensure_ascii=False, indent=2))
    else:
        click.echo(_yaml(manifest(address)), nl=False)


def _reasons() -> str:
    lines = ["Permissions of the app, and what each is for:", *_listed(SCOPES)]
    return "\n".join([*lines, "", "Events that Slack tells the app of:", *_listed(EVENTS)])


def _listed(reasons: dict[str, str]) -> list[str]:
    widest = max(len(name) for name in reasons)
    return [f"  {name:<{widest}}  {why}" for name, why in reasons.items()]


def _yaml(document: dict[str, Any]) -> str:
    writing = YAML()
    writing.indent(mapping=2, sequence=4, offset=2)
    writing.width = 4096
    written = StringIO()
    writing.dump(document, written)
    return written.getvalue()


@slack.command()
@click.option("--yes", is_flag=True, help="Make and archive a private channel without asking.")
@click.option("--no-channel", is_flag=True, help="Make no channel.")
def check(yes: bool, no_channel: bool) -> None:
    """Say whether Slack takes us: tokens, permissions, clock, and a private channel."""
    may_open: MayOpen | None = (lambda _: True) if yes else _ask
    status = 0
    found = look(os.environ, WallClock(), SystemRandom(), None if no_channel else may_open)
    for line in found:
        click.echo(line.shown)
        status = max(status, line.status)
    sys.exit(status)


def _ask(name: str) -> bool:
    question = (
        f"May the app make an empty private channel, {name}, and archive it at once?"
        " Nobody else is in it; an archived channel keeps its name"
    )
    try:
        return click.confirm(question, default=False)
    except click.Abort:
        return False  # nobody is there to ask
