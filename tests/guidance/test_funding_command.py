"""`npq funding`: a line in, a line out."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from funding_situations import RULES

from bot.commands.funding import decide_all

PROJECT = Path(__file__).resolve().parents[2]
KEYS = ["outcome", "code", "rule", "reason", "needs", "error"]
FUNDED = {
    "course": "NPQH",
    "works_in_england": True,
    "previously_funded": False,
    "work_setting": "school",
    "eligible_establishment": True,
}


def npq(*options: str, lines: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "funding", *options], input=lines, capture_output=True, cwd=PROJECT
    )


def answers(lines: bytes) -> list[dict[str, Any]]:
    done = npq("--json", lines=lines)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_object_a_line_in_the_form_of_the_contract() -> None:
    [funded, needed, not_funded] = answers(
        b"\n".join(
            json.dumps(one).encode()
            for one in (FUNDED, {**FUNDED, "eligible_establishment": None}, {"works_in_england": False})
        )
    )
    assert list(funded) == list(needed) == list(not_funded) == KEYS
    assert (funded["outcome"], funded["code"], funded["rule"]) == ("funded", "funded", "A25")
    assert "not guaranteed" in funded["reason"]
    assert (funded["needs"], funded["error"]) == ([], None)
    assert needed == {
        **dict.fromkeys(KEYS),
        "needs": ["eligible_establishment", "on_rise_list"],
    }
    assert (not_funded["outcome"], not_funded["code"], not_funded["rule"]) == (
        "not_funded",
        "not_in_england",
        "A02",
    )


def test_a_bad_line_gets_an_error_and_the_next_goes_on() -> None:
    lines = [
        b'{"course": "NPQH"',
        b"[1, 2]",
        b"\xff\xfe{}",
        b'{"course": "NPQH", "course": "NPQSL"}',
        b"[" * 100_000,
        b'{"\\ud800": 1}',
        b'{"previously_funded": NaN}',
        b'{"course": ' + b"9" * 6000 + b"}",
        "{“course”: “NPQH”}".encode(),
        b'"NPQH"',
        b"null",
    ]
    *faults, good = answers(b"\n".join([*lines, json.dumps(FUNDED).encode()]))
    assert len(faults) == len(lines)
    for fault in faults:
        assert fault["error"]
        assert fault["outcome"] is None
        assert fault["needs"] == []
    assert "stands twice" in faults[3]["error"]
    assert good["outcome"] == "funded"


def test_blank_lines_are_skipped_and_counted() -> None:
    lines = [b"\n", b"  \r\n", b"{\n", b"\xef\xbb\xbf{}\r\n"]
    found = list(decide_all(lines, RULES))
    assert [number for number, _ in found] == [3, 4]
    assert "Line 3" in str(found[0][1].error)
    assert found[1][1].needs


def test_no_input_is_no_output() -> None:
    assert npq("--json", lines=b"").stdout == b""


def test_plain_lines_for_people() -> None:
    text = npq(lines=json.dumps(FUNDED).encode() + b'\n{"course": "EHCO"}\n{').stdout.decode()
    first, second, third = text.splitlines()
    assert first.startswith("1. DfE's rules allow a scholarship [A25, funded].")
    assert second.startswith("2. Not known yet. Still needed: works_in_england (Do you work in England?)")
    assert third.startswith("3. Error: Line 3 is not a JSON object")


def test_each_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "funding", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
    ) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(2):
            process.stdin.write(json.dumps(FUNDED).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == "funded"
        process.stdin.close()
    assert process.returncode == 0


def test_it_starts_without_rasa() -> None:
    code = (
        "import sys, bot.commands.funding\n"
        "print([name for name in ('rasa', 'sanic', 'spacy', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )
    began = time.process_time()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=PROJECT, text=True)
    assert done.stdout.strip() == "[]", done.stderr
    assert time.process_time() - began < 1


def test_broken_rules_are_named_and_nothing_is_decided(tmp_path: Path) -> None:
    (tmp_path / "funding.yml").write_text("tables: []\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "funding", "--json"],
        input=b"{}\n",
        capture_output=True,
        cwd=PROJECT,
        env={"NPQ_KNOWLEDGE": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1
    assert b"funding.yml" in done.stderr
    assert done.stdout == b""
