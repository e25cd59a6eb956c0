"""`npq evaluate`: figures and failures on a file of labelled questions."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.evaluation import Verdict, evaluate, labels
from bot.runtime.service import start_guide


def run(options: argparse.Namespace) -> int:
    """Print the failures, then the figures. Exit 1 when anything forbidden was said."""
    questions = labels(Path(options.file))
    guide = start_guide(say=lambda text: print(text, file=sys.stderr))
    figures = asyncio.run(evaluate(guide, questions))
    for verdict in figures.verdicts:
        if verdict.faults:
            print(_show(verdict))
    print(figures.summary())
    return 1 if figures.forbidden else 0


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
