"""Stories of the record of practitioners: added, changed, left, back, and matched with accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.chat.asking import Asked, Asking
from messages.card import Button, Card
from storage import accounts, people, subjects
from storage.accounts import Account
from storage.audit import AuditEntry
from storage.people import Person
from tests import builders
from tests.world import World
from workflows.accounts import MOST_A_DAY, match_verified, somebody_unknown
from workflows.refusals import Gone


def details(**changes: Any) -> dict[str, Any]:
    """The form of a practitioner, filled in."""
    return {
        "name": "Zoe Begum",
        "agency": "housing",
        "job": "Housing officer",
        "email": "Zoe.Begum@housing.example",
        "works_on": ["1", "2", "3"],
        "roles": [],
        "verified_on": "2025-03-03",
    } | changes


def tries(world: World, account: str = "U1", platform: str = "slack", **shown: Any) -> str:
    """Somebody tries to use the assistant; their account's reference."""
    office, now = world.assistant.office, world.clock.now()
    given = (platform, account, now, office.policy, office.days)
    with world.database.writing() as session:
        somebody_unknown(session, *given, **shown)
        found = accounts.find(session, platform, account)
        assert found is not None
        return found.ref


def told(world: World, who: str, words: str) -> int:
    """How often somebody was told this."""
    return sum(f"{one.title}\n{one.text}".count(words) for one in world.then(who).messages)


def is_on(world: World, name: str, platform: str, account: str) -> None:
    """Somebody is this account from the start."""
    with world.database.writing() as session:
        person = session.get_one(Person, world.people[name])
        person.platform, person.platform_id = platform, account


class TestAdding:
    def test_a_practitioner_in_the_record_can_be_put_on_a_team(self, world: World) -> None:
        world.given_a_family()
        zoe = world.does("Priya", "person.add", **details()).about or ""
        assert world.look(zoe, "name", "agency", "job", "works_on", "roles") == (
            "Zoe Begum",
            "housing",
            "Housing officer",
            "123",
            [],
        )
        assert world.look(zoe, "email", "platform") == ("zoe.begum@housing.example", "web")
        assert world.look(zoe, "identity_verified_on") == date(2025, 3, 3)
        world.does("Maya", "taf.add_member", world.taf, person=zoe)
        assert world.team()["Zoe Begum"] == "joined"

    def test_nobody_joins_before_it_was_checked_who_they_are(self, world: World) -> None:
        world.given_a_family()
        zoe = world.does("Priya", "person.add", **details(verified_on="")).about or ""
        refused = world.refused("Maya", "taf.add_member", world.taf, person=zoe)
        assert refused == "not_verified"

    def test_they_are_to_be_reached_where_the_rooms_are(self, world: World) -> None:
        object.__setattr__(world.assistant.office, "rooms_on", "slack")
        zoe = world.does("Priya", "person.add", **details()).about or ""
        assert world.look(zoe, "platform", "platform_id") == ("slack", None)

    @pytest.mark.parametrize("who", ["Maya", "Dr Clarke", "Nosy"])
    def test_only_a_co_ordinator_adds(self, world: World, who: str) -> None:
        assert world.refused(who, "person.add", **details()) == "not_a_co_ordinator"

    @pytest.mark.parametrize(
        "email",
        ["zoe", "zoe@", "@housing.example", "zoe@housing", "a b@c.example", "a@b@c.example"],
    )
    def test_half_an_address_is_refused(self, world: World, email: str) -> None:
        answer = world.tries("Priya", "person.add", **details(email=email))
        assert answer.refused == "bad_email"
        assert list(answer.errors) == ["email"]

    def test_a_check_to_come_is_refused(self, world: World) -> None:
        later = details(verified_on="2025-03-05")
        assert world.refused("Priya", "person.add", **later) == "date_in_the_future"

    def test_an_address_is_one_practitioners(self, world: World) -> None:
        world.does("Priya", "person.add", **details())
        again = details(name="Zed", email="ZOE.BEGUM@HOUSING.EXAMPLE")
        answer = world.tries("Priya", "person.add", **again)
        assert answer.refused == "email_taken"
        assert "Zoe Begum has this e-mail address already" in answer.errors["email"]

    def test_whoever_left_comes_back_under_the_same_name(self, world: World) -> None:
        zoe = world.does("Priya", "person.add", **details()).about or ""
        world.does("Priya", "person.has_left", zoe)
        other = world.tries("Priya", "person.add", **details(name="Zed"))
        assert other.refused == "email_of_somebody_who_left"
        assert "Zoe Begum had this e-mail address and has left" in other.sentence

        before = world.count(Person)
        again = world.does("Priya", "person.add", **details(name="zoe begum", job="Manager"))
        assert again.about == zoe
        assert world.look(zoe, "left_on", "name", "job") == (None, "zoe begum", "Manager")
        assert world.count(Person) == before


