"""Finds the settings: app.yaml for what a service manager decides, the environment for secrets."""

from __future__ import annotations

import os
from pathlib import Path

import workflows
from workflows.policy import Policy, load_policy


class NotSetUp(Exception):
    """The settings cannot be used as they are; its words say what to do."""


DATA = Path(".taf")
"""Where a database is made when nothing else is said."""


def config_path(given: Path | None) -> Path:
    """The app.yaml to use: the one given, TAF_CONFIG's, the folder's, or the one we ship."""
    if given:
        return given
    if named := os.environ.get("TAF_CONFIG"):
        return Path(named)
    here = Path("app.yaml")
    if here.is_file():
        return here
    inside = Path(workflows.__file__).parent
    shipped = inside / "app.yaml"
    return shipped if shipped.is_file() else inside.parent / "app.yaml"


def read_policy(given: Path | None) -> Policy:
    """The partnership's policy; raises PolicyError, or FileNotFoundError."""
    path = config_path(given)
    return load_policy(path.read_text(encoding="utf-8"), path.name)


def database_url() -> str:
    """DATABASE_URL, or one file beside the process."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'taf.db'}"
