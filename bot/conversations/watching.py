"""Play conversations again and again as files change: what failed first, then the rest."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from bot.conversations import worker
from bot.conversations.changes import Changes, needs_new_guide
from bot.conversations.played import Played
from bot.conversations.running import ENDED, no_ctrl_c, pool
from bot.conversations.script import Test
from bot.settings import PROJECT

Find = Callable[[], list[Test] | None]
Play = Callable[[int, Callable[[Callable[[Played], None]], None]], list[Played]]
Jobs = Callable[[Sequence[Test]], int]
LOOK = 0.5  # seconds between two looks for a change while playing
ENDS_WITHIN = 10.0  # seconds, of a process that plays


class Watching:
    """Keeps guides ready in processes of their own, so that edited code and models count.

    `find` gives the conversations, or None where a file is broken; `play` puts a number of them behind a progress bar.
    """

    def __init__(self, find: Find, play: Play, jobs: Jobs, say: Callable[[str], None]) -> None:
        self.find, self.play, self.jobs, self.say = find, play, jobs, say
        self.failed: set[str] = set()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, wanted: Sequence[str]) -> None:
        """Until Ctrl-C."""
        with tempfile.TemporaryDirectory(prefix="npq-test-") as folder, Changes(wanted) as changes:
            try:
                while True:
                    tests = self.find()
                    try:
                        if tests is not None and self._ready(Path(folder), tests):
                            self.round(tests, changes)
                    except BrokenProcessPool:
                        self.say(ENDED)
                        self._close()
                    if not changes.waiting:
                        self.say("Watching for changes. Ctrl-C ends.")
                    changed = changes.wait()
                    self.say("\nChanged: " + ", ".join(sorted(_short(path) for path in changed)))
                    if needs_new_guide(changed):
                        self._close()
            finally:
                self._close()

    def round(self, tests: Sequence[Test], changes: Changes) -> None:
        """Those that failed last time, then the others; a change ends it early."""
        again = [test for test in tests if test.id in self.failed]
        others = [test for test in tests if test.id not in self.failed]
        for number, part in enumerate((again, others)):
            if not part or changes.waiting:
                continue
            if again:
                self.say("First those that failed:" if number == 0 else "Then the others:")
            self.play(len(part), lambda done, part=part: self._play(part, done, changes))  # type: ignore[misc]

    def _play(self, tests: Sequence[Test], done: Callable[[Played], None], changes: Changes) -> None:
        assert self._pool is not None
        with no_ctrl_c():
            left = {self._pool.submit(worker.play_followed, test) for test in tests}
        while left and not changes.waiting:
            finished, left = wait(left, timeout=LOOK, return_when=FIRST_COMPLETED)
            for played in _results(finished):
                self.failed.discard(played.test.id)
                if not played.passed:
                    self.failed.add(played.test.id)
                done(played)
        for future in left:
            future.cancel()

    def _ready(self, folder: Path, tests: Sequence[Test]) -> bool:
        """Guides that fit the files; False, once told why, where there can be none."""
        if self._pool is None:
            # In a process of its own: the code that trains may just have been edited.
            if subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=PROJECT, check=False).returncode:
                return False
            self._pool = pool(self.jobs(tests), folder)
        return True

    def _close(self) -> None:
        if self._pool is not None:
            # Not `wait`: a process that does not end would hold up Ctrl-C for ever.
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
            for process in multiprocessing.active_children():
                process.join(ENDS_WITHIN)
                if process.is_alive():
                    process.kill()


def _results(finished: set[Future[Played]]) -> Iterator[Played]:
    for future in finished:
        yield future.result()


def _short(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)
