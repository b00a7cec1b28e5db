"""`taf people`: puts practitioners in the record, and lists them, for whoever installs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from bot.boundary import default_labels
from bot.clock import clock_for
from bot.commands import COMMANDS
from bot.configuring import NotSetUp, database_url, read_policy
from bot.joined import joined
from bot.starting import MONDAY_TO_FRIDAY
from messages import rendering
from messages.form import Choice, relabelled
from messages.reading import NotTaken, read
from storage import audit, migrating
from storage import people as kept
from storage.database import Database
from storage.opening import CannotOpen
from workflows.choices import agencies
from workflows.doing import Doing, Office
from workflows.people import add_practitioner, agency_known
from workflows.policy import Policy, PolicyError
from workflows.refusals import Refusal

CONFIG = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="app.yaml to use."
)
ADD = "person.add"


def _stop(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(2)


@click.group()
def people() -> None:
    """Put practitioners in the record: the first co-ordinator has to come from somewhere.

    With one file as the database, stop the service first. From then on co-ordinators do it.
    """


@people.command()
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--agency", required=True, help="As app.yaml calls it: its key, or its name.")
@click.option("--email", required=True, help="The work e-mail that they use on Slack or Teams.")
@click.option("--job", default="", help="What they do there.")
@click.option("--role", "roles", multiple=True, help="co-ordinator or supervisor; may be repeated.")
@click.option(
    "--works-on",
    default=MONDAY_TO_FRIDAY,
    show_default=True,
    metavar="DAYS",
    help="The days they work: 1 is Monday, 7 is Sunday.",
)
@click.option("--checked", is_flag=True, help="You have checked who they are.")
@CONFIG
def add(config: Path | None, checked: bool, works_on: str, **given: Any) -> None:
    """Put a practitioner in the record."""
    policy = _policy(config)
    with _database() as database:
        now = clock_for(database).now()
        office = Office(policy, new_reference=str, rooms_on=_rooms_on())
        answers = given | {
            "agency": agency_known(policy, given["agency"]) or given["agency"],
            "roles": list(given["roles"]),
            "works_on": list(works_on),
            "verified_on": office.days.today(now).isoformat() if checked else "",
        }
        database.write(lambda session: _add(Doing(session, now, None, office), answers))
    click.echo(f"{given['name']} is in the record.")


def _add(doing: Doing, answers: dict[str, Any]) -> None:
    """The co-ordinators' own command, with nobody who gives it."""
    form = relabelled(COMMANDS[ADD].form, default_labels(doing.policy))
    try:
        values = read(form, answers, lambda _: [Choice(*one) for one in agencies(doing, None)])
        person = add_practitioner.does(doing, **values)
    except NotTaken as wrong:
        _stop("\n".join([*(f"{one}." for one in wrong.errors.values()), *_known(doing, wrong)]))
    except Refusal as refused:
        labels = {"labels": doing.policy.labels.model_dump()}
        _stop(rendering.refusal(refused.id, refused.facts | labels))
    facts = {"agency": person.agency, "roles": person.roles, "by": "taf people add"}
    audit.record(doing.session, doing.now, "command", command=ADD, about=person.ref, facts=facts)


def _known(doing: Doing, wrong: NotTaken) -> Sequence[str]:
    """The choices, where one of them was not chosen."""
    if "agency" not in wrong.errors:
        return ()
    return ("The agencies are:", *(f"  {key}  {name}" for key, name in agencies(doing, None)))


@people.command("list")
@click.option("--left", is_flag=True, help="Those who have left instead.")
def list_people(left: bool) -> None:
    """List the practitioners in the record: name, agency, e-mail, roles, account."""
    with _database() as database, database.reading() as session:
        found = kept.found(session, "", left=left)
        for one in found:
            account = f"on {one.platform}" if one.platform_id else "not matched"
            roles = ", ".join(one.roles)
            click.echo("  ".join((one.name, one.agency, one.email or "no e-mail", account, roles)))
    if not found:
        click.echo("Nobody has left." if left else "Nobody is in the record. Run: taf people add")


def _policy(config: Path | None) -> Policy:
    try:
        return read_policy(config)
    except FileNotFoundError as error:
        _stop(f"There is no {error.filename}. Give an app.yaml with --config.")
    except PolicyError as error:
        _stop(str(error))


def _rooms_on() -> str:
    """Where somebody new is to be reached: on the chat platform of the rooms, else on the web."""
    try:
        return joined(os.environ).rooms_on
    except NotSetUp as error:
        _stop(str(error))


@contextmanager
def _database() -> Iterator[Database]:
    """The database, fit to be worked on; it is closed afterwards, whatever happens."""
    try:
        database = Database(database_url())
    except (CannotOpen, ValueError) as error:
        _stop(str(error))
    try:
        database.look_over()
        if unfit := migrating.fit(database):
            _stop(unfit)
        yield database
    except CannotOpen as error:
        _stop(str(error))
    finally:
        database.close()
