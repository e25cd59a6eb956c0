"""`npq test --watch`: plays again what failed, then the rest, on every change that counts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.conversations.changes import Changes, matters, needs_new_guide
from tests.conftest import NPQ, PROJECT

TALK = """\
conversations:
  - name: Length of {code}
    repeat with: [{code: NPQH, months: 18}, {code: NPQLT, months: 13}]
    steps:
      - user: how long does {code} take
        bot contains: "{months} months"
"""


@pytest.mark.parametrize(
    ("name", "counts", "afresh"),
    [
        ("data/knowledge/funding.yml", True, False),
        ("tests/conversations/dates.yml", True, False),
        ("data/nlu/funding.yml", True, True),
        ("data/rules/funding.yml", True, True),
        ("config.yml", True, True),
        ("domain.yml", True, True),
        ("actions/answer.py", True, True),
        ("guidance/answers.py", True, True),
        ("tests/conversations/conftest.py", False, False),
        ("README.md", False, False),
        ("data/knowledge/.funding.yml.swp", False, False),
    ],
)
def test_what_a_change_asks_for(name: str, counts: bool, afresh: bool) -> None:
    assert matters(PROJECT / name) is counts
    if counts:
        assert needs_new_guide([PROJECT / name]) is afresh


def test_changes_are_told_however_an_editor_saves(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text("a", encoding="utf-8")
    with Changes([f"{path}::A name"]) as changes:
        path.write_text("b", encoding="utf-8")
        assert changes.wait() == {path}
        new = tmp_path / "talk.new"
        new.write_text("c", encoding="utf-8")
        os.replace(new, path)
        (tmp_path / "notes.txt").write_text("d", encoding="utf-8")
        assert changes.wait() == {path}
        assert not changes.waiting


@pytest.fixture
def watching(
    tmp_path: Path, model: Path
) -> Iterator[Callable[..., tuple[subprocess.Popen[str], Callable[[str], str]]]]:
    """Starts `npq test --watch`; gives the process and a function that waits for a text in what it prints."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **environment: str) -> tuple[subprocess.Popen[str], Callable[[str], str]]:
        log = tmp_path / "log"
        process = subprocess.Popen(
            [str(NPQ), "test", "--watch", *map(str, arguments)], cwd=PROJECT, env={**os.environ, **environment},
            stdout=log.open("w"), stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        read = 0

        def until(text: str) -> str:
            nonlocal read
            for _ in range(1500):
                new = log.read_text()[read:]
                if text in new:
                    read += new.index(text) + len(text)
                    return new[: new.index(text)]
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            raise AssertionError(f"“{text}” was not printed:\n{log.read_text()}")

        return process, until

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()


@pytest.mark.slow
def test_it_plays_again_on_changes_and_ends_cleanly(
    watching: Callable[..., tuple[subprocess.Popen[str], Callable[[str], str]]], tmp_path: Path
) -> None:
    talk, knowledge = tmp_path / "talk.yml", tmp_path / "knowledge"
    talk.write_text(TALK, encoding="utf-8")
    shutil.copytree(PROJECT / "data" / "knowledge", knowledge)
    process, until = watching(talk, NPQ_KNOWLEDGE=str(knowledge))
    until("1 of 2 conversations failed")
    until("Watching for changes.")

    fact = knowledge / "programmes" / "NPQLT.yml"
    fact.write_text(fact.read_text().replace("12 months", "13 months"), encoding="utf-8")
    assert "Training" not in until("First those that failed:")
    assert "NPQH" not in until("1 conversation passed")  # the one that failed
    until("Then the others:")
    until("1 conversation passed")
    until("Watching for changes.")

    talk.write_text(TALK.replace("bot contains", "bot contain"), encoding="utf-8")
    until("`bot contain` is not known here. Did you mean `bot contains`?")
    until("Watching for changes.")
    talk.write_text(TALK.replace("18", "19"), encoding="utf-8")
    until("1 of 2 conversations failed")
    until("Watching for changes.")

    process.send_signal(signal.SIGINT)
    until("Stopped watching.")
    assert process.wait(timeout=30) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
