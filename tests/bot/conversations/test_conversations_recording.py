"""A chat becomes a test file that passes at once; nothing in a file is ever lost."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.reading import read_file
from bot.conversations.recording import CannotRecord, Recording, expected, telling
from bot.conversations.script import Said
from tests.bot.conversations.commands import npq
from tests.bot.conversations.conftest import reply
from tests.conftest import NPQ, PROJECT

CHAT = """\
how long does the npqh take
1
register my interest in NPQSL
Ann "Q" O'Neill
ann@example.org
skip
skip
skip
skip
no
1
yes
quit
"""


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_a_recorded_chat_passes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "recorded.yml"
    for name in ("", "::By name"):
        done = npq("chat", "--record", f"{path}{name}", said=CHAT)
        assert done.returncode == 0, done.stderr
    tests, problems = read_file(path, "recorded.yml")
    assert not problems
    assert [test.name for test in tests] == ["How long does the npqh take", "By name"]
    steps: Any = tests[0].steps  # type: ignore[union-attr]
    assert steps[1].said == Said("Time each week", press=True)
    keys = {item.key: item.value for item in steps[0].expects}
    assert keys["bot contains"][0] == "18 months"
    assert keys["programmes"] == ("NPQH",)
    assert [item.value.count for step in steps for item in step.expects if item.key == "stored"] == [1]
    played = npq("test", path)
    assert played.returncode == 0, played.stdout
    assert "2 conversations passed" in played.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_the_day_of_a_recording_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "recorded.yml"
    chat = "when does the next cohort start\n"  # the input ends: saved as well
    assert npq("chat", "--record", path, said=chat, NPQ_TODAY="2024-03-15").returncode == 0
    assert "today: '2024-03-15'" in path.read_text()
    assert npq("test", path).returncode == 0


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_ctrl_c_saves_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "recorded.yml"
    process = subprocess.Popen(
        [str(NPQ), "chat", "--record", str(path)], cwd=PROJECT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("how long does the npqh take\n")
    process.stdin.flush()
    while "18 months" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    said, wrong = process.communicate(timeout=60)
    assert process.returncode == 0, wrong
    assert f"Added to {path}: How long does the npqh take." in said
    assert len(read_file(path, "recorded.yml")[0]) == 1
    assert "Traceback" not in wrong


WRITTEN = """\
# Kept to the letter.
today: 2024-03-15   # a day
conversations:
    - name:   "Old one"
      steps: [ { user: hello } ]   # odd, but allowed
