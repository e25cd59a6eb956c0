"""The `npq` command as its users meet it: outputs by contract, faults as one clear sentence."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.conftest import NPQ, PROJECT, free_port

KEYS = {
    "id", "session", "status", "text", "messages", "buttons", "asking", "programmes", "topics", "sources",
    "intent", "confidence", "ms",
}  # fmt: skip


def npq(*arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(NPQ), *arguments], input=given, capture_output=True, text=True, timeout=280, env={**os.environ, **settings}
    )


def test_ask_answers_by_contract_and_keeps_sessions(model: Path, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "text": "how long does the npqh take", "session": "s1"}),
        json.dumps({"id": "b", "text": "and is it funded", "session": "s1"}),
        json.dumps({"id": "c", "text": "and is it funded"}),
        json.dumps({"id": "d", "text": "x" * 1001}),
        "what does the npqsl cost",
    ]
    done = npq("ask", "--json", given="\n".join(lines), NPQ_DATABASE_URL=f"sqlite:///{tmp_path / 'a.db'}")
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["id"] for reply in replies] == ["a", "b", "c", "d", "5"]
    assert all(set(reply) == KEYS for reply in replies)
    assert [reply["session"] for reply in replies[:2]] == ["s1", "s1"]
    assert replies[1]["programmes"] == ["NPQH"]
    assert replies[2]["programmes"] == []
    assert replies[3]["status"] == "error"
    assert "1,000 characters" in replies[3]["text"]
    assert "£" in replies[4]["text"]


@pytest.mark.parametrize(
    ("given", "words"), [('{"id": 1', "line 1 is not JSON"), ('{"id": 1}', 'line 1 has no "text"')]
)
def test_ask_says_which_line_is_wrong(model: Path, given: str, words: str) -> None:
    done = npq("ask", "--json", given=given)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_check_names_file_line_and_field(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "knowledge"
    shutil.copytree(PROJECT / "data" / "knowledge", folder)
    path = folder / "programmes" / "NPQH.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("neighbours:", "neighbors:", 1), encoding="utf-8")
    done = npq("check", "--knowledge-only", NPQ_KNOWLEDGE=str(folder))
    assert done.returncode == 1
    line = next(n for n, text in enumerate(path.read_text().splitlines(), start=1) if "neighbors" in text)
    assert f"programmes/NPQH.yml:{line}: neighbors: is not a known key. Did you mean `neighbours`?" in done.stderr


def test_the_service_does_not_start_on_broken_knowledge(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "knowledge"
    shutil.copytree(PROJECT / "data" / "knowledge", folder)
    (folder / "roles.yml").unlink()
    done = npq("run", NPQ_KNOWLEDGE=str(folder), NPQ_PORT=str(free_port()))
    assert done.returncode == 1
    assert "roles.yml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_sentence_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = npq("run", NPQ_PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"npq run: port {port} is taken by another program. Stop that program, or choose another port: "
        f"NPQ_PORT={port + 1} make run"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("NPQ_PORT", "http"), ("NPQ_PORT", "70000"), ("NPQ_TODAY", "soon"), ("NPQ_HOME", "/proc/none")]
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    done = npq("run", **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"npq run: {name}: ")
    assert len(done.stderr.strip().splitlines()) == 1
