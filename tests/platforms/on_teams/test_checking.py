"""`taf teams check` says of each thing whether it is well, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot import checking as ours
from bot.cli import main
from bot.clock import WallClock
from bot.teams.checking import DO, TRIAL, check
from bot.teams.manifest import GRAPH, IN_CHANNELS, IN_THE_CHAT, IN_THE_TEAM, LOOKING
from tests.platforms.on_teams.porch import settings
from tests.platforms.teams import chores
from tests.platforms.teams.channels import makes_team
from tests.platforms.teams.tenant import Tenant

Environment = dict[str, str]
ASHA, TOM = "asha.khan@borough.example", "tom.hale@borough.example"
BOTH = (ASHA, TOM)
NAMES = (
    "TEAMS_CLIENT_ID",
    "TEAMS_TENANT_ID",
    "TEAMS_CLIENT_SECRET",
    "TEAMS_CERTIFICATE",
    "TEAMS_MANAGED_IDENTITY",
    "TEAMS_CLOUD",
    "TEAMS_ROOM",
    "TEAMS_TEAM",
    "TEAMS_APP_ID",
    "TEAMS_LOGIN_URL",
    "TEAMS_OPENID_URL",
    "TEAMS_GRAPH_URL",
    "TEAMS_SERVICE_URLS",
)


@pytest.fixture
def allowed(tenant: Tenant) -> Environment:
    """The settings of an assistant that makes the families' chats, with all that it needs."""
    tenant.limits.on = False
    tenant.app.roles = {*GRAPH, *LOOKING}
    tenant.app.rsc = set(IN_THE_CHAT)
    tenant.joins("Asha Khan", ASHA)
    tenant.joins("Tom Hale", TOM)
    return settings(tenant, TEAMS_ROOM="group_chat")


def looked(
    environment: Environment,
    may_make: Callable[[str], bool] | None = lambda _: True,
    people: tuple[str, ...] = BOTH,
) -> dict[str, ours.Checked]:
    """The lines of the check, by what each is about."""
    return {one.what: one for one in check(environment, WallClock(), may_make, people)}


def ill(found: dict[str, ours.Checked]) -> list[str]:
    """What is to be mended."""
    return [one.what for one in found.values() if not one.ok]


def test_all_is_well_where_the_assistant_makes_the_chats(
    tenant: Tenant, allowed: Environment
) -> None:
    found = looked(allowed)
    assert [one.shown for one in found.values() if not one.ok] == []
    assert list(found) == [
        "settings",
        "sign-in",
        "keys",
        "service",
        "clock",
        "permissions",
        "app",
        "chat",
    ]
    assert f"all {len(GRAPH)} are granted, what may have arrived is looked up" in (
        found["permissions"].says
    )
    assert found["chat"].says == f"{TRIAL} was made, the app was in it, and it was emptied"
    assert tenant.chat_of(TRIAL).members == []
    assert len(tenant.calls("chats.create")) == 1


def test_all_is_well_where_people_make_them_without_any_permission(tenant: Tenant) -> None:
    tenant.app.roles = set()
    found = looked(settings(tenant))
    assert not ill(found)
    assert "none for Microsoft Graph are needed" in found["permissions"].says
    assert not tenant.calls("chats.create")


@pytest.mark.parametrize(
    ("may_make", "people"), [(None, BOTH), (lambda _: False, BOTH), (lambda _: True, (ASHA,))]
)
def test_no_chat_is_made_unless_somebody_says_so(
    tenant: Tenant,
    allowed: Environment,
    may_make: Callable[[str], bool] | None,
    people: tuple[str, ...],
) -> None:
    found = looked(allowed, may_make, people)
    assert (found["chat"].ok, found["chat"].says) == (True, "not tried")
    assert not tenant.calls("chats.create")


