"""Play many conversations, in several processes where that is quicker."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import CommandError
from bot.conversations import worker
from bot.conversations.played import Played
from bot.conversations.script import Conversation, Test

if TYPE_CHECKING:
    from bot.channels.guide import Guide

MOST_JOBS = 8
ENDED = "a process that plays conversations ended. `--jobs 1` shows why."
WORTH_A_PROCESS = 250  # steps: starting a process takes as long as playing these

Done = Callable[[Played], None]


def jobs_for(tests: Sequence[Test]) -> int:
    """How many processes pay off."""
    steps = sum(len(test.steps) if isinstance(test, Conversation) else 1 for test in tests)
    return max(1, min(MOST_JOBS, _cores(), steps // WORTH_A_PROCESS))


def run(tests: Sequence[Test], jobs: int, done: Done, say: Callable[[str], None], *, explain: bool = False) -> None:
    """Play all; `done` is called with each as it finishes, in any order."""
    if jobs == 1:
        with own_guide(say) as guide:
            for test in tests:
                done(worker.play_with(guide, test, explain=explain))
        return
    with tempfile.TemporaryDirectory(prefix="npq-test-") as folder:
        worker.train(say)  # once; the processes then find the model
        players = pool(jobs, Path(folder))
        try:
            with no_ctrl_c():  # processes start with the first of these
                futures = [players.submit(worker.play_here, test, explain) for test in tests]
            for future in as_completed(futures):
                done(future.result())
        except BrokenProcessPool as broken:
            raise CommandError(ENDED) from broken
        finally:
            players.shutdown(cancel_futures=True)


def pool(jobs: int, folder: Path) -> ProcessPoolExecutor:
    """Processes with a guide each, its database in the folder.

    They are started afresh: a forked one would share the database's connections and the encoder's threads.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, initializer=worker.start, initargs=(folder,))


@contextmanager
def no_ctrl_c() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, which is for the one that started them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def own_guide(say: Callable[[str], None]) -> Iterator[Guide]:
    """A guide in this process on a database that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="npq-test-") as folder, _environment():
        yield worker.start(Path(folder), say)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _environment() -> Iterator[None]:
    """Puts the settings back that `worker.start` changes."""
    before = os.environ.get("NPQ_DATABASE_URL")
    try:
        yield
    finally:
        os.environ.pop("NPQ_DATABASE_URL", None)
        if before is not None:
            os.environ["NPQ_DATABASE_URL"] = before