class TestChanging:
    def test_details_change_and_are_in_the_audit(self, world: World) -> None:
        zoe = world.does("Priya", "person.add", **details()).about or ""
        version = world.look(zoe, "version")
        world.does("Priya", "person.change", zoe, **details(agency="police", works_on=["5"]))
        assert world.look(zoe, "agency", "works_on", "version") == ("police", "5", version + 1)
        with world.database.reading() as session:
            line = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
            assert line is not None
            assert (line.command, line.about) == ("person.change", zoe)
            assert line.facts["agency"] == "police"

    def test_the_address_stays_ones_own_or_nobodys(self, world: World) -> None:
        zoe = world.does("Priya", "person.add", **details()).about or ""
        world.does("Priya", "person.change", zoe, **details(name="Zoe B"))
        theirs = details(name="Zed", email="zed@housing.example")
        zed = world.does("Priya", "person.add", **theirs).about or ""
        assert world.refused("Priya", "person.change", zed, **details()) == "email_taken"
        world.does("Priya", "person.has_left", zoe)
        refused = world.refused("Priya", "person.change", zed, **details())
        assert refused == "email_of_somebody_who_left"

    def test_nobody_on_a_team_goes_to_an_agency_without_agreement(self, world: World) -> None:
        unsigned = next(
            key
            for key, one in world.assistant.office.policy.agencies.items()
            if not one.agreement_signed
        )
        world.given_a_family()
        moving = details(name="Asha", agency=unsigned, email="asha@housing.example")
        answer = world.tries("Priya", "person.change", world.ref("Asha"), **moving)
        assert answer.refused == "on_a_team"
        assert "F-1042" in answer.errors["agency"]
        world.does("Priya", "person.change", world.ref("Ola"), **moving)

    def test_the_last_co_ordinator_stays_one(self, world: World) -> None:
        plain = details(name="Priya", email="priya@advice.example")
        refused = world.refused("Priya", "person.change", world.ref("Priya"), **plain)
        assert refused == "last_co_ordinator"
        assert world.refused("Priya", "person.has_left", world.ref("Priya")) == "last_co_ordinator"
        world.given_a_person("Quinn", "housing", ["co-ordinator"])
        world.does("Priya", "person.change", world.ref("Priya"), **plain)
        assert world.refused("Priya", "person.add", **details()) == "not_a_co_ordinator"

    def test_a_supervisors_room_follows_the_role(self, world: World) -> None:
        world.given_a_family()
        world.does("Maya", "help.ask", world.taf, **builders.help_wanted())
        inside = world.platform.inside["supervision"]
        assert inside == {world.people["Dr Clarke"]}
        ola = details(name="Ola", email="ola@probation.example", agency="probation")
        world.does("Priya", "person.change", world.ref("Ola"), **ola | {"roles": ["supervisor"]})
        assert inside == {world.people["Dr Clarke"], world.people["Ola"]}
        world.does("Priya", "person.change", world.ref("Ola"), **ola)
        assert inside == {world.people["Dr Clarke"]}
        new = details(roles=["supervisor"])
        zoe = world.does("Priya", "person.add", **new).about or ""
        assert len(inside) == 2
        world.does("Priya", "person.has_left", zoe)
        world.does("Priya", "person.has_left", world.ref("Dr Clarke"))
        assert inside == set()
        world.does("Priya", "person.come_back", zoe)
        assert len(inside) == 1


