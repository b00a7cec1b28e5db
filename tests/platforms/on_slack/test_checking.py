"""`taf slack check` says of each thing whether it is well, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from random import Random

import pytest
from click.testing import CliRunner
from slack_sdk import WebClient

from bot import checking as ours
from bot.cli import main
from bot.clock import WallClock
from bot.configuring import NotSetUp
from bot.slack import manifest
from bot.slack.checking import MOST_NAMES, check
from bot.slack.connecting import connection
from tests.platforms.slack.calling import METHODS
from tests.platforms.slack.workspace import Workspace

SECRET = "0123456789abcdef0123456789abcdef"
SEED = 7

Environment = dict[str, str]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace in which the app is installed from its manifest."""
    with Workspace() as found:
        found.app.scopes = set(manifest.SCOPES)
        yield found


@pytest.fixture
def over_http(workspace: Workspace) -> Environment:
    """The settings of an assistant that Slack reaches."""
    return {
        "SLACK_BOT_TOKEN": workspace.app.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": workspace.api_url,
    }


@pytest.fixture
def by_socket(workspace: Workspace) -> Environment:
    """The settings of one that nothing reaches from outside."""
    return {
        "SLACK_BOT_TOKEN": workspace.app.bot_token,
        "SLACK_APP_TOKEN": workspace.app.app_token,
        "SLACK_API_URL": workspace.api_url,
    }


def looked(
    environment: Environment, may_open: Callable[[str], bool] | None = lambda _: True
) -> dict[str, ours.Checked]:
    """The lines of the check, by what each is about."""
    return {one.what: one for one in check(environment, WallClock(), Random(SEED), may_open)}


def names() -> list[str]:
    """The names that will be tried."""
    luck = Random(SEED)
    return [f"taf-check-{luck.getrandbits(24):06x}" for _ in range(MOST_NAMES)]


def test_all_is_well_over_http(workspace: Workspace, over_http: Environment) -> None:
    found = looked(over_http)
    assert [one.shown for one in found.values() if not one.ok] == []
    assert list(found) == [
        "settings",
        "token",
        "permissions",
        "clock",
        "signing secret",
        "private channel",
    ]
    assert found["permissions"].says == f"all {len(manifest.SCOPES)} are granted"
    made = workspace.channel_of(names()[0])
    assert (made.is_private, made.is_archived) == (True, True)
    assert made.members == [workspace.app.bot_user]


def test_all_is_well_by_socket(workspace: Workspace, by_socket: Environment) -> None:
    found = looked(by_socket)
    assert all(one.ok for one in found.values())
    assert found["app-level token"].says == "Slack gives us a connection"
    assert len(workspace.calls("apps.connections.open")) == 1


@pytest.mark.parametrize("may_open", [None, lambda _: False], ids=["not wanted", "declined"])
def test_no_channel_is_made_unless_somebody_says_so(
    workspace: Workspace, over_http: Environment, may_open: Callable[[str], bool] | None
) -> None:
    found = looked(over_http, may_open)
    assert (found["private channel"].ok, found["private channel"].says) == (True, "not tried")
    assert not workspace.calls("conversations.create")


def test_not_set_up_is_said(over_http: Environment) -> None:
    assert looked({})["settings"].status == 1
    wrong = looked(over_http | {"SLACK_BOT_TOKEN": "xoxp-of-a-person"})
    assert list(wrong) == ["settings"]
    assert (wrong["settings"].status, "xoxb-" in wrong["settings"].says) == (2, True)


@pytest.mark.parametrize("kind", ["token_revoked", "account_inactive"])
def test_a_token_that_slack_does_not_know(
    workspace: Workspace, over_http: Environment, kind: str
) -> None:
    workspace.app.refusal = kind
    found = looked(over_http)
    assert "Install the app" in found["token"].says
    assert [one.what for one in found.values() if not one.ok] == ["token"]
    assert "private channel" not in found


