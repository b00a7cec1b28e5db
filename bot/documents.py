"""Writes the documents that are made from the code, and tells when one has fallen behind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

from bot.comparing import compared
from bot.configuring import config_path
from bot.describing import described_in_words
from bot.slack.manifest import EVENTS, SCOPES
from bot.teams.manifest import GRAPH, IN_CHANNELS, IN_THE_CHAT, IN_THE_TEAM, LOOKING
from messages import rendering
from workflows import notices, undelivered
from workflows.moves import TABLES
from workflows.notice import Notice
from workflows.reminders import RULES
from workflows.rule import name_of

DOCS = Path("docs")
MADE = "<!-- Made by `taf docs` from the code. Change the code, not this page. -->"

TABLE, TABLE_ENDS = "<!-- Made by `taf docs` from bot/{}/manifest.py: -->", "<!-- So far. -->"
"""What stands around a table that is made, in a page that is written by hand."""


def states() -> str:
    """Every table of legal moves, as a diagram."""
    parts = [MADE, "", "# Legal moves", "", "What may happen to what, and through which command."]
    for noun, moves in sorted(TABLES.items(), key=lambda pair: pair[0].lower()):
        lines = [f"    [*] --> {moves.first}"]
        lines += [
            f"    {source} --> {move.to or source}: {name.replace('_', ' ')}"
            for name, move in moves.table.items()
            for source in sorted(move.sources)
        ]
        heading = noun[:1].upper() + noun[1:]
        parts += ["", f"## {heading}", "", "```mermaid", "stateDiagram-v2", *lines, "```"]
    return "\n".join(parts) + "\n"


def catalogue() -> str:
    """Every notice: when it is sent, and its words."""
    parts = [
        MADE,
        "",
        "# What the assistant says",
        "",
        "Every notice there is, with its words as its template has them. Reminders are asked",
        "again at the moment of sending and dropped when they are no longer true.",
    ]
    parts += ["", "## Reminders", "", *_notices(_reminders())]
    parts += ["", "## After a press", "", *_notices(_of(notices))]
    parts += ["", "## When something could not be delivered", "", *_notices(_of(undelivered))]
    parts += ["", "## The digest", "", *_notices([("digest", "Everything for one person's day.")])]
    return "\n".join(parts).rstrip() + "\n"


def _reminders() -> Iterable[tuple[str, str]]:
    for rule in RULES:
        says = next(
            one
            for one in vars(rule).values()
            if inspect.isclass(one) and issubclass(one, Notice) and one is not Notice
        )
        when = inspect.cleandoc(rule.steps.__doc__ or "")
        yield says.stem(), f"{_first(says.__doc__)}\n\nWhen: {when}\n\nRule: `{name_of(rule)}`"


def _of(module: ModuleType) -> Iterable[tuple[str, str]]:
    for one in vars(module).values():
        if inspect.isclass(one) and issubclass(one, Notice) and one is not Notice:
            yield one.stem(), _first(one.__doc__)


def _first(text: str | None) -> str:
    return inspect.cleandoc(text or "")


def _notices(found: Iterable[tuple[str, str]]) -> list[str]:
    parts: list[str] = []
    for stem, about in found:
        title, buttons, body = rendering.source(stem)
        parts += [f"### {stem}", "", about, "", "```jinja", title, "", body, "```", ""]
        if buttons:
            parts += [f"Buttons: {', '.join(f'`{one}`' for one in buttons)}", ""]
    return parts


def commands() -> str:
    """Every command: who may give it, what it asks, why it may be refused."""
    return f"{MADE}\n\n# Commands\n\n```text\n{described_in_words().rstrip()}\n```\n"


def configuration() -> str:
    """app.yaml, whole: its comments are the reference."""
    shipped = Path("app.yaml") if Path("app.yaml").is_file() else config_path(None)
    text = shipped.read_text(encoding="utf-8").rstrip()
    return (
        f"{MADE}\n\n# Configuration\n\nEverything a service manager may change stands in "
        "`app.yaml`. These are the defaults, each\nwith its source. `taf check` says by name and "
        f"line what cannot be.\n\n```yaml\n{text}\n```\n"
    )


def platforms() -> str:
    """What each platform can and cannot, as its adapter declares it."""
    return f"{MADE}\n\n{compared()}"


def install_slack() -> str:
    """The guide to Slack is written by hand, but for its table of what the app may do."""
    return _with_table("slack", "Permission or event", SCOPES | EVENTS)


def install_teams() -> str:
    """The guide to Teams, the same."""
    return _with_table("teams", "Permission", in_teams())


def in_teams() -> dict[str, str]:
    """Every permission that the app may have on Teams, with where it is asked for."""
    chats = dict.fromkeys(GRAPH | LOOKING | IN_THE_CHAT, "`group_chat`")
    channels = dict.fromkeys(IN_CHANNELS | IN_THE_TEAM, "`private_channel`")
    reasons = GRAPH | LOOKING | IN_THE_CHAT | IN_CHANNELS | IN_THE_TEAM
    both = "`group_chat`, `private_channel`"
    return {
        name: f"{why} ({both if name in chats and name in channels else (chats | channels)[name]})"
        for name, why in reasons.items()
    }


def _with_table(platform: str, what: str, reasons: dict[str, str]) -> str:
    text = (DOCS / f"install-{platform}.md").read_text(encoding="utf-8")
    head, begins, rest = text.partition(TABLE.format(platform))
    _, ends, tail = rest.partition(TABLE_ENDS)
    rows = [f"| `{name}` | {why} |" for name, why in reasons.items()]
    table = "\n".join(["", "", f"| {what} | What for |", "|---|---|", *rows, "", ""])
    return f"{head}{begins}{table}{ends}{tail}"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "states.md": states,
    "notices.md": catalogue,
    "commands.md": commands,
    "configuration.md": configuration,
    "platforms.md": platforms,
    "install-slack.md": install_slack,
    "install-teams.md": install_teams,
}


def write(folder: Path = DOCS) -> None:
    """Write every generated document."""
    folder.mkdir(exist_ok=True)
    for name, make in DOCUMENTS.items():
        (folder / name).write_text(make(), encoding="utf-8")


def behind(folder: Path = DOCS) -> list[str]:
    """The generated documents that are not what the code says now."""
    return [
        name
        for name, make in DOCUMENTS.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != make()
    ]
