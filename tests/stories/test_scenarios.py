"""Stories as files: what is refused before anything runs, and what a run says of one that fails."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.describing import describe, described_in_words
from bot.scenario import ScenarioError, read_scenario, read_story
from bot.simulate import Result, simulate
from bot.story.answers import LIST_KINDS
from bot.story.expecting import states_of
from bot.story.handles import KINDS, made_by
from messages import rendering
from storage.subjects import KINDS as STORED
from workflows.choices import LISTS
from workflows.policy import PolicyError
from workflows.refusals import every

APP = Path(__file__).parents[2] / "app.yaml"

STORY = """\
scenario: A short example
start: 2026-03-02 08:00
until: 2026-06-30
config:
  reviews: {every: 6 weeks}
people:
  worker:  {name: Family Worker,  agency: childrens-centre, on: slack}
  housing: {name: Housing Officer, agency: housing, on: teams}
  school:  {name: Head of Year,   agency: secondary-school, on: web}
  coord:   {name: Co-ordinator,   agency: advice-and-coordination, roles: [co-ordinator]}
  clin:    {name: Clinical Supervisor, agency: think-family, roles: [supervisor]}
events:
  - at: 2026-03-02 10:00
    who: worker
    does: taf.convene
    with:
      family: F-1042
      members:
        - {label: mother, stage: adult, age_band: 25+, lives: here, parental_responsibility: yes,
           basis: consent, as: mother}
        - {label: child 12, stage: child, age_band: 11-15, lives: here,
           parental_responsibility: false, basis: consent}
      practitioners: [{person: housing}, {person: school}]
      lead_professional: worker
    as: hardman
  - at: 2026-03-02 11:00
    who: worker
    does: action.agree
    to: hardman
    with: {words: Ring the debt agency together, owner: housing, due_on: 2026-03-11}
    as: rent
  - at: 2026-03-11 10:00
    who: housing
    does: action.ask_for_time
    to: rent
    with: {due_on: 2026-03-20, reason: The agency is full until then}
  - at: +14d 09:30
    who: housing
    does: action.mark_done
    to: rent
  - at: +15d 09:00
    who: stranger
    does: action.mark_done
    to: rent
    refused: not_a_member
expect:
  - {notice: action_due, to: housing, about: rent, between: [2026-03-10, 2026-03-12], times: 1}
  - {never: action_overdue, about: rent}
  - {state: action, of: rent, is: done}
"""
"""The example of the scenarios' description, with what it leaves out filled in."""


