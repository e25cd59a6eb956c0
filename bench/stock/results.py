"""The figures as a table and a chart."""

from __future__ import annotations

from html import escape
from typing import Any

Found = dict[str, Any]
# (what, path in the figures, unit, whether less is better)
ROWS: list[tuple[str, tuple[str, ...], str, bool]] = [
    ("install", ("install_mb",), "MB", True),
    ("training", ("training_s",), "s", True),
    ("time to the first answer", ("ready_s",), "s", True),
    ("memory, ready", ("memory_ready_mb",), "MB", True),
    ("memory, after all this", ("memory_used_mb",), "MB", True),
    *(
        (f"{visitors} at once, {share}", (f"at_once_{visitors}", f"{share}_ms"), "ms", True)
        for visitors in (1, 8, 32)
        for share in ("p50", "p95", "p99")
    ),
    ("answers a second, 8 at once", ("at_once_8", "a_second"), "", False),
    ("answers a second of processor time", ("at_once_8", "a_second_a_core"), "", False),
    ("message 5 of a conversation", ("long", "message_5_ms"), "ms", True),
    ("message 500", ("long", "message_500_ms"), "ms", True),
]


def table(ours: Found, stock: Found) -> str:
    """A Markdown table: both, and how many times better ours is."""
    lines = ["| | NPQ Guide | stock Rasa | times better |", "|---|---|---|---|"]
    for what, path, unit, less in ROWS:
        mine, theirs = _value(ours, path), _value(stock, path)
        ratio = theirs / mine if less else mine / theirs
        lines.append(f"| {what} | {_shown(mine)} {unit} | {_shown(theirs)} {unit} | {ratio:.1f} |")
    for what, tell in (("three messages at once, answered after", _overlapping), ("expression of interest", _journey)):
        lines.append(f"| {what} | {tell(ours)} | {tell(stock)} | |")
    lines.append(f"| messages that got no answer | {_unanswered(ours)} | {_unanswered(stock)} | |")
    return "\n".join(lines)


def ratios(ours: Found, stock: Found) -> dict[str, float]:
    """How many times better ours is, by row."""
    found = {}
    for what, path, _unit, less in ROWS:
        mine, theirs = _value(ours, path), _value(stock, path)
        found[what] = round(theirs / mine if less else mine / theirs, 2)
    return found


def chart(ours: Found, stock: Found) -> str:
    """Latencies side by side, as an SVG; the scale is logarithmic."""
    import math

    rows = [row for row in ROWS if row[2] == "ms"]
    height, left, width, step = 24 * len(rows) + 60, 230, 760, 24
    most = max(_value(found, path) for found in (ours, stock) for _, path, _, _ in rows)

    def length(value: float) -> float:
        return 440 * math.log10(max(value, 1.0)) / math.log10(most)

    parts = []
    for place, (what, path, _unit, _less) in enumerate(rows):
        top = 40 + place * step
        parts.append(f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{escape(what)}</text>')
        for offset, found, colour in ((0, ours, "#00703c"), (9, stock, "#505a5f")):
            value = _value(found, path)
            end = left + length(value)
            parts.append(
                f'<rect x="{left}" y="{top + offset}" width="{length(value):.1f}" height="8" fill="{colour}"/>'
                f'<text x="{end + 4:.1f}" y="{top + offset + 8}" font-size="9">{_shown(value)} ms</text>'
            )
    title = "Latency of NPQ Guide (green, above) and stock Rasa (grey, below), logarithmic"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>{title}</title><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="12" y="22" font-weight="bold">{title}</text>{"".join(parts)}</svg>\n'
    )


def _value(found: Found, path: tuple[str, ...]) -> float:
    for name in path:
        found = found[name]
    return float(found)  # type: ignore[arg-type]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _overlapping(found: Found) -> str:
    told = found["overlapping"]
    return " / ".join(_shown(value) for value in told["answered_ms"]) + (
        " ms" if told["in_order"] else " ms, not in order"
    )


def _journey(found: Found) -> str:
    told = found["journey"]
    return f"{'taken' if told['taken'] else 'not taken'}, {told['messages']} messages, {_shown(told['total_ms'])} ms"


def _unanswered(found: Found) -> int:
    return sum(int(found[f"at_once_{visitors}"]["unanswered"]) for visitors in (1, 8, 32))
