"""Lets pytest play the scripted conversations of this folder: each is a test with the name it has in its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.channels.guide import Guide
    from bot.conversations.script import Test


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Every YAML file here holds conversations or Rasa test stories."""
    if file_path.suffix not in (".yml", ".yaml"):
        return None
    return ConversationFile.from_parent(parent, path=file_path)


class ConversationFailed(Exception):
    """A conversation went differently; the text shows how."""


class ConversationFile(pytest.File):
    """A file of conversations. A broken one is an error with all its problems."""

    def collect(self) -> Iterator[pytest.Item]:
        from bot.conversations.finding import shown
        from bot.conversations.reading import read_file
        from guidance.knowledge import current

        tests, problems = read_file(self.path, shown(self.path), current())
        if problems:
            raise self.CollectError("\n".join(str(problem) for problem in problems))
        for test in tests:
            item = ConversationItem.from_parent(self, name=test.name, callobj=_player(test))
            item.line = test.line
            yield item


class ConversationItem(pytest.Function):
    """One conversation. A function, so that it gets the `guide` fixture like any other test."""

    line = 1

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands, and its name as the heading of a failure."""
        return self.path, self.line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """The transcript instead of a stack trace."""
        if isinstance(excinfo.value, ConversationFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args)


def _player(test: Test) -> Callable[[Guide], None]:
    def play(guide: Guide) -> None:
        from bot.conversations.showing import as_text
        from bot.conversations.worker import play_with

        played = play_with(guide, test)
        if not played.passed:
            raise ConversationFailed(as_text(played))

    return play
