"""The figures as `npq report --json` prints them, and as the tables of the page show them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.report import funnel
from bot.report.figures import Figures, Key
from bot.report.handoffs import OUTCOMES, RATINGS
from bot.report.times import percentile

SHARES = (("p50", 0.5), ("p95", 0.95))


def summary(figures: Figures) -> dict[str, Any]:
    """All figures of a period, ready for JSON."""
    period, days = figures.period, figures.days
    hours = figures.total("hours")
    return {
        "from": str(period.first or (days[0] if days else "")) or None,
        "to": str(period.last or (days[-1] if days else "")) or None,
        "channel": period.channel,
        "channels": figures.channels,
        "turns": sum(hours.values()),
        "conversations": sum(figures.total("conversations").values()),
        "by_day": {str(day): count for day, count in figures.by_day("hours").items()},
        "by_hour": {str(hour): hours[hour] for hour in range(24)},
        "statuses": _ranked(figures.total("statuses")),
        "topics": _ranked(figures.total("topics")),
        "programmes": _ranked(figures.total("programmes")),
        "ratings": {name: figures.total("ratings")[name] for name in ("up", "down")},
        "ratings_by_topic": _rated(figures.total("rated_topics")),
        "interest": {
            "registered": sum(figures.total("interests").values()),
            "funnel": _funnel(figures.total("funnel")),
        },
        "response_ms": _times(figures.total("times")),
        "handovers": {
            "turns": figures.total("statuses")["handover"],
            "conversations": sum(figures.total("handovers").values()),
            "topics": _ranked(figures.total("handover_topics")),
        },
        "persons": {
            **{name: figures.total("handoffs")[name] for name in OUTCOMES},
            "wait_ms": _times(figures.total("waits")),
            "helped": {name: figures.total("helped")[name] for name in RATINGS},
        },
        "unanswered": _unanswered(figures),
    }


def _ranked(counts: Counter[Key]) -> dict[str, int]:
    """The most frequent first."""
    return {str(key): count for key, count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))}


def _rated(counts: Counter[Key]) -> dict[str, dict[str, int]]:
    """Those with most thumbs down first."""
    names = {str(key).rpartition(" ")[0] for key in counts}
    found = {name: {rating: counts[f"{name} {rating}"] for rating in ("up", "down")} for name in names}
    return dict(sorted(found.items(), key=lambda item: (-item[1]["down"], -item[1]["up"], item[0])))


def _funnel(counts: Counter[Key]) -> list[dict[str, Any]]:
    steps = funnel.reached({str(key): count for key, count in counts.items()})
    return [{"step": name, "reached": here, "stopped": stopped} for name, here, stopped in steps]


def _times(counts: Counter[Key]) -> dict[str, float | None]:
    found = {int(key): count for key, count in counts.items()}
    times = {name: percentile(found, share) for name, share in SHARES}
    return {name: round(ms, 1) if ms is not None else None for name, ms in times.items()}


def _unanswered(figures: Figures) -> dict[str, Any]:
    counts = figures.total("questions")
    groups = [
        {
            "count": counts[number],
            "text": question.text,
            "examples": list(question.examples),
            "intent": question.intent,
            "training": question.training,
        }
        for number, question in enumerate(figures.questions)
    ]
    return {
        "turns": sum(figures.total("unanswered").values()),
        "groups": groups,
        "not_shown": figures.left_out,
    }
