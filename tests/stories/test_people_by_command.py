"""`taf people`: the first co-ordinator is put in the record, and nonsense is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.audit import AuditEntry
from storage.database import Database
from storage.people import Person

PRIYA = {
    "--name": "Priya Shah",
    "--agency": "advice-and-coordination",
    "--email": "Priya.Shah@council.example",
    "--role": "co-ordinator",
}


@pytest.fixture
def url(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database that no process has open."""
    shutil.copy(template, tmp_path / "taf.db")
    url = f"sqlite:///{tmp_path / 'taf.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return url


def taf(*words: str) -> Result:
    return CliRunner().invoke(main, ["people", *words], catch_exceptions=False)


def adds(*more: str, **changes: str) -> Result:
    given = PRIYA | {f"--{name}": value for name, value in changes.items()}
    return taf("add", *(word for pair in given.items() for word in pair), *more)


def in_record(url: str) -> list[tuple[str, str, str | None, list[str], str, str, bool]]:
    database = Database(url)
    try:
        with database.reading() as session:
            return [
                (
                    one.name,
                    one.agency,
                    one.email,
                    one.roles,
                    one.works_on,
                    one.platform,
                    one.identity_verified_on is not None,
                )
                for one in session.query(Person)
            ]
    finally:
        database.close()


def test_the_first_co_ordinator_is_in_the_record(url: str) -> None:
    assert taf("list").output == "Nobody is in the record. Run: taf people add\n"
    result = adds("--checked")
    assert (result.exit_code, result.output) == (0, "Priya Shah is in the record.\n")
    assert in_record(url) == [
        (
            "Priya Shah",
            "advice-and-coordination",
            "priya.shah@council.example",
            ["co-ordinator"],
            "12345",
            "web",
            True,
        )
    ]
    database = Database(url)
    with database.reading() as session:
        line = session.query(AuditEntry).one()
        assert (line.command, line.about, line.person_id) == ("person.add", "person-1", None)
        assert line.facts["by"] == "taf people add"
    database.close()
    listed = taf("list").output
    assert "Priya Shah  advice-and-coordination  priya.shah@council.example" in listed
    assert "not matched  co-ordinator" in listed
    assert taf("list", "--left").output == "Nobody has left.\n"


def test_an_agency_goes_by_its_name_too(url: str) -> None:
    adds("--works-on", "35", agency="advice and co-ordination team")
    (priya,) = in_record(url)
    assert priya[1] == "advice-and-coordination"
    assert priya[4] == "35"
    assert priya[6] is False


def test_where_slack_is_joined_they_are_to_be_reached_there(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-" + "1" * 24)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef" * 2)
    assert adds().exit_code == 0
    assert in_record(url)[0][5] == "slack"


@pytest.mark.parametrize(
    ("changes", "more", "says"),
    [
        ({"name": " "}, (), "Enter the name."),
        ({"name": "x" * 101}, (), "The name must be 100 characters or fewer."),
        ({"agency": "nowhere"}, (), "housing  Housing"),
        ({"email": "priya"}, (), "Enter an e-mail address in full"),
        ({"role": "boss"}, (), "Choose the roles from the list."),
        ({}, ("--works-on", "89"), "Choose the days they work from the list."),
        ({}, ("--works-on", ""), "Choose at least one of the days they work."),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    url: str, changes: dict[str, str], more: tuple[str, ...], says: str
) -> None:
    result = adds(*more, **changes)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output
    assert in_record(url) == []


def test_an_address_is_one_practitioners(url: str) -> None:
    adds()
    result = adds(name="Somebody else", email="PRIYA.SHAH@council.example")
    assert result.exit_code == 2
    assert "Priya Shah has this e-mail address already." in result.output
    assert len(in_record(url)) == 1


def test_a_database_in_use_or_without_tables_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(url)
    result = adds()
    database.close()
    assert result.exit_code == 2
    assert in_record(url) == []
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    result = taf("list")
    assert (result.exit_code, result.output) == (
        2,
        "The database needs migrating first. Run: taf migrate\n",
    )
