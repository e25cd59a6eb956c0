"""`npq evaluate`: figures and failures on labelled questions, on what is named, and by cross-validation."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import date
from pathlib import Path

from bot import settings
from bot.commands import CommandError
from bot.commands.evaluation_options import SEEDS
from bot.evaluation import measured, names, summary
from bot.evaluation.questions import Answers, Verdict, evaluate, labels
from bot.evaluation.report import Report
from bot.runtime.service import start_guide
from guidance.knowledge import current


def run(options: argparse.Namespace) -> int:
    """Print the failures, then the figures, and write the report. Exit 1 when anything forbidden was said."""
    if options.file is None and not options.full:
        raise CommandError("nothing to judge: name a file of labelled questions, or say --full, or both.")
    home, today = settings.read().home, settings.read().today or date.today()
    report = Report(today)
    if options.file is not None:
        report.answers = _asked(Path(options.file))
    report.measured = measured.kept(home)
    if report.measured is None and options.full:
        report.measured = measured.measure(home, SEEDS, _say)
    print(_understanding(report.measured))
    report.scores, report.misses = names.score(current())
    print(summary.named(report.scores, report.misses))
    if report.answers is not None:
        print()
        print(report.answers.summary())
    print(f"report           {_write(report, Path(options.report or home / measured.FOLDER / 'report.html'))}")
    return 1 if report.answers is not None and report.answers.forbidden else 0


def _asked(file: Path) -> Answers:
    questions = labels(file)
    answers = asyncio.run(evaluate(start_guide(say=_say), questions))
    for verdict in answers.verdicts:
        if verdict.faults:
            print(_show(verdict))
    return answers


def _understanding(found: measured.Measured | None) -> str:
    if found is None:
        return "cross-validation        not done for today's training data; `npq evaluate --full` does it\n"
    return f"{summary.understanding(found)}\n"


def _write(report: Report, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report.html(), encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"cannot write the report to {path}: {error.strerror}. Name another with --report."
        ) from error
    return path


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _show(verdict: Verdict) -> str:
    reply = verdict.reply
    lines = [
        f"{verdict.label.id} [{verdict.label.topic}] {verdict.label.text}",
        f"  -> {reply.status}, intent {reply.intent} {reply.confidence}",
        f"     topics {reply.topics}, programmes {reply.programmes}",
        *(f"  !! {fault}" for fault in verdict.faults),
        *(f"  | {line}" for line in reply.text.splitlines()),
        "",
    ]
    return "\n".join(lines)