def run(tmp_path: Path, text: str = STORY, **options: Any) -> Result:
    path = tmp_path / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return simulate(path, APP, options.get("only"), options.get("until"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(tmp_path_factory.mktemp("story"))


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ScenarioError) as refused:
        read_story(text, "story.yaml", APP.read_text(encoding="utf-8"), "app.yaml")
    return [(one.line, one.sentence) for one in refused.value.problems]


def changed(old: str, new: str) -> str:
    assert STORY.count(old) >= 1, old
    return STORY.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


# What is refused before anything runs: what is written, what for, and what is said of it

INVALID = {
    "a key of the story": ("until: 2026", "untill: 2026", 'did you mean "until"?'),
    "no name": ("scenario: A short example\n", "", "`scenario` names the story"),
    "no start": ("start: 2026-03-02 08:00\n", "", "`start` sets the clock"),
    "a start without a time": ("start: 2026-03-02 08:00", "start: 2026-03-02", "no time of day"),
    "an end that is no date": ("until: 2026-06-30", "until: summer", '"summer" is no moment'),
    "an end before the end": ("until: 2026-06-30", "until: 2026-03-05", "until 2026-03-17"),
    "a setting": ("reviews: {every", "reveiws: {every", 'did you mean "reviews"?'),
    "an impossible setting": ("every: 6 weeks", "every: 60 weeks", "a year is the longest"),
    "a person's key": ("on: slack", "onn: slack", 'key of a person "onn"; did you mean "on"?'),
    "an agency": ("agency: housing", "agency: housng", 'did you mean "housing"?'),
    "a platform": ("on: teams", "on: temas", 'no platform "temas"; did you mean "teams"?'),
    "a role": ("[supervisor]", "[superviser]", 'no role "superviser"; did you mean "supervisor"?'),
    "a person without an agency": (
        "{name: Head of Year,   agency: secondary-school, on: web}",
        "{name: Head of Year}",
        '"school" needs an agency',
    ),
    "a person's handle": ("  clin:    ", "  the clin: ", "cannot be a handle"),
    "an event's key": ("refused: not", "refuse: not", 'key of an event "refuse"'),
    "a command": ("taf.convene", "taf.convine", 'did you mean "taf.convene"?'),
    "no command": ("does: taf.convene", "# nothing", "an event needs `does`"),
    "a person who acts": (
        "who: housing\n    does: action.mark",
        "who: huosing\n    does: action.mark",
        'no person "huosing"; did you mean "housing"?',
    ),
    "a refusal": ("not_a_member", "not_a_membr", 'did you mean "not_a_member"?'),
    "a moment": ("at: 2026-03-11 10:00", "at: tomorrow", '"tomorrow" is no moment'),
    "a moment without a time": ("at: 2026-03-11 10:00", "at: 2026-03-11", "no time of day"),
    "a date that there is none of": ("at: 2026-03-11 10:00", "at: 2026-02-30 10:00", "not a real"),
    "a time that there is none of": ("at: +14d 09:30", "at: +14d 25:30", "not a real"),
    "time that goes back": ("at: +14d 09:30", "at: +1d 09:30", "a story does not go back"),
    "a field": (
        "lead_professional: worker",
        "lead_profesional: worker",
        'did you mean "lead_professional"?',
    ),
    "a field inside": ("label: mother", "lable: mother", 'did you mean "label"?'),
    "a field that is missing": ("owner: housing, ", "", 'needs the field "owner"'),
    "an answer inside that is missing": (
        "lives: here, parental_responsibility: yes,\n",
        "parental_responsibility: yes,\n",
        '"members" needs the answer "lives"',
    ),
    "a choice": ("stage: adult", "stage: adlut", 'no answer "adlut"; did you mean "adult"?'),
    "a row that is no row": ("[{person: housing}", "[housing", "holds answers"),
    "a list that is no list": (
        "practitioners: [{person: housing}, {person: school}]",
        "practitioners: housing",
        "takes a list",
    ),
    "a person in a form": ("person: school", "person: scool", 'did you mean "school"?'),
    "a handle in a form": ("owner: housing", "owner: motehr", 'did you mean "mother"?'),
    "a handle of another kind": (
        "owner: housing",
        "owner: hardman",
        "here it takes a person or a family member",
    ),
    "a handle to act on": ("to: rent\n    refused", "to: rnt\n    refused", 'no handle "rnt"'),
    "the wrong thing to act on": (
        "does: action.mark_done\n    to: rent\n  - at: +15d",
        "does: action.mark_done\n    to: hardman\n  - at: +15d",
        "here it takes an action",
    ),
    "a part that a family has not": ("to: hardman\n", "to: hardman.actoin\n", 'has no "actoin"'),
    "nothing to act on": ("    to: hardman\n", "", "action.agree needs `to`"),
    "something to act on too many": (
        "does: taf.convene",
        "to: hardman\n    does: taf.convene",
        "leave out `to`",
    ),
    "a handle used before it is made": (
        "lead_professional: worker",
        "lead_professional: rent",
        "used before it is made",
    ),
    "a handle given twice": ("as: rent", "as: mother", '"mother" is given twice'),
    "a handle that is a person's": ("as: rent", "as: housing", "a person's handle already"),
    "a handle for nothing": (
        "reason: The agency is full until then}\n",
        "reason: It is full}\n    as: more-time\n",
        "makes nothing",
    ),
    "a handle of what is refused": (
        "refused: not_a_member",
        "refused: not_a_member\n    as: ghost",
        "makes nothing",
    ),
    "a notice": ("notice: action_due,", "notice: action_deu,", 'did you mean "action_due"?'),
    "a notice that must not be": ("never: action_overdue", "never: action_over", "action_overdue"),
    "a recipient": (
        "to: housing, about: rent",
        "to: hosing, about: rent",
        'no person or room "hosing"; did you mean "housing"?',
    ),
    "what a notice is about": ("about: rent, between", "about: rant, between", 'handle "rant"'),
    "a span": ("[2026-03-10, 2026-03-12]", "[2026-03-10]", "holds two dates"),
    "a span backwards": ("[2026-03-10, 2026-03-12]", "[2026-03-12, 2026-03-10]", "before it"),
    "a number of times": ("times: 1", "times: often", "whole number"),
    "a state": ("is: done", "is: don", 'no state of an action "don"; did you mean "done"?'),
    "a kind with states": ("state: action", "state: actoin", 'did you mean "action"?'),
    "a state of another kind": ("of: rent", "of: hardman", "here it takes an action"),
    "an expectation's key": (
        "never: action_overdue, about",
        "never: action_overdue, abuot",
        'did you mean "about"?',
    ),
    "an expectation of nothing": (
        "  - {never: action_overdue, about: rent}",
        "  - {about: rent}",
        "one of `notice`, `never` or `state`",
    ),
    "a key written twice": ("until: 2026-06-30", "start: 2026-03-03 08:00", "written twice"),
    "what is not YAML": ("people:", "people: {", "this is not YAML"),
}


@pytest.mark.parametrize(("old", "new", "said"), INVALID.values(), ids=INVALID.keys())
def test_what_cannot_be_played_is_refused_by_line_and_nearest_name(
    old: str, new: str, said: str
) -> None:
    text = changed(old, new)
    found = problems(text)
    assert [sentence for _, sentence in found if said in sentence], found
    assert all(1 <= line <= len(text.splitlines()) + 1 for line, _ in found)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("taf.convene", "taf.convine", "taf.convine"),
        ("agency: housing", "agency: housng", "housng"),
        ("lable: mother", "lable: mother", ""),
        ("every: 6 weeks", "every: 9 years", "9 years"),
        ("times: 1", "times: often", "often"),
        ("due_on: 2026-03-20, reason", "due_on: 2026-03-20, raeson", "raeson"),
        ("at: +14d 09:30", "at: +1d 09:30", "+1d"),
        ("is: done", "is: gone", "is: gone"),
    ],
)
def test_a_problem_names_the_line_it_stands_on(old: str, new: str, where: str) -> None:
    if not where:
        old, new, where = "label: mother", "lable: mother", "lable"
    text = changed(old, new)
    assert line_of(text, where) in [line for line, _ in problems(text)]


