"""`npq test`: play the scripted conversations."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.commands import CommandError
from bot.conversations import junit, showing
from bot.conversations.finding import find
from bot.conversations.played import Played
from bot.conversations.running import jobs_for
from bot.conversations.running import run as play_all
from bot.conversations.script import Test
from guidance.knowledge import knowledge_folder, load

PASSED, FAILED, BROKEN, STOPPED = 0, 1, 2, 130


def run(options: argparse.Namespace) -> int:
    """Exit 0 when all pass, 1 when one fails, 2 when a file is broken: then nothing is played."""
    found = find(options.files, load(knowledge_folder()))
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.problems:
        count = len(found.problems)
        print(f"{count} problem{'s' if count > 1 else ''} found; nothing was played.", file=sys.stderr)
        return BROKEN
    if not found.tests:
        raise CommandError("there are no conversations in tests/conversations. See docs/testing.md.")
    began = time.perf_counter()
    try:
        played = _play(found.tests, options)
    except KeyboardInterrupt:
        print("Stopped before all were played.", file=sys.stderr)
        return STOPPED
    order = {test.id: place for place, test in enumerate(found.tests)}
    played.sort(key=lambda item: order[item.test.id])
    if options.junit:
        junit.write(played, Path(options.junit))
    print(showing.summary(played, time.perf_counter() - began))
    return PASSED if all(item.passed for item in played) else FAILED


def _play(tests: list[Test], options: argparse.Namespace) -> list[Played]:
    """Play all behind a progress bar; what fails is shown at once."""
    console = Console(width=None if sys.stdout.isatty() else showing.WIDTH, highlight=False)
    played: list[Played] = []
    parts = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    plain = options.show or not console.is_terminal
    with Progress(*parts, console=console, transient=True, disable=plain) as bar:
        task = bar.add_task("", total=len(tests))

        def done(item: Played) -> None:
            played.append(item)
            if options.show or not item.passed:
                console.print(showing.shown(item))
            failed = sum(not other.passed for other in played)
            bar.update(task, advance=1, description=f"{failed} failed" if failed else "")

        jobs = max(1, options.jobs or jobs_for(tests))
        play_all(tests, jobs, done, lambda text: print(text, file=sys.stderr), explain=options.show)
    return played
