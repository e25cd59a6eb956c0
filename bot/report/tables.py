"""The tables of the page, as text. `report.js` makes the same rows for the days and channel that are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.report.figures import Figures, Key
from bot.report.funnel import SENT
from bot.report.summary import summary
from bot.report.times import upper
from guidance import knowledge

BOUNDS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # of response times, in milliseconds
STATUSES = {
    "answered": "Answered",
    "clarify": "Asked back",
    "handover": "Needed a person",
    "out_of_scope": "Not about NPQs",
    "social": "Small talk",
    "form": "Guided conversation",
    "rights": "Data protection",
    "crisis": "In distress",
    "error": "Failed",
}
STEPS = {
    "programme": "Which NPQ", "name": "Name", "email": "Email", "role": "Role", "school": "School", "cohort": "Start",
    "phone": "Phone", "marketing": "News", "confirm": "Check your answers", SENT: "Sent",
}  # fmt: skip
PERSONS = {
    "joined": "A person joined",
    "nobody": "Nobody came",
    "went": "Visitor did not wait",
    "away": "Asked outside hours",
    "waiting": "Waiting now",
    "not_asked": "Not asked for",
}
HELPED = {"up": "It helped", "down": "It did not help"}
CHANNELS = {"web": "Website", "slack": "Slack", "terminal": "Terminal", "ask": "npq ask", "evaluate": "npq evaluate"}
Row = list[str]


@dataclass(frozen=True)
class Table:
    """A table: `columns` name the cells of each row, the first of which is its heading. `chart`: how it is drawn."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: list[Row]
    chart: str
    empty: str


def names() -> dict[str, dict[str, str]]:
    """What people call topics, programmes, statuses, steps and channels."""
    known = knowledge.current()
    return {
        "topics": {topic.id: topic.title for topic in known.topics.values()},
        "programmes": {code: f"{item.label}: {item.name}" for code, item in known.programmes.items()},
        "statuses": STATUSES,
        "steps": STEPS,
        "channels": CHANNELS,
        "persons": PERSONS,
        "helped": HELPED,
    }


def tables(figures: Figures) -> dict[str, Table]:
    """All tables of a period."""
    told, called = summary(figures), names()
    turns = told["turns"]
    days = figures.by_day("conversations")
    made = [
        Table(
            "days",
            "Turns and conversations a day",
            ("Day", "Turns", "Conversations begun"),
            [[day_name(day), number(count), number(days[day])] for day, count in figures.by_day("hours").items()],
            "lines",
            "No turns.",
        ),
        Table(
            "hours",
            "Turns by hour of the day, UK time",
            ("Hour", "Turns"),
            [[f"{int(hour):02}:00", number(count)] for hour, count in told["by_hour"].items()],
            "columns",
            "No turns.",
        ),
        _shares("statuses", "How turns ended", "Status", told["statuses"], called["statuses"], turns),
        _shares("topics", "What turns were about", "Topic", told["topics"], called["topics"], turns),
        _shares("programmes", "NPQs named", "Programme", told["programmes"], called["programmes"], turns),
        _rated(told["ratings_by_topic"], called["topics"]),
        _funnel(told["interest"]["funnel"]),
        _times(figures),
        _shares(
            "handovers",
            "What people needed a person for",
            "Topic",
            told["handovers"]["topics"],
            called["topics"],
            told["handovers"]["turns"],
        ),
        _persons("persons", "What became of offers of a person", "Offer", figures.total("handoffs"), PERSONS),
        _persons("helped", "What visitors said of the chat with a person", "Said", figures.total("helped"), HELPED),
    ]
    return {table.name: table for table in made}


def _shares(name: str, caption: str, of: str, counts: dict[str, int], called: dict[str, str], total: int) -> Table:
    rows = [[called.get(key, key), number(count), share(count, total)] for key, count in counts.items()]
    return Table(name, caption, (of, "Turns", "Share of turns"), rows, "bars", "None.")


def _persons(name: str, caption: str, of: str, counts: Mapping[Key, int], called: dict[str, str]) -> Table:
    total = sum(counts.values())
    rows = [[called[key], number(counts[key]), share(counts[key], total)] for key in called if total]
    return Table(name, caption, (of, "Times", "Share"), rows, "bars", "None.")


def _rated(rated: dict[str, dict[str, int]], called: dict[str, str]) -> Table:
    rows = [[called.get(key, key), number(found["down"]), number(found["up"])] for key, found in rated.items()]
    return Table("rated", "Thumbs by topic", ("Topic", "Thumbs down", "Thumbs up"), rows, "pairs", "Nothing was rated.")


def _funnel(steps: list[dict[str, Any]]) -> Table:
    began = steps[0]["reached"]
    rows = [
        [STEPS[step["step"]], number(step["reached"]), number(step["stopped"]), share(step["reached"], began)]
        for step in steps
        if began
    ]
    columns = ("Asked for", "Came this far", "Went no further", "Share of those who began")
    return Table(
        "funnel", "How far people come who register interest", columns, rows, "bars", "Nobody began to register."
    )


def _times(figures: Figures) -> Table:
    counts = {int(key): count for key, count in figures.total("times").items()}
    total, rows, below = sum(counts.values()), [], 0.0
    for bound in (*BOUNDS, float("inf")):
        found = sum(count for key, count in counts.items() if below < upper(key) <= bound)
        said = f"More than {duration(below)}" if bound == float("inf") else f"Up to {duration(bound)}"
        rows.append([said, number(found), share(found, total)])
        below = bound
    columns = ("Time", "Turns", "Share of turns")
    return Table("times", "How long answers took", columns, rows if total else [], "bars", "No turns.")


def headline(figures: Figures) -> list[tuple[str, str, str]]:
    """The first figures of the page: id, name, value."""
    told = summary(figures)
    turns, ratings, times = told["turns"], told["ratings"], told["response_ms"]
    conversations = told["conversations"]
    return [
        ("turns", "Turns", number(turns)),
        ("conversations", "Conversations", number(conversations)),
        ("answered", "Answered", share(told["statuses"].get("answered", 0), turns)),
        ("unanswered", "Not answered", share(told["unanswered"]["turns"], turns)),
        ("handed", "Conversations that needed a person", number(told["handovers"]["conversations"])),
        ("joined", "Chats that a person joined", number(told["persons"]["joined"])),
        ("waited", "Half of them waited at most", duration(told["persons"]["wait_ms"]["p50"])),
        ("interests", "Expressions of interest", number(told["interest"]["registered"])),
        ("up", "Thumbs up", number(ratings["up"])),
        ("down", "Thumbs down", number(ratings["down"])),
        ("p50", "Half of the answers took at most", duration(times["p50"])),
        ("p95", "95 in 100 took at most", duration(times["p95"])),
    ]


def number(count: int) -> str:
    """A count, with commas."""
    return f"{count:,}"


def share(part: int, whole: int) -> str:
    """A share with one decimal, such as `12.5 %`; a dash of nothing."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"


def duration(ms: float | None) -> str:
    """A time, such as `180 ms`, `1.2 s` or `3 min`; a dash for none."""
    if ms is None:
        return "–"
    if ms < 1000:
        return f"{int(ms + 0.5)} ms"
    unit, long = ("min", 60_000) if ms >= 120_000 else ("s", 1000)
    tenths = int(ms * 10 / long + 0.5)
    return f"{tenths // 10}.{tenths % 10} {unit}" if tenths % 10 else f"{tenths // 10} {unit}"


def day_name(day: Any) -> str:
    """A day, such as `Mon 3 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"