def test_every_problem_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = (
        changed("agency: housing", "agency: housng")
        .replace("taf.convene", "taf.convine")
        .replace("is: done", "is: gone")
    )
    found = problems(text)
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    for words in ("housng", "taf.convine", "gone"):
        assert [sentence for _, sentence in found if words in sentence]


def test_the_whole_of_it_reads_as_lines_with_their_file() -> None:
    with pytest.raises(ScenarioError) as refused:
        read_story(changed("taf.convene", "taf.convine"), "s.yaml", APP.read_text(), "app.yaml")
    assert 's.yaml line 15: there is no command "taf.convine"' in str(refused.value)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "scenario: &a [*a]", "a: !b c"])
def test_what_is_no_story_at_all_is_refused(text: str) -> None:
    assert problems(text)


def test_a_story_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no story"):
        read_scenario(tmp_path / "none.yaml", APP)


def test_settings_that_are_not_there_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(STORY, encoding="utf-8")
    with pytest.raises(ScenarioError, match="no settings"):
        read_scenario(path, tmp_path / "none.yaml")


def test_a_broken_app_yaml_is_its_own_kind_of_refusal(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="own"):
        read_story(STORY, "story.yaml", "partnership: {}", "own.yaml")


def test_an_agencys_own_questions_may_be_answered_by_its_people_alone() -> None:
    event = """\
  - {at: +1d 10:00, who: worker, does: assessment.initiate, to: hardman, as: caf,
     with: {assessment: family_caf, started_on: 2026-03-02}}
  - {at: +1d 11:00, who: WHO, does: assessment.contribute, to: caf,
     with: {words: What we know, weeks_of_arrears: 9}}
  - at: 2026-03-11 10:00
"""
    text = changed("  - at: 2026-03-11 10:00\n", event)
    own = text.replace("WHO", "housing")
    read_story(own, "story.yaml", APP.read_text(encoding="utf-8"), "app.yaml")
    assert [one for _, one in problems(text.replace("WHO", "school")) if "weeks_of" in one]


