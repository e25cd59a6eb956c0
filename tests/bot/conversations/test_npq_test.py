"""`npq test` and pytest on real conversations with the real guide."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.conversations.finding import find, problems
from bot.conversations.running import WORTH_A_PROCESS, jobs_for
from bot.conversations.script import Conversation, Said, Step
from bot.conversations.showing import as_text
from bot.conversations.worker import play_with
from guidance.knowledge import current
from tests.conftest import NPQ, PROJECT

if TYPE_CHECKING:
    from bot.channels.guide import Guide

LONGER = """\
version: "3.1"
stories:
  - story: two messages
    steps:
      - user: |
          how long does the [NPQH](programme) take
        intent: ask_duration
      - action: action_answer
      - user: |
          hello
        intent: goodbye
      - action: action_restart
"""
TALK = """\
conversations:
  - name: Length of {code}
    repeat with: [{code: NPQH, months: 18}, {code: NPQLT, months: 13}]
    steps:
      - user: how long does {code} take
        programmes: "{code}"
        bot contains: "{months} months"
"""
STORIES = """\
version: "3.1"
stories:
  - story: right
    steps:
      - user: |
          how long does the [NPQH](programme) take
        intent: ask_duration
      - action: action_answer
  - story: wrong intent
    steps:
      - user: |
          how long does it take
        intent: ask_funding
      - action: action_answer
  - story: wrong action
    steps:
      - user: |
          hello
        intent: greet
      - action: action_restart
  - story: wrong entity
    steps:
      - user: |
          how long does the NPQH take
        intent: ask_duration
      - action: action_answer
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.yml"
    path.write_text(TALK, encoding="utf-8")
    return path


def npq_test(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(NPQ), "test", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=250, check=False, cwd=PROJECT)


@pytest.mark.slow
@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_wrong_expectation_fails_with_the_transcript(talk: Path, tmp_path: Path, jobs: int) -> None:
    report = tmp_path / "report.xml"
    done = npq_test(talk, "--jobs", jobs, "--junit", report)
    assert done.returncode == 1, done.stderr
    assert "FAILED  Length of NPQLT" in done.stdout
    assert "✗ line 5" in done.stdout
    assert "says “13 months”" in done.stdout
    assert "intent      ask_duration" in done.stdout
    assert "rule        duration (data/rules/studying.yml:" in done.stdout
    assert "npqlt.duration" in done.stdout
    assert "FAILED  Length of NPQH" not in done.stdout
    assert "1 of 2 conversations failed" in done.stdout
    assert [case.get("name") for case in xml.parse(report).iter("testcase")] == ["Length of NPQH", "Length of NPQLT"]


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_one_conversation_is_shown_though_it_passes(talk: Path) -> None:
    done = npq_test(f"{talk}::Length of NPQH", "--show")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed  Length of NPQH" in done.stdout
    assert "how long does NPQH take" in done.stdout
    assert "facts       npqh.duration" in done.stdout
    assert "1 conversation passed" in done.stdout


def test_a_broken_file_is_named_and_nothing_is_played(talk: Path) -> None:
    talk.write_text(TALK.replace("programmes", "programs"), encoding="utf-8")
    done = npq_test(talk)
    assert done.returncode == 2
    assert f"{talk}:6: conversations.0.steps.0.programs: `programs` is not known here." in done.stderr
    assert "Did you mean `programmes`?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("wanted", ["nowhere.yml", "{talk}::Length of NPQL", "{talk}.txt"])
def test_what_is_not_there_is_named(talk: Path, wanted: str) -> None:
    found = find([wanted.format(talk=talk)])
    assert not found.tests
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("tests/conversatoins", "Did you mean `tests/conversations`?"),
        ("tests/conversations/date.yml", "Did you mean `tests/conversations/dates.yml`?"),
        ("scripts", "has no conversations in it. Their files end in .yml."),
    ],
)
def test_a_place_that_is_misspelt_is_suggested(wanted: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    (problem,) = find([wanted]).problems
    assert says in str(problem)


def test_repetitions_are_found_by_either_name(talk: Path) -> None:
    assert [test.name for test in find([f"{talk}::Length of NPQLT"]).tests] == ["Length of NPQLT"]
    assert len(find([f"{talk}::Length of {{code}}"]).tests) == 2
    assert len(find([str(talk), str(talk.parent)]).tests) == 2  # none is played twice


def test_the_projects_conversations_are_sound() -> None:
    assert not problems(current())
    assert len(find().tests) >= 15


def test_processes_are_started_where_they_pay_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    talk = Conversation(Path("x"), "x", 1, "x", (Step(1, Said("a")),) * 4)
    assert jobs_for([talk]) == 1
    assert jobs_for([talk] * WORTH_A_PROCESS) == 2


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("right", []),
        ("wrong intent", [("intent", "ask_funding", "ask_duration")]),
        ("wrong action", [("action", "action_restart", "action_answer")]),
        ("wrong entity", [("entities", "none", "programme=NPQH in “how long does the NPQH take”")]),
    ],
)
def test_rasas_own_stories_are_judged(
    guide: Guide, tmp_path: Path, name: str, faults: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "test_stories.yml"
    path.write_text(STORIES, encoding="utf-8")
    (story,) = find([f"{path}::{name}"]).tests
    played = play_with(guide, story)
    assert [(fault.check, fault.expected, fault.actual) for fault in played.all_faults] == faults


def test_a_story_that_fails_is_shown_with_its_messages_and_lines(guide: Guide, tmp_path: Path) -> None:
    path = tmp_path / "test_stories.yml"
    path.write_text(LONGER, encoding="utf-8")
    (story,) = find([str(path)]).tests
    lines = as_text(play_with(guide, story)).splitlines()
    said = [" ".join(line.split()) for line in lines if "Visitor" in line]
    assert said == ["line 5 Visitor how long does the NPQH take", "✗ line 9 Visitor hello"]
    faults = [line.split() for line in lines if "│" in line]
    assert faults == [
        ["intent", "(line", "9)", "│", "goodbye", "│", "greet"],
        ["action", "(line", "9)", "│", "action_restart", "│", "action_answer"],
    ]


def test_a_refused_message_is_a_reply(guide: Guide) -> None:
    talk = Conversation(Path("x"), "x", 1, "x", (Step(1, Said("x" * 1001)),))
    played = play_with(guide, talk)
    assert "1,000 characters or fewer" in played.all_faults[0].actual


def test_pytest_lists_every_conversation_by_its_name() -> None:
    command = [sys.executable, "-m", "pytest", "tests/conversations", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT)
    listed: list[Any] = [line.split("::", 1)[1] for line in done.stdout.splitlines() if "::" in line]
    assert listed == [test.name for test in find().tests]
