"""The case study's family, told whole: what is said and never said, and what stays on record."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.configuring import config_path
from bot.scenario import read_scenario
from bot.simulate import Result, simulate
from messages.form import Field
from workflows.policy import load_policy
from workflows.working_days import WorkingDays

ROOT = Path(__file__).parents[2]
STORIES = ROOT / "workflows" / "scenarios"
HARDMAN = STORIES / "hardman.yaml"
pytestmark = pytest.mark.xdist_group("hardman")


@pytest.fixture(scope="module")
def played() -> Result:
    return simulate(HARDMAN, ROOT / "app.yaml", None, None)


@pytest.fixture(scope="module")
def family(played: Result) -> Any:
    return played.document["final"]["F-1042"]


def notices(played: Result) -> list[dict[str, Any]]:
    return [one for one in played.document["timeline"] if one["kind"] == "notice"]


def personal(played: Result) -> list[dict[str, Any]]:
    """What reached people themselves, each message once."""
    rooms = {"F-1042", "supervision"}
    return [one for one in notices(played) if one["to"] not in rooms and "in" not in one]


def test_everything_is_as_the_story_expects(played: Result) -> None:
    assert played.failed == []
    assert played.document["expect"]["held"] >= 60


@pytest.mark.parametrize("story", sorted(STORIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_story_we_ship_holds(story: Path, played: Result) -> None:
    result = played if story == HARDMAN else simulate(story, ROOT / "app.yaml", None, None)
    assert result.failed == []
    assert result.document["expect"]["held"] >= 20


def test_another_run_gives_the_same_bytes(played: Result) -> None:
    tell = (
        "import json, sys; from pathlib import Path; from bot.simulate import simulate; "
        "print(json.dumps(simulate(Path(sys.argv[1]), Path('app.yaml'), None, None).document))"
    )
    again = subprocess.run(
        [sys.executable, "-c", tell, str(HARDMAN)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert again.stdout == json.dumps(played.document) + "\n"


def test_a_person_has_one_digest_a_day_at_most(played: Result) -> None:
    digests = Counter(
        (one["to"], one["at"][:10]) for one in notices(played) if one["notice"] == "digest"
    )
    assert digests.total() > 50
    assert set(digests.values()) == {1}


def test_a_digest_holds_what_it_says_it_holds(played: Result) -> None:
    digests, inside = 0, 0
    for one in notices(played):
        if one["notice"] == "digest":
            digests += 1
        elif one.get("in") == "digest":
            inside += 1
    assert inside >= digests > 0


def test_nobody_is_disturbed_on_a_day_off_or_in_quiet_hours(played: Result) -> None:
    days = WorkingDays.of(load_policy((ROOT / "app.yaml").read_text(encoding="utf-8")))
    said = personal(played)
    assert said
    for one in said:
        at = datetime.fromisoformat(one["at"])
        assert days.is_working(at.date()), one
        assert not days.is_quiet(at), one


def test_a_digest_comes_at_its_hour_by_the_wall_clock_on_both_sides_of_a_clock_change(
    played: Result,
) -> None:
    digests = [one["at"][11:] for one in notices(played) if one["notice"] == "digest"]
    assert set(digests) == {"08:30:00+00:00", "08:30:00+01:00"}


def _typed(fields: tuple[Field, ...], answers: dict[str, Any]) -> Iterator[str]:
    for one in fields:
        given = answers.get(one.id)
        if one.kind in {"list", "each"}:
            for row in given or []:
                yield from _typed(one.fields, row)
        elif one.kind in {"text", "words"} and given and one.id != "family":
            yield str(given)


def test_nothing_said_holds_a_family_member_or_anything_that_was_typed(played: Result) -> None:
    story = read_scenario(HARDMAN, config_path(ROOT / "app.yaml"))
    typed = {
        words
        for event in story.events
        for words in _typed(event.command.form.fields, event.answers)
        if len(words) > 4
    }
    labels = {"mother", "step-father", "child 12", "child 9", "child 3"}
    assert labels <= typed
    assert len(typed) > 80
    shown = [one["title"] + "\n" + one["text"] for one in notices(played)]
    rooms = {
        one[did]
        for one in played.document["timeline"]
        for did in ("opened", "admitted", "removed", "closed")
        if one["kind"] == "room" and did in one
    }
    for words in typed:
        whole = re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)
        assert not [text for text in [*shown, *rooms] if whole.search(text)], words


def test_the_room_has_only_the_reference_for_a_name(played: Result) -> None:
    opened = [one["opened"] for one in played.document["timeline"] if "opened" in one]
    assert opened == ["F-1042", "supervision"]


def test_every_escalation_says_its_rule_and_its_rung(played: Result) -> None:
    climbed = [one for one in notices(played) if one["notice"] == "action_overdue"]
    assert {one["to"] for one in climbed} == {"secondary", "worker", "clin"}
    for one in climbed:
        assert one["rule"] == "action_overdue"
        assert "Why you see this:" in one["text"]
        assert "(setting: ladder)" in one["text"]
    supervisors = next(one for one in climbed if one["to"] == "clin")
    assert "goes to the clinical supervisors" in supervisors["text"]


def test_the_family_is_eligible_and_one_exclusion_is_not_counted(family: Any) -> None:
    assert family["eligible"]["is"] is True
    assert {one.partition(".")[0] for one in family["criteria"]} == {
        "crime",
        "help",
        "finance",
        "domestic_abuse",
    }
    assert "domestic_abuse.police_callout" not in family["criteria"]


def test_the_lead_changed_hands_once_and_never_again(family: Any) -> None:
    assert family["lead"] == "worker"
    assert [(one["to"], one["state"]) for one in family["lead_history"]] == [("worker", "accepted")]


def test_the_assessment_was_begun_fed_and_finished_by_different_people(family: Any) -> None:
    caf = family["assessments"][0]
    assert caf["initiated_by"] == "housing"
    assert {one["who"] for one in caf["contributed"]} >= {"probation", "secondary", "primary"}
    assert caf["completed_by"] == "worker"
    assert caf["contributed"][0]["own"] == {"weeks_of_arrears": "14"}


def test_the_first_meeting_has_its_attendance_and_the_childs_voice(family: Any) -> None:
    first = family["meetings"][0]
    assert first["attendance"]["primary"] == {"reply": "substitute", "attendance": "substitute"}
    assert first["family_attendance"]["child-12"] == "part"
    assert first["child_voice"] == "in_the_meeting"
    second = family["meetings"][1]
    assert second["attendance"]["probation"]["attendance"] == "apologies_with_report"


def test_the_plan_has_its_four_strands_and_the_familys_own_action(family: Any) -> None:
    agreed = {one["action"]: one for one in family["actions"]}
    assert [agreed[name]["owner"] for name in ("debts", "behaviour", "home", "mediation")] == [
        "housing",
        "secondary",
        "mother",
        "probation",
    ]
    assert all(one["state"] == "done" for one in agreed.values())
    assert agreed["joint-visit"]["list"] == "professional_task"
    assert agreed["register"]["times_moved"] == 1


def test_the_eight_indicators_have_both_halves_of_their_baseline(family: Any) -> None:
    found = {one["indicator"]: one for one in family["indicators"]}
    assert len(found) == 8
    assert all(one["history"] and one["forecast"] for one in found.values())
    assert found["dentist"]["starts_on"] == "2026-06-24"
    assert {one["starts_on"] for name, one in found.items() if name != "dentist"} == {"2026-04-01"}
    assert [one["value"] for one in found["arrears"]["readings"]] == [1, 0, 1, 1]
    assert found["arrears"]["met"] is True


def test_what_is_not_known_stays_not_known(family: Any) -> None:
    rereferral = next(one for one in family["indicators"] if one["indicator"] == "rereferral")
    assert [one["value"] for one in rereferral["readings"]] == [None]
    assert rereferral["met"] is None


def test_the_disagreement_is_kept_word_for_word_and_the_team_was_answered(family: Any) -> None:
    third = family["meetings"][2]
    assert third["dissents"] == [
        {
            "who": "housing",
            "words": "With arrears like these we would be in court by now. I cannot wait for ever.",
        }
    ]
    asked = family["escalations"][0]
    assert (asked["asked_by"], asked["state"], asked["answered_by"]) == (
        "housing",
        "answered",
        "clin",
    )


def test_the_closure_is_agreed_and_both_parents_were_told(family: Any) -> None:
    assert family["state"] == "closed"
    assert family["reviews"][-1]["decision"] == "close"
    closure = family["closure"]
    assert closure["family_agreed"] is True
    assert closure["team_agreed"] is True
    assert [one["who"] for one in closure["told"]] == ["mother", "step-father"]


def test_the_demo_begins_with_a_family_whose_plan_is_under_way(tmp_path: Path) -> None:
    from bot.app import assemble
    from bot.clock import StoppedClock
    from bot.simulate import load
    from bot.web.platform import WebPlatform
    from storage import migrating, rooms
    from storage.database import Database

    story = read_scenario(HARDMAN, ROOT / "app.yaml")
    database = Database(f"sqlite:///{tmp_path / 'demo.db'}")
    migrating.upgrade(database)
    clock = StoppedClock(story.start)
    assistant = assemble(story.policy, database, clock, {"web": WebPlatform(database)})
    until = WorkingDays.of(story.policy).instant(datetime(2026, 5, 25).date(), "08:00")  # noqa: DTZ001
    loaded = load(assistant, clock, story, until)
    with database.reading() as session:
        shown = rooms.posts(session, person_id=loaded.people["worker"])
        assert shown
    database.close()
    assert loaded.failed == []
    assert clock.now() == until
    assert {"debts", "arrears", "hardman.plan", "worker"} <= set(loaded.references)
