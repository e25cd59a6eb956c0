"""`npq lists`: what is loaded of DfE's lists and schools register; `npq lists import FILE` loads more."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.commands import CommandError
from bot.settings import read
from guidance.schools import ImportRefused, Source, current, health, import_file, intake_label

HEAD = ("kind", "intake", "rows", "imported", "file")


def run(options: argparse.Namespace) -> int:
    """Show what is loaded, or import one file."""
    settings = read()
    if options.action == "import":
        return _import(options, settings.home, settings.today or date.today())
    return _show(settings.home)


def _import(options: argparse.Namespace, home: Path, today: date) -> int:
    if health(home)["problems"]:
        print("What was loaded before is damaged and cannot be kept: import the other files again.", file=sys.stderr)
    try:
        sources = import_file(Path(options.file), home, today, options.year)
    except ImportRefused as refusal:
        raise CommandError(f"not imported, what was loaded stays. {refusal}") from refusal
    for source in sources:
        intake = f" for {intake_label(source.intake)}" if source.intake else ""
        again = f" ({source.duplicates} more said the same again)" if source.duplicates else ""
        print(f"Loaded {source.kind}{intake}: {source.rows} row{'s' if source.rows > 1 else ''}{again}.")
    return 0


def _show(home: Path) -> int:
    register = current(home)
    if problems := health(home)["problems"]:
        raise CommandError(problems[0])
    if register.empty:
        print("Nothing is loaded. `npq lists import FILE` loads DfE's lists and the schools register (docs/lists.md).")
        return 0
    rows = [HEAD, *map(_cells, register.loaded)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print(_aligned(row, widths))
    return 0


def _cells(source: Source) -> tuple[str, ...]:
    intake = intake_label(source.intake) or "-"
    return source.kind, intake, str(source.rows), source.imported.isoformat(), source.file


def _aligned(row: Iterable[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
