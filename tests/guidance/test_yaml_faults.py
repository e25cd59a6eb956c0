"""A file that is not YAML: the line where it goes wrong, and advice that fits."""

from pathlib import Path

import pytest

from guidance.knowledge.yaml_lines import read

HEAD = "conversations:\n  - name: x\n    steps:\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("      - user: hello\n       status: social\n", 5, "must begin in the same column"),
        ("      - user: hello\n          status: social\n", 5, "must begin in the same column"),
        ("      - user: hello\n          bot contains: social\n", 5, "must begin in the same column"),
        ("\t- user: hello\n", 4, "a tab"),
        ("      - user: hello\n\t\tstatus: social\n", 5, "a tab"),
        ("      - user:hello\n        status: social\n", 4, "a space after the colon"),
        ("      - user: tell me: how long\n", 4, "a colon"),
        ("      - user: 'it's not long'\n", 4, "an apostrophe"),
        ('      - user: "how" long\n', 4, "nothing may follow it"),
        ('      - user: hi\n      - user: "hello\n        status: social\n', 5, "is not closed"),
        ("      - user: hi\n        bot contains: %5\n", 5, "begins with % needs quotes"),
        ("      - user: @ann\n", 4, "begins with @ needs quotes"),
        ("      - user: *who\n", 4, "begins with * needs quotes"),
    ],
)
def test_the_advice_fits_the_mistake(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(HEAD + text, encoding="utf-8")
    _, (problem,) = read(path, "talk.yml")
    assert (problem.line, problem.message.startswith("not readable as YAML")) == (line, True)
    assert says in problem.suggestion


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_says_how_to_save_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "talk.yml"
    path.write_bytes("conversations:\n  - name: Café\n".encode(encoding))
    _, (problem,) = read(path, "talk.yml")
    assert problem.line == (2 if encoding == "latin-1" else 1)
    assert "UTF-8" in problem.suggestion


def test_a_character_no_text_has_is_named(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_bytes(b"conversations:\n  - name: a\x00b\n")
    _, (problem,) = read(path, "talk.yml")
    assert "not readable as YAML" in problem.message
    assert "UTF-8" in problem.suggestion
