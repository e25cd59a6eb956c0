"""The report: one HTML file that opens from disk, needs no network and says in tables all that its charts show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from bot.evaluation import charts
from bot.evaluation.figures import FALLBACK, Figures, accuracy
from bot.evaluation.measured import Measured
from bot.evaluation.names import ALL, Miss, Score
from bot.evaluation.questions import Answers
from bot.evaluation.summary import SHOWN

STYLE = """
body { font: 16px/1.5 Arial, sans-serif; color: #0b0c0c; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.75rem; } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-bottom: 1px solid #b1b4b6; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: bold; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid #b1b4b6; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } svg text { font: 12px Arial, sans-serif; fill: #0b0c0c; }
svg text.small { font-size: 8px; } .wide { overflow-x: auto; } .wide svg { max-width: none; }
summary { cursor: pointer; } a:focus, summary:focus { outline: 3px solid #fd0; }
"""
# Nothing may be loaded and nothing run, whatever a sentence holds.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
Cell = str | int | float


@dataclass
class Report:
    """What there is to report; a part that was not measured is left out, and the report says so."""

    today: date
    answers: Answers | None = None
    measured: Measured | None = None
    scores: dict[str, Score] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    def html(self) -> str:
        """The whole page."""
        parts = [
            *(_answers(self.answers) if self.answers else ()),
            *(_understanding(self.measured) if self.measured else ("<p>Not cross-validated yet.</p>",)),
            *(_names(self.scores, self.misses) if self.scores else ()),
        ]
        return (
            '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>How well NPQ Guide understands</title><style>{STYLE}</style></head>"
            f"<body><main><h1>How well NPQ Guide understands</h1><p>Measured on {self.today:%d %B %Y}.</p>\n"
            + "\n".join(parts)
            + "\n</main></body></html>\n"
        )


def _answers(answers: Answers) -> Iterable[str]:
    total = len(answers.verdicts) or 1
    yield "<h2>Labelled questions</h2>"
    rows = [
        ("questions", len(answers.verdicts), ""),
        ("accepted", answers.accepted, f"{answers.accepted / total:.1%}"),
        ("said what must not be said", answers.forbidden, f"{answers.forbidden / total:.1%}"),
        ("answered wrongly", answers.wrong_answers, f"{answers.wrong_answers / total:.1%}"),
    ]
    yield _table("Answers to labelled questions", ("", "number", "share"), rows)
    failed = [item for item in answers.verdicts if item.faults]
    rows_of_failed = [
        (item.label.id, item.label.text, item.reply.status, "; ".join(item.faults), item.reply.text) for item in failed
    ]
    yield _table(
        "Questions not answered as they should be", ("id", "question", "status", "fault", "reply"), rows_of_failed
    )


def _understanding(measured: Measured) -> Iterable[str]:
    figures = measured.figures
    yield "<h2>Cross-validation</h2>"
    yield _table("Five folds over the training lines", ("", ""), _main_figures(measured))
    yield _table(
        "Slips, case and punctuation",
        ("lines read", "accuracy", "as written", "points lost"),
        [(way, f"{a:.3f}", f"{b:.3f}", f"{100 * (b - a):.1f}") for way, (a, b) in figures.drops().items()],
    )
    yield from _curves(figures)
    yield from _confusions(figures)


def _main_figures(measured: Measured) -> list[tuple[Cell, ...]]:
    figures = measured.figures
    plain = figures.of()
    seeds = ", ".join(f"{value:.3f} / {f1:.3f}" for value, f1 in measured.seeds.values())
    return [
        ("lines", len(plain)),
        ("intents", len(figures.intents)),
        ("accuracy", f"{accuracy(plain):.3f}"),
        ("macro-F1", f"{figures.macro_f1():.3f}"),
        ("macro-F1 as classified, before asking back", f"{figures.macro_f1(classified=True):.3f}"),
        ("accuracy / macro-F1 of each seed", seeds),
    ]


def _curves(figures: Figures) -> Iterable[str]:
    bins = figures.calibration()
    yield "<h2>Calibration</h2>"
    diagonal = [(0.0, 0.0), (1.0, 1.0)]
    series = {"found": [(mean, right) for mean, right, _ in bins], "ideal": diagonal}
    yield charts.lines("calibration", "Share right by confidence", ("confidence", "right"), series)
    rows = [(f"{mean:.2f}", f"{right:.1%}", count) for mean, right, count in bins]
    yield _hidden("Calibration", ("mean confidence", "right", "lines"), rows)
    limits = figures.thresholds()
    yield "<h2>Threshold</h2>"
    curves = {
        "lines at or above the limit": [(limit, share) for limit, share, _ in limits],
        "of those, classified rightly": [(limit, right) for limit, _, right in limits],
    }
    yield charts.lines("threshold", "What a limit on the confidence costs and gains", ("limit", "share"), curves)
    rows_of_limits = [(f"{limit:.2f}", f"{share:.1%}", f"{right:.1%}") for limit, share, right in limits]
    yield _hidden("Threshold", ("limit", "lines at or above", "of those right"), rows_of_limits)


def _confusions(figures: Figures) -> Iterable[str]:
    yield "<h2>Confusions</h2>"
    names = [*figures.intents, FALLBACK]
    counts = {name: count for name, (_, count) in figures.recalls().items()}
    shares = {pair: len(items) / counts[pair[0]] for pair, items in figures.confusions()}
    shares |= {(name, name): recall for name, (recall, _) in figures.recalls().items() if recall}
    chart = charts.matrix("matrix", "Confusion matrix: rows meant, columns read", names, shares)
    yield f'<div class="wide">{chart}</div>'
    rows = [
        (wanted, got, len(items), " | ".join(item.text for item in items[:SHOWN]))
        for (wanted, got), items in figures.confusions()
    ]
    yield _table("Worst confusions", ("meant", "read as", "lines", "sentences"), rows[:SHOWN])
    yield _hidden("All confusions", ("meant", "read as", "lines", "sentences"), rows)
    recalls = [(name, f"{recall:.2f}", count) for name, (recall, count) in figures.recalls().items()]
    yield _hidden("Recall of every intent, worst first", ("intent", "recall", "lines"), recalls)


def _names(scores: dict[str, Score], misses: Sequence[Miss]) -> Iterable[str]:
    yield "<h2>Names (entities)</h2>"
    rows = [
        (kind, f"{item.f1:.3f}", item.found, item.wrong, item.missed) for kind, item in scores.items() if kind != ALL
    ]
    total = scores[ALL]
    rows.append(("all together", f"{total.f1:.3f}", total.found, total.wrong, total.missed))
    yield _table("Names found in labelled messages", ("kind", "F1", "found", "wrong", "missed"), rows)
    read = [(item.text, ", ".join(item.wrong), ", ".join(item.missed)) for item in misses]
    yield _hidden("Messages read otherwise than labelled", ("message", "wrong", "missed"), read)


def _hidden(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    return f"<details><summary>{escape(title)} as a table</summary>{_table(title, head, rows)}</details>"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    if not rows:
        return f"<p>{escape(title)}: none.</p>"
    heads = "".join(f'<th scope="col">{escape(item)}</th>' for item in head)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Cell) -> str:
    return f"<td>{escape(value)}</td>" if isinstance(value, str) else f'<td class="number">{value}</td>'
