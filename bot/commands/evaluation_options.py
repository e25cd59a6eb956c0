"""What `npq evaluate` takes; apart, so that other subcommands start without what it imports."""

from __future__ import annotations

import argparse

SEEDS = 3


def options(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("evaluate", help="judge the guide on labelled questions and by cross-validation")
    parser.add_argument("file", nargs="?", help="YAML list of questions with id, text, accept, must, must_not")
    parser.add_argument(
        "--full",
        action="store_true",
        help=f"cross-validate with {SEEDS} seeds (about ten minutes, once for the same training data)",
    )
    parser.add_argument("--report", metavar="FILE", help="where to write the HTML report (default: under NPQ_HOME)")