# What a run shows


def test_the_example_of_the_description_runs(played: Result) -> None:
    result = played
    assert result.failed == []
    assert result.document["expect"] == {"held": 3, "failed": []}
    assert set(result.document) == {"scenario", "start", "end", "timeline", "final", "expect"}
    assert result.document["start"] == "2026-03-02T08:00:00+00:00"
    assert result.document["end"] == "2026-06-30T23:59:00+01:00"
    json.dumps(result.document)


def test_each_kind_of_entry_has_its_keys(played: Result) -> None:
    found: dict[str, dict[str, Any]] = {}
    for one in played.document["timeline"]:
        found[one["kind"]] = found.get(one["kind"], {}) | one
    assert found["press"].keys() >= {"at", "who", "command", "to", "refused"}
    assert found["notice"].keys() >= {
        "at", "notice", "to", "platform", "about", "rule", "title", "text", "in",
    }  # fmt: skip
    assert found["room"].keys() >= {"at", "opened", "admitted", "who"}
    assert found["state"].keys() == {"at", "kind", "of", "from", "to"}


def test_what_stands_in_a_digest_follows_it_with_its_own_rule(played: Result) -> None:
    entries = played.document["timeline"]
    due = next(one for one in entries if one.get("notice") == "action_due")
    before = entries[entries.index(due) - 1]
    assert before["notice"] == "digest"
    assert (due["to"], due["platform"], due["about"]) == ("housing", "teams", "rent")
    assert (due["rule"], due["in"]) == ("action_due", "digest")


def test_only_a_persons_own_view(tmp_path: Path) -> None:
    result = run(tmp_path, only="housing")
    entries = result.document["timeline"]
    assert entries
    assert all("housing" in (one.get("who"), one.get("to")) for one in entries)
    assert "as Housing Officer saw it" in result.text
    assert "Head of Year" not in result.text
    with pytest.raises(ScenarioError, match='did you mean "housing"'):
        run(tmp_path, only="housng")


def test_only_up_to_a_date(tmp_path: Path) -> None:
    result = run(tmp_path, until="2026-03-10")
    assert result.failed == []
    assert result.document["end"].startswith("2026-03-10T23:59")
    assert result.document["final"]["F-1042"]["actions"][0]["state"] == "open"
    assert result.document["expect"]["held"] == 1  # what must never be is judged all the same
    with pytest.raises(ScenarioError, match="--until"):
        run(tmp_path, until="whenever")
    with pytest.raises(ScenarioError, match="before the story starts"):
        run(tmp_path, until="2026-01-01")


def test_a_story_runs_on_twelve_weeks_where_it_does_not_say(tmp_path: Path) -> None:
    result = run(tmp_path, changed("until: 2026-06-30\n", ""))
    assert result.document["end"].startswith("2026-06-09T23:59")


def test_a_moment_may_be_the_next_working_day(tmp_path: Path) -> None:
    text = changed("at: +14d 09:30", "at: next working day 09:30")
    result = run(tmp_path, text)
    done = [one for one in result.document["timeline"] if one.get("to") == "done"]
    assert done[0]["at"] == "2026-03-12T09:30:00+00:00"


def test_parts_of_a_family_are_reached_with_a_dot(tmp_path: Path) -> None:
    event = "  - {at: +16d 09:00, who: school, does: member.leave, to: hardman.school,\n"
    text = changed("expect:\n", event + "     with: {why: A new post}}\nexpect:\n")
    text += "  - {state: team_member, of: hardman.school, is: left}\n"
    text += "  - {state: plan, of: hardman.plan, is: draft}\n"
    assert run(tmp_path, text).failed == []


