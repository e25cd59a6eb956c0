"""What no conversation touches is listed, and what one touches is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.conversations import showing
from bot.conversations.coverage import KINDS, Coverage, coverage
from bot.conversations.finding import find
from bot.conversations.worker import play_with
from guidance.knowledge import current
from tests.bot.conversations.commands import npq

if TYPE_CHECKING:
    from bot.channels.guide import Guide

TALK = """\
conversations:
  - name: Funding, then not understood
    steps:
      - user: state secondary in Leeds, never had funding, want NPQH
      - user: then it went left
      - user: flibber the wotsit
      - user: how long does the NPQSL take
      - user: check my funding for NPQLT
  - name: Another form
    steps:
      - user: register my interest in NPQH
"""
TOUCHED = {
    "intents": ["nlu_fallback", "ask_duration"],
    "rules": ["duration ("],
    "form fields": ["interest: name", "a question: question", "a question: topic"],
    "topics with programmes": ["duration NPQSL"],
    "funding rules": ["A25"],
    "fallback steps": ["rephrase", "choose"],
    "statuses": ["answered", "clarify", "form"],
}
UNTOUCHED = {
    "intents": ["crisis", "ask_masters"],
    "rules": ["crisis (", "masters ("],
    "form fields": ["interest: email", "funding: job", "recommend: role"],
    "topics with programmes": ["duration NPQH", "assessment NPQSL"],
    "funding rules": ["A24", "A40"],
    "fallback steps": ["contact"],
    "statuses": ["crisis", "error"],
}


@pytest.fixture
def found(guide: Guide, tmp_path: Path) -> Coverage:
    path = tmp_path / "talk.yml"
    path.write_text(TALK, encoding="utf-8")
    return coverage([play_with(guide, test, explain=True) for test in find([str(path)]).tests], current())


@pytest.mark.slow
def test_what_is_touched_is_not_listed_and_the_rest_is(found: Coverage) -> None:
    for kind in KINDS:
        gaps = found.gaps(kind)
        assert [name for name in TOUCHED[kind] if any(gap.startswith(name) for gap in gaps)] == [], kind
        assert [name for name in UNTOUCHED[kind] if not any(gap.startswith(name) for gap in gaps)] == [], kind
    shown = showing.plainly(showing.of_coverage(found))
    assert "funding rules" in shown
    assert "  A24\n" in shown
    assert "A25" not in shown
    assert "duration: EHCO, NPQEL, NPQEYL, NPQH, NPQLBC" in shown


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_the_command_tells_it_and_writes_it_for_ci(tmp_path: Path) -> None:
    path, report = tmp_path / "talk.yml", tmp_path / "new" / "coverage.json"
    path.write_text(TALK, encoding="utf-8")
    done = npq("test", path, "--coverage", report)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No conversation touches these funding rules:" in done.stdout
    written = json.loads(report.read_text())
    assert set(written) == set(KINDS)
    assert written["fallback steps"] == {"touched": 2, "of": 4, "untouched": ["about", "contact"]}
    told = npq("test", "--coverage", f"{path}::Another form")  # what follows is a file to play
    assert told.returncode == 0, told.stderr
    assert "1 conversation passed" in told.stdout
    assert "No conversation touches these intents:" in told.stdout


def test_what_cannot_be_reached_from_the_chat_is_no_gap() -> None:
    rules = coverage([], current()).gaps("funding rules")
    assert "A24" in rules
    assert not {"A01", "S01", "B23"} & set(rules)  # other intakes: `npq funding` decides those


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("model")
def test_the_shipped_conversations_touch_all_there_is(tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    done = npq("test", "--coverage", report, seconds=850)
    assert done.returncode == 0, done.stdout
    found = json.loads(report.read_text())
    for kind in KINDS:
        assert found[kind]["untouched"] == [], kind
