"""Which conversations are meant: everything in the project, a folder, a file, or `FILE::NAME`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.conversations.reading import read_file
from bot.conversations.script import Test
from bot.settings import PROJECT
from guidance.knowledge import Knowledge
from guidance.knowledge.problems import Problem, closest

FOLDER = PROJECT / "tests" / "conversations"
ENDINGS = (".yml", ".yaml")


@dataclass
class Found:
    """Conversations to play, and what is wrong with the files."""

    tests: list[Test] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find(wanted: Sequence[str] = (), knowledge: Knowledge | None = None) -> Found:
    """The conversations meant by the arguments of `npq test`; all of the project without any."""
    found = Found()
    for item in wanted or [str(FOLDER)]:
        place, _, name = item.partition("::")
        files = _files(Path(place))
        if not files:
            found.problems.append(_missing(Path(place)))
        for path in files:
            tests, problems = read_file(path, shown(path), knowledge)
            found.problems += [problem for problem in problems if problem not in found.problems]
            meant = _named(tests, name, path, found.problems)
            known = {test.id for test in found.tests}
            found.tests += [test for test in meant if test.id not in known]
    return found


def problems(knowledge: Knowledge, folder: Path = FOLDER) -> list[Problem]:
    """Everything wrong with the project's conversations; none when the folder is not installed."""
    return find([str(folder)], knowledge).problems if folder.is_dir() else []


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(path for path in place.rglob("*") if path.suffix in ENDINGS)
    return [place] if place.is_file() else []


def _missing(place: Path) -> Problem:
    if place.is_dir():
        return Problem(str(place), 1, "folder", "has no conversations in it.", "Their files end in .yml.")
    beside = place.parent.iterdir() if place.parent.is_dir() else ()
    likely = {str(place.parent / item.name) for item in beside if item.is_dir() or item.suffix in ENDINGS}
    advice = closest(str(place), likely)
    return Problem(str(place), 1, "file", "there is no such file or folder.", advice if "mean" in advice else "")


def _named(tests: list[Test], name: str, path: Path, problems: list[Problem]) -> list[Test]:
    if not name or not tests:
        return tests
    meant = [test for test in tests if name in (test.name, test.written_name)]
    if not meant:
        advice = closest(name, {test.name for test in tests})
        problems.append(Problem(shown(path), 1, "file", f"has no conversation `{name}`.", advice))
    return meant


def shown(path: Path) -> str:
    """The path as messages show it and as the command line takes it: from here where that is shorter."""
    path = path.resolve()
    try:
        return str(path.relative_to(Path(os.getcwd())))
    except ValueError:
        return str(path)
