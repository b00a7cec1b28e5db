"""`taf serve` as it is installed: its settings in the environment, its Microsoft elsewhere."""

from __future__ import annotations

from pathlib import Path

from bot.teams.connecting import ADDRESS
from tests.platforms.on_slack.town import email_of
from tests.platforms.on_teams.porch import settings
from tests.platforms.serving import answers, ready_file, serving
from tests.platforms.teams.tenant import Tenant
from tests.ports import free_port


def test_it_serves_a_tenant_from_its_settings(tmp_path: Path) -> None:
    """Somebody whom it does not know by account yet is matched by their work e-mail."""
    url, number = ready_file(tmp_path), free_port()
    with Tenant() as tenant:
        tenant.limits.on = False
        tenant.request_url = f"http://127.0.0.1:{number}{ADDRESS}"
        asha = tenant.joins("Asha", email_of("Asha"))
        with serving(number, {"DATABASE_URL": url} | settings(tenant)):
            tenant.until(lambda: answers(f"http://127.0.0.1:{number}"), 30)
            asha.types("actions")
            asha.reads("nothing to do", 20)
            asha.types("help")
            asha.reads("convene a team around a family", 20)
            assert asha.errors == []
