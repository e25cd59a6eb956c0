"""The `npq` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit status. A known fault is one sentence, never a stack trace."""
    from bot.runtime import lean_imports, threads

    threads.only_one()  # before anything imports NumPy
    lean_imports.install()  # before anything imports Rasa
    from bot.commands import FAULTS, run

    options = parser().parse_args(arguments)
    try:
        return run(options)
    except FAULTS as fault:
        print(f"npq {options.command}: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return 0
    except BrokenPipeError:
        return 0


def parser() -> argparse.ArgumentParser:
    """All subcommands and their options."""
    from bot.commands import chat, evaluation_options, interest, report, slack, staff, test_options

    top = argparse.ArgumentParser(prog="npq", description="NPQ Guide: answers questions about NPQs.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("run", help="train if the inputs changed, then serve the page and the web channel")
    serve.add_argument(
        "--workers",
        metavar="N",
        help="serve with N processes, which need PostgreSQL and Redis (docs/deploy.md; default: NPQ_WORKERS, or 1)",
    )
    train = commands.add_parser("train", help="train the model if its inputs changed")
    train.add_argument("--force", action="store_true", help="train even when nothing changed")
    check = commands.add_parser("check", help="validate knowledge, domain, rules and training data")
    check.add_argument("--knowledge-only", action="store_true", help="check data/knowledge only (fast)")
    chat.options(commands)
    ask = commands.add_parser("ask", help="answer questions read from standard input, one a line")
    ask.add_argument("--json", action="store_true", help="one JSON object a line out")
    funding = commands.add_parser(
        "funding", help="what DfE's funding rules say for situations read from standard input, one a line"
    )
    funding.add_argument("--json", action="store_true", help="one JSON object a line out")
    evaluation_options.options(commands)
    interest.options(commands)
    report.options(commands)
    slack.options(commands)
    staff.options(commands)
    test_options.options(commands)
    lists = commands.add_parser("lists", help="show or import DfE's funding lists and schools register (GIAS)")
    actions = lists.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("show", help="what is loaded (also without an action)")
    load = actions.add_parser("import", help="load a CSV file; it replaces the same list of the same intake")
    load.add_argument("file", help="DfE's lists, one of DfE's uploads, or an extract of the schools register")
    load.add_argument("--year", help="the intake a list is for: 'autumn 2026' (needed where the file name lacks it)")
    return top


if __name__ == "__main__":
    sys.exit(main())
