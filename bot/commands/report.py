"""`npq report`: what was asked and how it went, as one page or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bot.commands import CommandError
from bot.private_file import write_private
from bot.settings import Settings, read

DEFAULT = "report.html"  # in NPQ_HOME


def options(commands: Any) -> None:
    """The subcommand's own options."""
    report = commands.add_parser("report", help="what was asked, and how it went: one HTML page, or JSON")
    report.add_argument("file", nargs="?", metavar="FILE", help="the page to write (default: report.html in NPQ_HOME)")
    report.add_argument("--json", action="store_true", help="figures as JSON, on the terminal where no FILE is named")
    report.add_argument("--from", dest="first", metavar="DATE", help="the first day, such as 2026-11-01")
    report.add_argument("--to", dest="last", metavar="DATE", help="the last day")
    report.add_argument("--channel", help="only this one: web, slack, terminal, ask ... (default: all visitors' ones)")


def run(given: argparse.Namespace) -> int:
    """Read, count, write."""
    from sqlalchemy.exc import ArgumentError

    from bot.report.figures import Period
    from bot.report.reading import NoDatabase, read_figures
    from guidance.interest import database

    first, last = _day("--from", given.first), _day("--to", given.last)
    if first and last and first > last:
        raise CommandError(f"--from {first} is after --to {last}. Swap them.")
    settings = read()
    try:
        engine = database.connect(settings.database_url)
    except (ArgumentError, ImportError) as error:
        raise CommandError("NPQ_DATABASE_URL is not an address of a database we know. See the README.") from error
    try:
        _known(engine, given.channel)
        figures = read_figures(engine, Period(first, last, given.channel))
    except NoDatabase as error:
        raise CommandError(str(error)) from error
    finally:
        engine.dispose()
    return _write(given, settings, figures)


def _write(given: argparse.Namespace, settings: Settings, figures: Any) -> int:
    from bot.report.page import page
    from bot.report.summary import summary

    if given.json:
        text = json.dumps(summary(figures), ensure_ascii=False, indent=2) + "\n"
        if not given.file:
            sys.stdout.write(text)
            return 0
    else:
        text = page(figures)
    path = Path(given.file) if given.file else settings.home / DEFAULT
    try:
        write_private(path, text.encode())  # it holds what visitors asked
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}. Name a file in a folder that is there.") from error
    turns = sum(figures.total("hours").values())
    print(f"{turns:,} turns. Wrote {path}" if turns else f"Nothing is stored for this choice. Wrote {path}")
    return 0


def _known(engine: Any, channel: str | None) -> None:
    from bot.report.figures import TRIALS, VISITORS
    from bot.report.reading import stored_channels

    if channel is None or channel in (*VISITORS, *TRIALS):
        return
    stored = stored_channels(engine)
    if channel not in stored:
        known = ", ".join(sorted({*VISITORS, *stored}))
        raise CommandError(f"--channel: there is no channel `{channel}`. Write one of: {known}.")


def _day(option: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option}: `{text}` is not a date. Write year-month-day, such as 2026-11-21.") from error
