"""The report as one HTML page that needs nothing else: no network, no other file. All text is escaped."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.report.figures import UK, Figures
from bot.report.funnel import STEPS
from bot.report.handoffs import OUTCOMES, RATINGS
from bot.report.tables import BOUNDS, day_name, headline, names, number, tables
from bot.report.times import STEP

FOLDER = Path(__file__).resolve().parent
SCRIPTS = ("vendor/chart.umd.min.js", "report.js")
STYLE = "report.css"
MOST_IN_CHART = 12


def page(figures: Figures) -> str:
    """The whole page. Its own policy lets nothing run or load but what is in it."""
    scripts = [(FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS]
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        environment()
        .get_template("report.html")
        .render(**view(figures), policy=policy, scripts=[Markup(text) for text in scripts], style=Markup(style))
    )


def environment(*folders: Path) -> Environment:
    """Where the templates are, after those of further folders."""
    return Environment(
        loader=FileSystemLoader([*folders, FOLDER]), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def view(figures: Figures) -> dict[str, Any]:
    """What the templates show."""
    period, days = figures.period, figures.days
    first, last = period.first or (days[0] if days else None), period.last or (days[-1] if days else None)
    counts = figures.total("questions")
    return {
        "empty": figures.empty,
        "period": period,
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
        "from_to": f"{day_name(first)} to {day_name(last)}" if first and last else "",
        "made": f"{datetime.now(UK):%H:%M} on {day_name(datetime.now(UK))}",
        "channels": [(name, names()["channels"].get(name, name)) for name in figures.channels],
        "headline": headline(figures),
        "tables": tables(figures),
        "questions": [(number(counts[place]), item) for place, item in enumerate(figures.questions)],
        "left_out": figures.left_out,
        "data": data(figures),
    }


def data(figures: Figures) -> dict[str, Any]:
    """What the script sums over the days and the channel that are chosen."""
    return {
        "days": [[str(day), day_name(day)] for day in figures.days],
        "channels": figures.channels,
        "names": names(),
        "steps": STEPS,
        "outcomes": OUTCOMES,
        "ratings": RATINGS,
        "step": STEP,
        "bounds": BOUNDS,
        "most": MOST_IN_CHART,
        "counts": figures.cells(),
    }


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