def test_not_set_up_is_said(allowed: Environment) -> None:
    assert looked({})["settings"].status == 1
    wrong = looked(allowed | {"TEAMS_CLOUD": "Mars"})
    assert (list(wrong), wrong["settings"].status) == (["settings"], 2)


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"TEAMS_CLIENT_SECRET": "made-up-and-wrong"}, "AADSTS7000215"),
        ({"TEAMS_CLIENT_ID": "7af00000-0000-4000-8000-00000000dead"}, "AADSTS700016"),
        ({"TEAMS_TENANT_ID": "7af00000-0000-4000-8000-00000000dead"}, "AADSTS90002"),
    ],
)
def test_who_is_not_signed_in_is_told_what_to_compare(
    allowed: Environment, changed: Environment, number: str
) -> None:
    found = looked(allowed | changed)
    assert ill(found) == ["sign-in", "permissions"]
    assert DO[number] in found["sign-in"].says
    assert "made-up" not in found["sign-in"].says


@pytest.mark.parametrize("one", list(GRAPH))
def test_a_permission_that_is_missing(tenant: Tenant, allowed: Environment, one: str) -> None:
    tenant.app.roles.discard(one)
    line = looked(allowed)["permission"]
    assert line.says.startswith(f"{one} is missing, which is needed to {GRAPH[one]}")
    assert "grant consent" in line.says
    assert bool(tenant.calls("chats.create")) == (
        one not in {"AppCatalog.Read.All", "Chat.Create", "User.ReadBasic.All"}
    )


def test_permissions_too_many_or_wider_are_said(tenant: Tenant, allowed: Environment) -> None:
    tenant.app.roles -= {*LOOKING, "User.ReadBasic.All"}
    tenant.app.roles |= {"User.Read.All"}
    line = looked(allowed)["permissions"]
    assert line.ok
    assert "what may have arrived comes again" in line.says
    assert "take away: User.Read.All" in line.says


def test_an_app_that_is_not_in_the_catalogue(tenant: Tenant, allowed: Environment) -> None:
    tenant.app.in_catalog = False
    found = looked(allowed)
    assert ill(found) == ["app"]
    assert "`taf teams manifest`" in found["app"].says


def test_an_app_of_another_id(allowed: Environment) -> None:
    found = looked(allowed | {"TEAMS_APP_ID": "7af00000-0000-4000-8000-00000000dead"})
    assert "TEAMS_APP_ID" in found["app"].says


def test_a_chat_that_could_not_be_put_away_is_said(tenant: Tenant, allowed: Environment) -> None:
    tenant.faults.order("chats.install", "500 before")
    line = looked(allowed)["chat"]
    assert (line.ok, "leave it by hand" in line.says) == (False, True)


def test_a_person_whom_nobody_knows(tenant: Tenant, allowed: Environment) -> None:
    line = looked(allowed, people=(ASHA, "no'body@borough.example"))["chat"]
    assert (line.ok, "no'body@borough.example" in line.says) == (False, True)
    assert not tenant.calls("chats.create")


def test_a_lost_answer_is_not_tried_again(tenant: Tenant, allowed: Environment) -> None:
    tenant.faults.order("chats.create", "reset after")
    line = looked(allowed)["chat"]
    assert (line.ok, "did not say whether" in line.says) == (False, True)
    assert tenant.chat_of(TRIAL)


@pytest.mark.parametrize(
    ("seconds", "well", "words"),
    [
        (50, True, "within a minute"),
        (90, False, "behind Microsoft's; beyond 300"),
        (-90, False, "ahead of Microsoft's; beyond 300"),
    ],
)
def test_the_clocks_are_compared(
    tenant: Tenant, allowed: Environment, seconds: int, well: bool, words: str
) -> None:
    tenant.now = (WallClock().now() + timedelta(seconds=seconds)).timestamp
    line = looked(allowed, None)["clock"]
    assert (line.ok, words in line.says) == (well, True), line.says


def test_servers_that_cannot_be_reached(tenant: Tenant, allowed: Environment) -> None:
    tenant.serving.go_deaf()
    found = looked(allowed)
    assert ill(found) == ["sign-in", "keys", "service", "permissions"]
    assert all("must be let out" in found[one].says for one in ill(found))
    tenant.serving.hear()


def test_keys_that_are_none(tenant: Tenant, allowed: Environment) -> None:
    found = looked(allowed | {"TEAMS_OPENID_URL": f"{tenant.url}/elsewhere"})
    assert ill(found) == ["keys"]
    assert "TEAMS_OPENID_URL" in found["keys"].says