"""


@pytest.mark.parametrize(
    "before",
    [
        WRITTEN,
        WRITTEN.rstrip("\n"),
        WRITTEN + "\n\n\n",
        WRITTEN.replace("    - ", "- ").replace("      steps", "  steps"),
        "conversations:\n  - name: Old one\n    steps: [{user: hello}]\ntoday: 2024-03-15\n",
        "conversations:\n  - name: Old one\n    steps: [{user: hello}]\n\n# the day\ntoday: 2024-03-15\n",
    ],
)
def test_a_conversation_is_added_and_the_rest_stays(tmp_path: Path, before: str) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(before, encoding="utf-8")
    path.chmod(0o640)
    recording = Recording(path)
    recording.check()
    recording.turn("Old one", reply(text="Yes: it's so."))
    recording.turn("{x}: no", reply(status="error"))
    assert recording.save() == "Old one (2)"
    tests, problems = read_file(path, "talk.yml")
    assert not problems
    assert [test.name for test in tests] == ["Old one", "Old one (2)"]
    assert {getattr(test, "today", None) for test in tests} != {None}
    lines = path.read_text().splitlines()
    assert [line for line in before.splitlines() if line.strip() and line not in lines] == []
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["talk.yml"]
    added = tests[1]
    assert [step.said for step in added.steps] == [Said("Old one"), Said("{x}: no")]  # type: ignore[union-attr]
    assert not added.steps[1].expects  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "place", "says"),
    [
        ("conversations:\n  - nme: x\n", "", "has mistakes, so nothing is added to it"),
        ("conversations: [{name: x, steps: [{user: hello}]}]\n", "", "has no list `conversations:`"),
        ("version: '3.1'\nstories:\n  - story: x\n    steps: [{intent: greet}]\n", "", "has no list `conversations:`"),
        ("conversations:\n  - name: x\n    steps: [{user: hello}]\n", "::x", "already has a conversation `x`"),
    ],
)
def test_a_file_that_cannot_take_it_is_refused_before_anything_is_typed(
    tmp_path: Path, before: str, place: str, says: str
) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(before, encoding="utf-8")
    done = npq("chat", "--record", f"{path}{place}", said="hello\n")
    assert done.returncode == 1
    assert says in done.stderr
    assert "You:" not in done.stdout
    assert path.read_text() == before


def test_a_file_broken_meanwhile_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    recording = Recording(path)
    recording.check()
    recording.turn("hello there", reply())
    path.write_text("conversations:\n  - nme: x\n", encoding="utf-8")
    with pytest.raises(CannotRecord, match="hello there"):
        recording.save()
    assert path.read_text() == "conversations:\n  - nme: x\n"


@pytest.mark.parametrize(
    ("messages", "parts"),
    [
        (["It takes 18 months, then 3 to 4 months more."], ["18 months", "3 to 4 months"]),
        (["Prices were £1,885 to £1,970.", "As of 21 August 2026."], ["£1,885", "£1,970"]),
        (["Open from 23 June 2026."], ["23 June 2026"]),
        (["Thank you. It is saved. Your reference is NPQ-AB12-CD34."], ["Thank you. It is saved"]),
        (["What is your full name?", "More."], ["What is your full name?"]),
    ],
)
def test_what_is_telling(messages: list[str], parts: list[str]) -> None:
    found = telling(messages)
    assert [part.rstrip(".") for part in found] == parts
    assert all(part in "\n\n".join(messages) for part in found)


def test_what_is_expected() -> None:
    buttons = [{"title": "A", "payload": "a"}]
    found = expected(reply(status="form", asking="email", programmes=["NPQH"], buttons=buttons, text="Your email?"))
    assert found == {
        "status": "form", "asking": "email", "programmes": "NPQH", "bot contains": "Your email?", "buttons": "A",
    }  # fmt: skip


TALK = """\
conversations:
  - name: A wrong expectation
    today: 2021-10-01
    steps:
      - user: when does the next cohort start
        bot contains: 1 December 2021
  - name: Length of {code}
    repeat with: [{code: NPQH}, {code: NPQLT}]
    steps: [{user: "how long is {code}"}]
"""


@pytest.mark.slow
@pytest.mark.usefixtures("model")
def test_the_command_shown_on_a_failure_replays_it_and_lets_one_type_on(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(TALK, encoding="utf-8")
    shown = npq("test", f"{path}::A wrong expectation").stdout
    command = shown.partition("Replay it, then type on: ")[2].splitlines()[0]
    assert command.endswith(f"npq chat --replay '{path}::A wrong expectation'")
    said = "when does the next cohort start\nquit\n"
    done = subprocess.run(
        command, shell=True, cwd=PROJECT, input=said, capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr
    played, _, typed = done.stdout.partition("Go on from here.")
    assert "✗ line 5" in played
    assert "1 November 2021" in played
    assert "1 November 2021" in typed  # still on that day


def test_a_replay_needs_one_conversation(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(TALK, encoding="utf-8")
    done = npq("chat", "--replay", f"{path}::Length of {{code}}")
    assert done.returncode == 1
    assert "means 2 conversations" in done.stderr
    assert "Length of NPQLT" in done.stderr
    stories = "tests/conversations/test_stories.yml::a greeting and a question"
    assert "Rasa test story" in npq("chat", "--replay", stories).stderr
