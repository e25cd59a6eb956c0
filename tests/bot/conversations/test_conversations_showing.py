"""What people see of a conversation that failed, on the terminal and in CI."""

import xml.etree.ElementTree as xml
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversations import junit, showing
from bot.conversations.played import Played
from tests.conftest import NPQ, PROJECT

Played_ = Callable[..., tuple[Played, Any]]

STEPS = """
- user: hello
- user: and how long is it?
  bot contains: [24 months, two years]
- user: thanks
"""
REPLIES = (
    {"text": "Hello.", "status": "social"},
    {"text": "NPQH takes 18 months of study, then some more for the result.", "programmes": ["NPQH"], "topics": ["x"]},
    {"text": "You are welcome. [bold]No markup[/bold] \x00", "status": "social"},
)


def test_a_failure_shows_everything_needed(played: Played_) -> None:
    result, _ = played(STEPS, *REPLIES)
    lines = showing.as_text(result).splitlines()
    text = "\n".join(lines)
    assert lines[0] == "FAILED  Talk"
    assert lines[1] == "talk.yml:2, on 2026-11-21, web"
    assert [line[:9].rstrip() for line in lines if "Visitor" in line] == ["  line 4", "✗ line 5", "  line 7"]
    row = next(line for line in lines if "24 months" in line)
    assert "bot contains (line 6)" in row
    assert "18 months" in row  # expected and actual side by side
    for part in (
        "the same reply",
        "intent      ask_duration (0.90)",
        "programmes  NPQH",
        "entities    programme=NPQH",
        "rule        duration (data/rules/studying.yml:4)",
        "facts       npqh.x",
        "[bold]No markup[/bold]",
        "npq chat --replay talk.yml::Talk",
    ):
        assert part in text, part


def test_a_fault_before_any_reply_is_shown(played: Played_) -> None:
    result, _ = played("- answers: {name: Ann}")
    assert "asks for name" in showing.as_text(result)


def test_the_command_that_plays_it_again_can_be_pasted(played: Played_, monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = played("- user: hello", {})
    object.__setattr__(result.test, "name", "It's a talk")
    pasted = """npq chat --replay 'talk.yml::It'"'"'s a talk'"""
    monkeypatch.setenv("PATH", str(NPQ.parent))
    assert showing.replay(result) == pasted
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # the environment is not activated
    monkeypatch.chdir(PROJECT)
    assert showing.replay(result) == f"{NPQ.relative_to(PROJECT)}" + pasted.removeprefix("npq")
    monkeypatch.chdir(PROJECT / "docs")
    assert showing.replay(result) == str(NPQ) + pasted.removeprefix("npq")


def test_the_summary_counts(played: Played_) -> None:
    bad, good = played(STEPS, *REPLIES)[0], played("- user: a", {})[0]
    assert showing.summary([bad, good], 1.25) == "1 of 2 conversations failed (4 messages, 1.2 s)."
    assert showing.summary([good], 0.5) == "1 conversation passed (1 message, 0.5 s)."


def test_junit_has_a_case_a_conversation(played: Played_, tmp_path: Path) -> None:
    bad, good = played(STEPS, *REPLIES)[0], played("- user: a", {})[0]
    report = tmp_path / "new folder" / "report.xml"
    junit.write([bad, good], report)
    (suite,) = xml.parse(report).getroot()
    assert suite.attrib.items() >= {"name": "talk.yml", "tests": "2", "failures": "1"}.items()
    first, second = suite
    failure = first.find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("bot contains: expected says “24 months”, actual NPQH takes 18 months")
    assert "✗ line 5" in str(failure.text)
    assert second.find("failure") is None
