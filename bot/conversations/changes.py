"""Which of the files people edit have changed, and what that asks for before conversations are played again."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from watchfiles import watch

from bot.conversations.finding import ENDINGS, FOLDER
from bot.settings import PROJECT
from guidance.knowledge import knowledge_folder

CODE = ("actions", "guidance", "bot")
TRAINED = ("nlu", "rules", "stories")
SETTLED = 200  # milliseconds of quiet that end one change: editors save in several steps


class Changes:
    """Follows the files from the moment it is made; a context manager."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._stop = threading.Event()
        self._found: queue.Queue[set[Path]] = queue.Queue()
        folders = [PROJECT / "data", knowledge_folder(), *(PROJECT / name for name in CODE)]
        places = [Path(item.partition("::")[0]).resolve() for item in wanted] or [FOLDER]
        folders += [place for place in places if place.is_dir()]
        # A file is followed through its folder: many editors put a new file in its place.
        single = {PROJECT, *(place.parent for place in places if not place.is_dir())}
        self._threads = [
            self._follow(_outermost(folders), recursive=True),
            self._follow([place for place in single if place.is_dir()], recursive=False),
        ]

    def __enter__(self) -> Changes:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=2)

    @property
    def waiting(self) -> bool:
        """Whether something changed since it was last asked."""
        return not self._found.empty()

    def wait(self) -> set[Path]:
        """The files changed since it was last asked; waits for the first."""
        found = set[Path]()
        while not found:
            try:
                found = self._found.get(timeout=0.5)  # in steps, so that Ctrl-C is heard on every system
            except queue.Empty:
                continue
        while not self._found.empty():
            found |= self._found.get()
        return found

    def _follow(self, places: Sequence[Path], *, recursive: bool) -> threading.Thread:
        ready = threading.Event()

        def follow() -> None:
            changes = watch(
                *places, recursive=recursive, stop_event=self._stop, debounce=10 * SETTLED, step=SETTLED,
                rust_timeout=SETTLED, yield_on_timeout=True, raise_interrupt=False,
            )  # fmt: skip
            for change in changes:
                ready.set()
                found = {Path(name) for _, name in change if matters(Path(name))}
                if found:
                    self._found.put(found)

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        ready.wait(timeout=10)
        return thread


def matters(path: Path) -> bool:
    """Whether conversations may go differently once this file has changed."""
    if path.suffix in ENDINGS:
        return True
    return path.suffix == ".py" and any(path.is_relative_to(PROJECT / name) for name in CODE)


def needs_new_guide(changed: Iterable[Path]) -> bool:
    """Whether the guide must start afresh (and train where its inputs changed). Edited knowledge is read as it is,
    without training, as the service does; so are conversations."""
    return any(path.suffix == ".py" or path in _single() or _is_trained(path) for path in changed)


def _single() -> tuple[Path, ...]:
    return (PROJECT / "config.yml", PROJECT / "domain.yml")


def _is_trained(path: Path) -> bool:
    return any(path.is_relative_to(PROJECT / "data" / name) for name in TRAINED)


def _outermost(folders: Iterable[Path]) -> list[Path]:
    """Folders that lie in no other of them, so that no change is told twice."""
    there = {folder.resolve() for folder in folders if folder.is_dir()}
    return [folder for folder in there if not any(other in folder.parents for other in there)]