class TestLeaving:
    def test_out_of_team_and_room_and_the_lead_hears_of_open_actions(self, world: World) -> None:
        done = world.given_an_agreed_action(owner="Asha", due="Tue 18 March")
        world.does("Asha", "action.mark_done", done)
        action = world.given_an_agreed_action(owner="Asha", due="Tue 25 March")
        world.does("Priya", "person.has_left", world.ref("Asha"))

        assert world.team()["Asha"] == "left"
        assert world.people["Asha"] not in world.platform.inside["F-1042"]
        world.then("the room").sees("Asha has left the team")
        assert world.look(world.place("Asha"), "why") == "They have left their post."
        assert world.refused("Asha", "action.mark_done", action) == "gone"
        before = len(world.then("Asha").messages)
        world.when("Wed 5 March")
        assert len(world.then("Asha").messages) == before
        maya = world.then("Maya")
        maya.sees("F-1042: Asha has left, and action 2 is still theirs")
        maya.sees("It is due on Tuesday 25 March.")
        maya.never_sees("action 1 is still theirs")

    def test_what_was_given_to_somebody_else_is_not_said(self, world: World) -> None:
        action = world.given_an_agreed_action(owner="Asha", due="Tue 25 March")
        world.does("Priya", "person.has_left", world.ref("Asha"))
        world.does("Maya", "action.give_to", action, owner=world.ref("Tom"))
        world.when("Wed 5 March")
        world.then("Maya").never_sees("still theirs")

    def test_whoever_leads_hands_over_first(self, world: World) -> None:
        world.given_a_family()
        answer = world.tries("Priya", "person.has_left", world.ref("Maya"))
        assert answer.refused == "leads_families"
        assert answer.sentence.startswith("Maya is the Lead Professional of F-1042.")
        assert world.look(world.ref("Maya"), "left_on") is None
        world.does("Maya", "lead.give_up", world.taf, reason="x")
        world.does("Priya", "person.has_left", world.ref("Maya"))
        assert world.team()["Maya"] == "left"

    def test_a_lead_that_was_offered_is_taken_back(self, world: World) -> None:
        world.given_a_family()
        offer = world.does(
            "Maya", "lead.hand_over", world.taf, to=world.ref("Tom"), reason="x"
        ).about
        world.does("Priya", "person.has_left", world.ref("Tom"))
        assert world.look(offer or "", "state") == "withdrawn"
        world.when("Wed 5 March")
        world.then("Maya").sees("Tom cannot take on the lead")

    def test_who_was_proposed_is_declined_and_who_was_away_is_gone(self, world: World) -> None:
        world.given_a_family()
        world.does("Asha", "taf.add_member", world.taf, person=world.ref("Ola"))
        world.does("Priya", "person.has_left", world.ref("Ola"))
        assert world.team()["Ola"] == "declined"
        world.does("Maya", "consent.withdraw", world.member("mother"), withdrawn_on="2025-03-04")
        assert world.team()["Tom"] == "away"
        world.does("Priya", "person.has_left", world.ref("Tom"))
        assert world.team()["Tom"] == "left"

    def test_a_closed_family_keeps_who_was_on_its_team(self, world: World) -> None:
        world.given_a_family()
        closing = builders.closing({world.member("mother"): {"told_on": "2025-03-04"}})
        world.does("Maya", "taf.close", world.taf, **closing)
        world.does("Priya", "person.has_left", world.ref("Maya"))
        assert world.team()["Maya"] == "joined"

    def test_it_is_said_once(self, world: World) -> None:
        world.does("Priya", "person.has_left", world.ref("Ola"))
        for command in ("person.has_left", "person.change"):
            answers = details() if command == "person.change" else {}
            assert world.refused("Priya", command, world.ref("Ola"), **answers) == "left_already"
        world.does("Priya", "person.come_back", world.ref("Ola"))
        assert world.refused("Priya", "person.come_back", world.ref("Ola")) == "in_post_already"

    @pytest.mark.parametrize("who", ["Maya", "Nosy"])
    @pytest.mark.parametrize("command", ["person.change", "person.has_left", "person.unmatch"])
    def test_for_others_there_is_nobody_there(self, world: World, who: str, command: str) -> None:
        assert world.refused(who, command, world.ref("Asha")) == "not_a_member"

    def test_an_account_that_went_to_somebody_else_is_not_theirs_on_coming_back(
        self, world: World
    ) -> None:
        is_on(world, "Ola", "slack", "U1")
        is_on(world, "Tom", "slack", "U2")
        world.does("Priya", "person.has_left", world.ref("Ola"))
        world.does("Priya", "person.has_left", world.ref("Tom"))
        account = tries(world)
        world.does("Priya", "account.match", account, person=world.ref("Nosy"))
        world.does("Priya", "person.come_back", world.ref("Ola"))
        world.does("Priya", "person.come_back", world.ref("Tom"))
        assert world.look(world.ref("Ola"), "platform_id") is None
        assert world.look(world.ref("Tom"), "platform_id") == "U2"


