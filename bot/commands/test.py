"""`npq test`: play the scripted conversations."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.commands import CommandError
from bot.conversations import junit, showing
from bot.conversations.finding import find
from bot.conversations.partner import Away
from bot.conversations.played import Played
from bot.conversations.running import jobs_for
from bot.conversations.running import run as play_all
from bot.conversations.script import Test
from guidance.knowledge import KnowledgeError, knowledge_folder, load

PASSED, FAILED, BROKEN, STOPPED = 0, 1, 2, 130


def run(options: argparse.Namespace) -> int:
    """Exit 0 when all pass, 1 when one fails, 2 when a file is broken or the service away: then nothing is judged."""
    if options.coverage and not options.coverage.endswith(".json"):
        options.files, options.coverage = [options.coverage, *options.files], ""  # it was a file to play
    if options.watch:
        return _watch(options)
    tests = _tests(options.files)
    if tests is None:
        return BROKEN
    began = time.perf_counter()
    try:
        played, left_out = _from_outside(tests, options) if options.url else (_here(tests, options), "")
    except Away as away:
        print(f"npq test: {away}", file=sys.stderr)
        return BROKEN
    except KeyboardInterrupt:
        print("Stopped before all were played.", file=sys.stderr)
        return STOPPED
    order = {test.id: place for place, test in enumerate(tests)}
    played.sort(key=lambda item: order[item.test.id])
    if options.junit:
        junit.write(played, Path(options.junit))
    if options.coverage is not None:
        _tell_coverage(played, options.coverage)
    print(" ".join(filter(None, (showing.summary(played, time.perf_counter() - began), left_out))))
    return PASSED if all(item.passed for item in played) else FAILED


def _watch(options: argparse.Namespace) -> int:
    """Play, and play again on every change, until Ctrl-C."""
    from bot.conversations.watching import Watching

    def play(total: int, begin: Callable[[Callable[[Played], None]], None]) -> list[Played]:
        began = time.perf_counter()
        played = _behind_a_bar(total, options, begin)
        if len(played) == total:
            print(showing.summary(played, time.perf_counter() - began), flush=True)
        return played

    def find_all() -> list[Test] | None:
        try:
            return _tests(options.files)
        except (CommandError, KnowledgeError) as error:
            _say(str(error))
            return None

    try:
        Watching(find_all, play, lambda tests: max(1, options.jobs or jobs_for(tests)), _say).run(options.files)
    except KeyboardInterrupt:
        print("\nStopped watching.", flush=True)
    return PASSED


def _tests(files: Sequence[str]) -> list[Test] | None:
    """The conversations meant; None, once the problems are told, when a file is broken."""
    found = find(files, load(knowledge_folder()))
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.problems:
        count = len(found.problems)
        print(f"{count} problem{'s' if count > 1 else ''} found; nothing was played.", file=sys.stderr)
        return None
    if not found.tests:
        raise CommandError("there are no conversations in tests/conversations. See docs/testing.md.")
    return found.tests


def _here(tests: list[Test], options: argparse.Namespace) -> list[Played]:
    """Play with the guide in this process, or in several."""
    jobs = max(1, options.jobs or jobs_for(tests))
    explain = options.show or options.coverage is not None
    return _behind_a_bar(len(tests), options, lambda done: play_all(tests, jobs, done, _say, explain=explain))


def _from_outside(tests: list[Test], options: argparse.Namespace) -> tuple[list[Played], str]:
    """Play with a service, as far as that is possible; what was left out in words."""
    from bot.conversations import from_outside

    fit, left_out = from_outside.playable(tests)
    said = from_outside.in_words(left_out)
    if not fit:
        raise CommandError(f"nothing was played: {said}")
    at_once = max(1, options.jobs or from_outside.AT_ONCE)
    return _behind_a_bar(len(fit), options, lambda done: from_outside.run(fit, options.url, done, at_once)), said


def _tell_coverage(played: list[Played], file: str) -> None:
    """What the conversations touch, on the terminal, and in a file where one is named."""
    from bot.conversations import coverage

    found = coverage.coverage(played, load(knowledge_folder()))
    _console().print(showing.of_coverage(found))
    if file:
        coverage.write(found, Path(file))


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else showing.WIDTH, highlight=False)


def _behind_a_bar(
    total: int, options: argparse.Namespace, play: Callable[[Callable[[Played], None]], None]
) -> list[Played]:
    """Play behind a progress bar; what fails is shown at once."""
    console = _console()
    played: list[Played] = []
    parts = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    plain = options.show or not console.is_terminal
    with Progress(*parts, console=console, transient=True, disable=plain) as bar:
        task = bar.add_task("", total=total)

        def done(item: Played) -> None:
            played.append(item)
            if options.show or not item.passed:
                showing.show(item, console)
            failed = sum(not other.passed for other in played)
            bar.update(task, advance=1, description=f"{failed} failed" if failed else "")

        play(done)
    return played


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
