"""Accounts and conversations are kept once each, as they were last seen, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from storage import accounts, people
from storage.accounts import Account
from storage.database import Database
from storage.people import Person

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_an_account_is_kept_once_with_what_is_newest(database: Database) -> None:
    with database.writing() as session:
        first = accounts.remember(session, "teams", "29:1", NOW, name="Asha", directory_id="d-1")
        number = first.id
    with database.writing() as session:
        accounts.remember(session, "teams", "29:1", LATER, name="Asha B", email="a@x.example")
        accounts.remember(session, "teams", "29:1", LATER)
        accounts.remember(session, "slack", "29:1", LATER)
    with database.reading() as session:
        found = accounts.find(session, "teams", "29:1")
        assert found is not None
        assert (found.id, found.first_seen_at) == (number, NOW)
        assert (found.name, found.email, found.directory_id) == ("Asha B", "a@x.example", "d-1")
        assert session.query(Account).count() == 2
        assert accounts.find(session, "teams", "29:2") is None


def test_a_session_that_knows_the_account_sees_what_is_new(database: Database) -> None:
    with database.writing() as session:
        found = accounts.remember(session, "slack", "U1", NOW, name="Asha")
        again = accounts.remember(session, "slack", "U1", LATER, name="Asha B")
        assert again is found
        assert found.name == "Asha B"


def test_what_a_platform_shows_is_kept_fit_to_be_shown(database: Database) -> None:
    with database.writing() as session:
        shown = accounts.remember(session, "slack", "U1", NOW, name=" A\x00b\u202ec " + "x" * 300)
        assert shown.name is not None
        assert shown.name.startswith("Abc x")
        assert len(shown.name) == accounts.LONGEST


def test_the_unknown_are_nobodys_in_post_and_not_set_aside(database: Database) -> None:
    with database.writing() as session:
        for account in ("U1", "U2", "U3", "U4"):
            accounts.remember(session, "slack", account, NOW)
        asha = Person(name="Asha", agency="housing", platform="slack", platform_id="U1")
        gone = Person(name="Tom", agency="housing", platform="slack", platform_id="U2")
        gone.left_on = date(2025, 3, 3)
        elsewhere = Person(name="Ola", agency="housing", platform="teams", platform_id="U3")
        session.add_all([asha, gone, elsewhere])
        aside = accounts.find(session, "slack", "U4")
        assert aside is not None
        aside.set_aside_at = NOW
    with database.reading() as session:
        assert [one.account for one in accounts.unknown(session)] == ["U3", "U2"]
        assert [one.account for one in accounts.set_aside(session)] == ["U4"]
        first = accounts.find(session, "slack", "U1")
        assert first is not None
        assert first.holder is not None
        assert (first.holder.name, first.is_unknown) == ("Asha", False)
        older = accounts.unknown(session, limit=1)
        assert [one.account for one in accounts.unknown(session, before=older[0].id)] == ["U2"]


def test_a_conversation_is_kept_as_it_was_last_seen(database: Database) -> None:
    where = {"service_url": "https://smba.example/uk/", "kind": "personal"}
    with database.writing() as session:
        accounts.remember_conversation(session, "teams", "a:1", NOW, **where, account="29:1")
        accounts.remember_conversation(session, "teams", "a:2", LATER, **where, account="29:1")
        accounts.remember_conversation(
            session, "teams", "19:c", LATER, **where | {"kind": "channel"}, account="29:1"
        )
        accounts.remember_conversation(
            session, "teams", "a:1", LATER, **where, account="29:1", tenant="t", bot="28:b"
        )
    with database.reading() as session:
        found = accounts.conversation(session, "teams", "a:1")
        assert found is not None
        assert (found.tenant, found.bot, found.seen_at) == ("t", "28:b", LATER)
        newest = accounts.personal_of(session, "teams", "29:1")
        assert newest is not None
        assert newest.address == "a:2"
        assert accounts.personal_of(session, "slack", "29:1") is None
        assert accounts.conversation(session, "slack", "a:1") is None


def test_practitioners_are_found_by_every_word(database: Database) -> None:
    with database.writing() as session:
        session.add_all(
            [
                Person(name="Asha Patel", agency="housing", job="Housing officer"),
                Person(name="asha Begum", agency="police", email="ab@100%.example"),
                Person(name="Tom", agency="police", left_on=date(2025, 3, 3)),
            ]
        )
    with database.reading() as session:

        def names(words: str, *, left: bool = False) -> list[str]:
            found = [one.name for one in people.found(session, words, left=left)]
            assert people.count_found(session, words, left=left) == len(found)
            return found

        assert names("") == ["asha Begum", "Asha Patel"]
        assert names("ASHA officer") == ["Asha Patel"]
        assert names("100%.") == ["asha Begum"]
        assert names("%") == ["asha Begum"]
        assert names("tom") == []
        assert names("", left=True) == ["Tom"]
        assert [one.name for one in people.found(session, "", left=False, offset=1, limit=1)] == [
            "Asha Patel"
        ]