class TestMatching:
    def test_the_co_ordinators_hear_once_a_day_and_what_they_are_called_is_not_said(
        self, world: World
    ) -> None:
        account = tries(world, name="ZEBRA", email="zebra@x.example")
        tries(world, name="ZEBRA")
        world.when("Wed 5 March")
        priya = world.then("Priya")
        priya.sees("Slack: Somebody whom I do not know has tried to use me")
        priya.never_sees("ZEBRA")
        assert told(world, "Priya", "whom I do not know") == 1
        tries(world)
        tries(world)
        world.when("Thu 6 March")
        assert told(world, "Priya", "whom I do not know") == 2
        world.then("Maya").hears_nothing()
        assert world.look(account, "name", "told_on") == ("ZEBRA", date(2025, 3, 5))

    def test_a_crowd_is_not_told_one_by_one(self, world: World) -> None:
        for number in range(MOST_A_DAY + 3):
            tries(world, f"U{number}")
        world.when("Wed 5 March")
        assert told(world, "Priya", "whom I do not know") == MOST_A_DAY
        assert world.count(Account) == MOST_A_DAY + 3

    def test_matched_they_are_known_and_it_is_checked_who_they_are(self, world: World) -> None:
        world.given_a_person("Zed", "housing", identity_verified_on=None)
        account = tries(world)
        world.does("Priya", "account.match", account, person=world.ref("Zed"))
        with world.database.reading() as session:
            zed = people.known_as(session, "slack", "U1")
            assert zed is not None
            assert (zed.name, zed.identity_verified_on) == ("Zed", date(2025, 3, 4))
            line = session.query(AuditEntry).where(AuditEntry.entry == "matched").one()
            assert (line.about, line.person_id) == (world.ref("Zed"), world.people["Priya"])
            assert line.facts == {"platform": "slack"}
        world.when("Wed 5 March")
        world.then("Priya").never_sees("whom I do not know")
        again = world.refused("Priya", "account.match", account, person=world.ref("Zed"))
        assert again == "already_seen_to"

    def test_what_is_somebodys_is_changed_only_openly(self, world: World) -> None:
        is_on(world, "Asha", "slack", "U1")
        account = tries(world)
        answer = world.tries("Priya", "account.match", account, person=world.ref("Tom"))
        assert answer.refused == "account_taken"
        assert "matched with Asha" in answer.errors["person"]
        openly = {"person": world.ref("Tom"), "instead": "yes"}
        world.does("Priya", "account.match", account, **openly)
        assert world.look(world.ref("Asha"), "platform_id") is None
        assert world.look(world.ref("Tom"), "platform", "platform_id") == ("slack", "U1")

    @pytest.mark.parametrize("platform", ["slack", "teams"])
    def test_who_has_another_account_is_changed_only_openly(
        self, world: World, platform: str
    ) -> None:
        is_on(world, "Asha", platform, "A1")
        account = tries(world)
        answer = world.tries("Priya", "account.match", account, person=world.ref("Asha"))
        assert answer.refused == "other_account"
        assert f"another account on {platform.capitalize()}" in answer.errors["person"]
        openly = {"person": world.ref("Asha"), "instead": "yes"}
        world.does("Priya", "account.match", account, **openly)
        assert world.look(world.ref("Asha"), "platform", "platform_id") == ("slack", "U1")

    def test_set_aside_it_is_not_told_of_again_and_can_still_be_matched(self, world: World) -> None:
        account = tries(world)
        world.does("Priya", "account.set_aside", account)
        tries(world)
        world.when("Wed 5 March")
        world.then("Priya").hears_nothing()
        assert world.refused("Priya", "account.set_aside", account) == "already_seen_to"
        world.does("Priya", "account.match", account, person=world.ref("Ola"))
        assert world.look(account, "set_aside_at") is None
        assert world.refused("Priya", "account.set_aside", account) == "already_seen_to"

    def test_a_wrong_account_is_taken_off(self, world: World) -> None:
        is_on(world, "Asha", "slack", "U1")
        world.does("Priya", "person.unmatch", world.ref("Asha"))
        assert world.look(world.ref("Asha"), "platform_id") is None
        with world.database.reading() as session:
            assert [one.account for one in accounts.unknown(session)] == ["U1"]
        assert world.refused("Priya", "person.unmatch", world.ref("Asha")) == "no_account"

    def test_who_has_left_is_no_unknown_account(self, world: World) -> None:
        is_on(world, "Ola", "slack", "U1")
        tries(world)
        world.does("Priya", "person.has_left", world.ref("Ola"))
        tries(world)
        world.when("Wed 5 March")
        world.then("Priya").hears_nothing()
        world.does("Priya", "person.come_back", world.ref("Ola"))
        with world.database.reading() as session:
            back = people.known_as(session, "slack", "U1")
            assert back is not None
            assert accounts.set_aside(session) == []

    @pytest.mark.parametrize("command", ["account.match", "account.set_aside"])
    def test_for_others_there_is_no_account(self, world: World, command: str) -> None:
        assert world.refused("Maya", command, tries(world)) == "not_a_member"

    def test_by_verified_e_mail_nobody_is_changed(self, world: World) -> None:
        is_on(world, "Tom", "slack", "U1")
        is_on(world, "Ola", "slack", "U2")
        world.given_a_person("Zed", "housing", identity_verified_on=None)
        now, today = world.clock.now(), date(2025, 3, 4)
        with world.database.writing() as session:

            def matched(name: str, user: str) -> int | None:
                person = subjects.find(session, world.ref(name))
                return match_verified(session, person, "slack", user, now, today)

            assert match_verified(session, None, "slack", "U3", now, today) is None
            assert matched("Ola", "U3") is None
            assert matched("Zed", "U1") is None
            assert matched("Zed", "U3") == world.people["Zed"]
        assert world.look(world.ref("Zed"), "platform_id", "identity_verified_on") == ("U3", today)
        assert world.look(world.ref("Ola"), "platform_id") == "U2"


def test_a_co_ordinator_who_is_told_can_press(world: World) -> None:
    account = tries(world)
    world.when("Wed 5 March")
    (digest,) = [Card.from_json(one.card) for one in world.outbox() if one.card is not None]
    buttons = [Button(name, account) for name in ("account.match", "account.set_aside")]
    assert list(digest.cards[0].buttons) == buttons


def test_on_a_chat_platform_the_form_says_whom_it_is_about(world: World) -> None:
    account = tries(world, name="Ash B", email="ash@x.example")
    asking = Asking(world.assistant)
    priya = world.people["Priya"]
    ready = asking.ready(Asked(priya, "account.match", account))
    assert ready.context == ["Ash B on Slack", "ash@x.example"]
    ready = asking.ready(Asked(priya, "person.has_left", world.ref("Asha")))
    assert ready.context == ["Asha"]
    with pytest.raises(Gone):
        asking.ready(Asked(world.people["Maya"], "account.match", account))