def test_the_day_of_a_story_reads_as_a_day(played: Result) -> None:
    text = played.text
    assert "Monday 2 March 2026\n10:00  Family Worker presses “Convene a TAF”" in text
    assert "09:00  Stranger presses “Mark done”, rent (refused: not_a_member)" in text
    assert text.endswith("Everything was as the story expects (three expectations held).")


def test_a_family_that_comes_back_has_a_second_record(tmp_path: Path) -> None:
    event = """\
  - {at: +16d 09:00, who: worker, does: taf.close, to: hardman, with: {reason: moved,
     family_agreed: no, team_agreed: yes, told: [{who: mother, told_on: 2026-03-17}]}}
  - at: +30d 10:00
    who: worker
    does: taf.convene
    with:
      family: F-1042
      members: [{label: grandmother, stage: adult, age_band: 25+, lives: here,
                 parental_responsibility: no, as: grandmother}]
      lead_professional: worker
    as: again
expect:
"""
    text = changed("expect:\n", event) + "  - {notice: welcome, to: again, times: 1}\n"
    result = run(tmp_path, text)
    assert result.failed == []
    assert list(result.document["final"]) == ["F-1042", "F-1042-2"]
    assert result.document["final"]["F-1042"]["state"] == "closed"


REVIEWED = """\
  - {at: +3d 10:00, who: worker, does: meeting.schedule, to: hardman, as: first,
     with: {purpose: initial, mode: call, on: 2026-03-10, at: 14:00, invite: [worker, housing]}}
  - at: 2026-03-10 16:00
    who: worker
    does: meeting.record
    to: first
    with:
      attendance:
        - {who: worker, attendance: attended}
        - {who: housing, attendance: attended}
      family:
        - {who: mother, attendance: attended}
        - {who: hardman.family_member-2, attendance: part}
      child_voice: in_the_meeting
      child_voice_words: Quieter, please
  - at: 2026-03-11 10:00
"""


@pytest.mark.parametrize(
    ("every", "reminded"), [("6 weeks", "2026-04-07"), ("3 weeks", "2026-03-17")]
)
def test_a_storys_own_setting_changes_what_is_said_when(
    tmp_path: Path, every: str, reminded: str
) -> None:
    text = changed("  - at: 2026-03-11 10:00\n", REVIEWED).replace("6 weeks", every)
    text += f"  - {{notice: review_coming, to: worker, on: {reminded}, times: 1}}\n"
    text += "  - {notice: review_coming, to: worker, times: 1}\n"
    assert run(tmp_path, text).failed == []


# What a run says of a story that does not hold

FAILING = {
    "a press that is refused": (
        "to: rent\n  - at: +15d 09:00\n    who: stranger",
        (
            "to: rent\n  - {at: +15d 08:00, who: school, does: action.mark_done, to: rent}\n"
            "  - at: +15d 09:00\n    who: stranger"
        ),
        "event 5 (line 41): school's action.mark_done was refused: not_yours:",
    ),
    "a press that is refused for another reason": (
        "refused: not_a_member",
        "refused: already_done",
        "should be refused (already_done), but it was refused (not_a_member):",
    ),
    "a press that is not refused": (
        "to: rent\n  - at: +15d",
        "to: rent\n    refused: already_done\n  - at: +15d",
        "should be refused (already_done), but it was done",
    ),
    "an answer that cannot be taken": (
        "due_on: 2026-03-11",
        "due_on: 2026-02-31",
        "event 2 (line 26): worker's action.agree was refused: not_taken: The due date must be",
    ),
    "what follows from it": ("due_on: 2026-03-11", "due_on: 2026-02-31", '"rent" was never made'),
    "a notice that is never said": (
        "notice: action_due,",
        "notice: target_relapsed,",
        (
            "expect 1 (line 47): target_relapsed to housing about rent between 2026-03-10 and "
            "2026-03-12 once; it was never said"
        ),
    ),
    "a notice that is said at another time": (
        "[2026-03-10, 2026-03-12]",
        "[2026-04-10, 2026-04-12]",
        "it was never said like that, but 2026-03-11 08:30 to housing about rent",
    ),
    "a notice that is said too often": (
        "times: 1",
        "times: 2",
        "two times; it was said once: 2026-03-11 08:30 to housing about rent",
    ),
    "a notice on another platform": (
        "times: 1",
        "on: slack",
        "action_due to housing about rent on",
    ),
    "a notice that must never be said": (
        "never: action_overdue",
        "never: action_due",
        "expect 2 (line 48): never action_due about rent; it was said once",
    ),
    "a state": (
        "is: done",
        "is: blocked",
        "expect 3 (line 49): action rent is blocked; it is done",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), FAILING.values(), ids=FAILING.keys())
