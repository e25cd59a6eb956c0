"""Imports point one way: bot -> actions -> guidance, bot -> guidance."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
FORBIDDEN = {
    "guidance": {"actions", "bot", "rasa", "rasa_sdk", "sanic", "slack_sdk", "slack_bolt", "spacy"},
    "actions": {"bot", "rasa", "sanic", "slack_sdk", "slack_bolt"},
}
MOST_LINES = 320


def modules(room: str) -> list[Path]:
    return sorted((PROJECT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_imports_point_one_way(room: str) -> None:
    assert modules(room), f"the room {room} has no modules: this test would prove nothing"
    wrong = {
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in modules(room)
        for name in imported(path)
        if name in FORBIDDEN[room]
    }
    assert not wrong


@pytest.mark.parametrize("room", ["guidance", "actions", "bot"])
def test_no_module_is_too_long_to_read(room: str) -> None:
    long = {
        str(path.relative_to(PROJECT)): lines
        for path in modules(room)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long