def test_microsoft_asks_us_to_wait(tenant: Tenant, allowed: Environment) -> None:
    tenant.faults.order("chats.create", "429 5")
    assert "in a minute" in looked(allowed)["chat"].says


def run(environment: Environment, *words: str, typed: str = "") -> tuple[int, str]:
    """The command, as somebody runs it."""
    empty: dict[str, str | None] = dict.fromkeys(NAMES)
    result = CliRunner().invoke(
        main, ["teams", "check", *words], input=typed, env=empty | environment
    )
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("words", "typed", "made"),
    [
        (("--person", ASHA, "--person", TOM), "y\n", 1),
        (("--person", ASHA, "--person", TOM), "n\n", 0),
        (("--person", ASHA, "--person", TOM), "", 0),
        (("--person", ASHA, "--person", TOM, "--yes"), "", 1),
        (("--yes",), "", 0),
    ],
)
def test_the_command_asks_first(
    tenant: Tenant, allowed: Environment, words: tuple[str, ...], typed: str, made: int
) -> None:
    status, shown = run(allowed, *words, typed=typed)
    assert status == 0, shown
    assert len(tenant.calls("chats.create")) == made


def test_the_command_ends_as_bad_as_its_worst_line(tenant: Tenant, allowed: Environment) -> None:
    tenant.app.secret = "changed"
    status, shown = run(allowed)
    assert (status, "MEND  sign-in: " in shown) == (1, True)
    assert run({})[0] == 1
    assert run({"TEAMS_CLIENT_ID": "wrong"})[0] == 2
    assert allowed["TEAMS_CLIENT_SECRET"] not in shown


def test_taf_check_asks_microsoft_nothing(
    tenant: Tenant, allowed: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for environment, words in (({}, "not joined"), (allowed, "with a client secret")):
        with monkeypatch.context() as given:
            for name, value in environment.items():
                given.setenv(name, value)
            line = next(one for one in ours.check(None) if one.what == "teams")
        assert (line.ok, words in line.says) == (True, True)
    assert not tenant.log


@pytest.fixture
def in_channels(tenant: Tenant) -> Environment:
    """The settings of an assistant that makes private channels, with all that it needs."""
    tenant.limits.on = False
    tenant.app.roles, tenant.app.rsc = set(IN_CHANNELS), set(IN_THE_TEAM)
    hands = tenant.joins("Asha Khan", ASHA), tenant.joins("Tom Hale", TOM)
    team = makes_team(tenant, hands[0].person)
    chores.install(tenant, team.general, hands[0].person)
    return settings(tenant, TEAMS_ROOM="private_channel", TEAMS_TEAM=team.id)


def test_of_private_channels_the_team_is_looked_at_and_none_is_made(
    tenant: Tenant, in_channels: Environment
) -> None:
    found = looked(in_channels, people=())
    assert [one.shown for one in found.values() if not one.ok] == []
    assert f"all {len(IN_CHANNELS)} are granted" in found["permissions"].says
    assert "0 private channels" in found["team"].says
    assert list(found)[-3:] == ["team", "app in the team", "channel"]
    assert not tenant.calls("channels.create")
    assert not tenant.calls("chats.create")


def test_whoever_is_not_in_the_team_is_named(in_channels: Environment) -> None:
    found = looked(in_channels)
    assert (ill(found), found[ASHA].ok) == ([TOM], True)


def test_a_team_that_is_not_there_or_lacks_the_app(
    tenant: Tenant, in_channels: Environment
) -> None:
    elsewhere = looked(in_channels | {"TEAMS_TEAM": "7af00000-0000-4000-8000-00000000dead"})
    assert (ill(elsewhere), "TEAMS_TEAM" in elsewhere["team"].says) == (["team"], True)
    assert tenant.team is not None
    chores.uninstall(tenant, tenant.team.general, None)
    found = looked(in_channels, people=())
    assert ill(found) == ["app in the team"]
    assert "Add the app to the team" in found["app in the team"].says


@pytest.mark.parametrize("one", list(IN_CHANNELS))
def test_a_permission_for_channels_that_is_missing(
    tenant: Tenant, in_channels: Environment, one: str
) -> None:
    tenant.app.roles.discard(one)
    assert looked(in_channels)["permission"].says.startswith(f"{one} is missing")