def test_an_app_that_belongs_to_a_whole_organisation(
    over_http: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One token of many workspaces: some calls want to know which, and ours do not say."""
    usual = METHODS["auth.test"]
    organisation = {"is_enterprise_install": True, "enterprise_id": "E0COUNTY"}
    monkeypatch.setitem(METHODS, "auth.test", lambda call: usual(call) | organisation)
    assert "install it in one workspace" in looked(over_http)["token"].says


def test_an_app_token_that_slack_does_not_know(by_socket: Environment) -> None:
    found = looked(by_socket | {"SLACK_APP_TOKEN": "xapp-1-OTHER-made-up"})
    assert "connections:write" in found["app-level token"].says
    assert [one.what for one in found.values() if not one.ok] == ["app-level token"]


@pytest.mark.parametrize("scope", list(manifest.SCOPES))
def test_a_permission_that_is_missing(
    workspace: Workspace, over_http: Environment, scope: str
) -> None:
    workspace.app.scopes -= {scope}
    line = looked(over_http)["permission"]
    assert not line.ok
    assert line.says.startswith(f"{scope} is missing")
    assert manifest.SCOPES[scope] in line.says
    assert bool(workspace.calls("conversations.create")) == (scope != "groups:write")


def test_a_permission_too_many_is_said(workspace: Workspace, over_http: Environment) -> None:
    workspace.app.scopes |= {"team:read"}
    line = looked(over_http)["permissions"]
    assert (line.ok, "take away: team:read" in line.says) == (True, True)


@pytest.mark.parametrize(
    ("seconds", "well", "words"),
    [
        (0, True, "within a minute"),
        (50, True, "within a minute"),
        (90, False, "behind Slack's; beyond 300 every request"),
        (-90, False, "ahead of Slack's; beyond 300 every request"),
        (400, False, "behind Slack's; every request of Slack's is refused"),
    ],
)
def test_the_clocks_are_compared(
    workspace: Workspace, over_http: Environment, seconds: int, well: bool, words: str
) -> None:
    workspace.now = (WallClock().now() + timedelta(seconds=seconds)).timestamp
    line = looked(over_http)["clock"]
    assert (line.ok, words in line.says) == (well, True), line.says


@pytest.mark.parametrize("secret", ["short", SECRET.upper(), SECRET + "0", "z" * 32])
def test_a_secret_that_cannot_be_one(over_http: Environment, secret: str) -> None:
    line = looked(over_http | {"SLACK_SIGNING_SECRET": secret})["signing secret"]
    assert (line.ok, "Basic Information" in line.says) == (False, True)
    assert secret not in line.says


def test_a_name_that_is_taken_is_let_be(workspace: Workspace, over_http: Environment) -> None:
    first, second, *_ = names()
    theirs = workspace.add_channel(first, workspace.joins("Asha Khan").id)
    line = looked(over_http)["private channel"]
    assert (line.ok, second in line.says, theirs.is_archived) == (True, True, False)


def test_names_that_are_all_taken(workspace: Workspace, over_http: Environment) -> None:
    for name in names():
        workspace.add_channel(name, workspace.joins(name).id)
    line = looked(over_http)["private channel"]
    assert (line.ok, "taken" in line.says) == (False, True)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("conversations.create", "A workspace owner can let members make private channels"),
        ("conversations.archive", f"{names()[0]} was made and not archived"),
    ],
)
def test_what_the_workspace_does_not_let_us_do(
    workspace: Workspace, over_http: Environment, method: str, words: str
) -> None:
    workspace.app.restricted = {method}
    line = looked(over_http)["private channel"]
    assert (line.ok, words in line.says) == (False, True), line.says


def test_a_lost_answer_is_not_tried_again(workspace: Workspace, over_http: Environment) -> None:
    workspace.faults.order("conversations.create", "reset after")
    line = looked(over_http)["private channel"]
    assert (line.ok, f"whether {names()[0]} was made" in line.says) == (False, True)
    assert len(workspace.calls("conversations.create")) == 1


def test_a_server_that_cannot_be_reached(workspace: Workspace, over_http: Environment) -> None:
    workspace.serving.go_deaf()
    found = looked(over_http)
    assert (found["token"].ok, "must be let out" in found["token"].says) == (False, True)
    assert list(found) == ["settings", "token", "signing secret"]


def test_slack_asks_us_to_wait(workspace: Workspace, over_http: Environment) -> None:
    workspace.faults.order("auth.test", "ratelimited 5")
    assert "in a minute" in looked(over_http)["token"].says


def run(environment: Environment, *words: str, typed: str = "") -> tuple[int, str]:
    """The command, as somebody runs it."""
    empty = dict.fromkeys(
        ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL")
    )
    result = CliRunner().invoke(main, words, input=typed, env=empty | environment)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("words", "typed", "made"),
    [
        ((), "y\n", 1),
        ((), "n\n", 0),
        ((), "", 0),
        (("--yes",), "", 1),
        (("--no-channel",), "", 0),
    ],
)
def test_the_command_asks_first(
    workspace: Workspace, over_http: Environment, words: tuple[str, ...], typed: str, made: int
) -> None:
    status, shown = run(over_http, "slack", "check", *words, typed=typed)
    assert status == 0, shown
    assert ("keeps its name" in shown) == (not words)
    assert len(workspace.calls("conversations.create")) == made


def test_the_command_ends_as_bad_as_its_worst_line(
    workspace: Workspace, over_http: Environment
) -> None:
    workspace.app.refusal = "token_revoked"
    status, shown = run(over_http, "slack", "check")
    assert (status, "MEND  token: " in shown) == (1, True)
    assert run({}, "slack", "check")[0] == 1
    assert run({"SLACK_BOT_TOKEN": "wrong"}, "slack", "check")[0] == 2
    for secret in (workspace.app.bot_token, SECRET):
        assert secret not in shown


def test_taf_check_asks_slack_nothing(
    workspace: Workspace,
    over_http: Environment,
    by_socket: Environment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    assert _of_slack(monkeypatch, {}).says == "not joined"
    assert "over HTTP" in _of_slack(monkeypatch, over_http).says
    assert "by Socket Mode" in _of_slack(monkeypatch, by_socket).says
    assert _of_slack(monkeypatch, {"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}).status == 2
    assert not workspace.log


def _of_slack(monkeypatch: pytest.MonkeyPatch, environment: Environment) -> ours.Checked:
    with monkeypatch.context() as given:
        for name, value in environment.items():
            given.setenv(name, value)
        return next(one for one in ours.check(None) if one.what == "slack")


def test_an_address_that_is_none_is_refused(over_http: Environment) -> None:
    with pytest.raises(NotSetUp, match="SLACK_API_URL"):
        connection(over_http | {"SLACK_API_URL": "slack.com/api"})


def test_the_fake_says_what_time_it_is_as_slack_does(workspace: Workspace) -> None:
    client = WebClient(workspace.app.bot_token, base_url=workspace.api_url, retry_handlers=[])
    told = parsedate_to_datetime(client.auth_test().headers["Date"])
    assert abs(WallClock().now() - told) < timedelta(seconds=30)