def test_a_story_that_does_not_hold_is_told_in_a_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    result = run(tmp_path, changed(old, new))
    assert [line for line in result.failed if said in line], result.failed
    assert result.document["expect"]["failed"] == result.failed
    assert all("\n" not in line for line in result.failed)
    assert f"- {result.failed[0]}" in result.text


def test_a_form_that_must_not_be_taken(tmp_path: Path) -> None:
    event = "  - {at: +1d 10:00, who: worker, does: action.agree, to: hardman,\n"
    event += "     with: {owner: housing, due_on: 2026-02-31}, refused: not_taken}\n"
    text = changed("  - at: 2026-03-11 10:00\n", event + "  - at: 2026-03-11 10:00\n")
    assert run(tmp_path, text).failed == []


# The command line


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("A short example", "A short example", 0),
        ("is: done", "is: blocked", 1),
        ("is: done", "is: dnoe", 2),
        ("every: 6 weeks", "every: 6 wekes", 2),
    ],
)
def test_the_exit_status(tmp_path: Path, old: str, new: str, status: int) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(changed(old, new), encoding="utf-8")
    found = CliRunner().invoke(
        main, ["simulate", str(path), "--config", str(APP), "--format", "json"]
    )
    assert found.exit_code == status, found.output
    if status < 2:
        assert json.loads(found.stdout)["scenario"] == "A short example"
    else:
        assert found.stdout == ""
        assert re.search(r"story\.yaml line \d+: ", found.stderr)


# The commands, described


def test_every_command_is_described_with_who_and_why_not() -> None:
    found = {one["id"]: one for one in describe()}
    assert found["taf.close"]["who"] == "The Lead Professional of this family."
    assert found["action.agree"]["makes"] == "action"
    done = [one["id"] for one in found["action.mark_done"]["refusals"]]
    assert {"not_a_member", "not_yours", "already_done", "taf_closed", "gone"} <= set(done)
    assert "substitute_needed" not in [one["id"] for one in found["meeting.schedule"]["refusals"]]
    page = described_in_words()
    for one in found.values():
        assert one["who"], one["id"]
        assert one["does"], one["id"]
        assert all(each["why"] for each in one["refusals"]), one["id"]
        assert f"{one['id']}: {one['label']}" in page
    json.dumps(describe())


def test_a_refusal_in_a_story_is_one_that_its_command_is_said_to_meet() -> None:
    said = {one["id"]: {each["id"] for each in one["refusals"]} for one in describe()}
    for path in (APP.parent / "workflows" / "scenarios").glob("*.yaml"):
        for event in read_scenario(path, APP).events:
            if event.refused:
                assert event.refused in said[event.command.id], event.called


def test_nothing_that_a_handle_may_stand_for_is_forgotten() -> None:
    from bot.commands import COMMANDS

    assert {made for one in COMMANDS.values() if (made := made_by(one))} <= set(KINDS)
    assert {one.on for one in COMMANDS.values() if one.on} <= set(KINDS)
    assert set(KINDS) <= set(STORED)
    assert set(LISTS) == set(LIST_KINDS) | {"criteria", "needs", "measures", "agencies"}
    assert "away" in states_of("team_member")
    assert {one().id for one in every()} <= set(rendering.refusal_names())
