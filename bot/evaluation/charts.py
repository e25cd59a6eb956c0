"""Charts as inline SVG: a line chart of shares, and the matrix of confusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT, MARGIN = 520, 320, 46
CELL, LABELS = 9, 150
TICKS = 5
STYLES = (("#1d70b8", ""), ("#b3541e", "6 4"), ("#505a5f", "2 4"))  # colour and dashes, so that colour is not needed


def lines(identity: str, title: str, axes: tuple[str, str], series: Mapping[str, Points]) -> str:
    """A chart of one or more lines; both axes run from 0 to 1."""
    parts = [_frame(axes)]
    for number, (name, points) in enumerate(series.items()):
        colour, dashes = STYLES[number % len(STYLES)]
        path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
        top = MARGIN + 14 + 18 * number
        parts.append(
            f'<line x1="{MARGIN + 10}" y1="{top}" x2="{MARGIN + 40}" y2="{top}" stroke="{colour}" stroke-width="2"'
            f' stroke-dasharray="{dashes}"/><text x="{MARGIN + 46}" y="{top + 4}">{escape(name)}</text>'
        )
    return _svg(identity, title, WIDTH, HEIGHT, "".join(parts))


def matrix(identity: str, title: str, names: Sequence[str], shares: Mapping[tuple[str, str], float]) -> str:
    """Rows: what was meant; columns: how it was read; the darker, the larger the share of the row."""
    size = CELL * len(names)
    rows = {name: number for number, name in enumerate(names)}
    parts = []
    for name, number in rows.items():
        at = LABELS + CELL * number + CELL - 2
        parts.append(f'<text x="{LABELS - 4}" y="{at}" text-anchor="end" class="small">{escape(name)}</text>')
        parts.append(f'<text transform="translate({at},{LABELS - 4}) rotate(-90)" class="small">{escape(name)}</text>')
    for (wanted, got), share in shares.items():
        x, y = LABELS + CELL * rows[got], LABELS + CELL * rows[wanted]
        colour = "#00703c" if wanted == got else "#942514"
        parts.append(
            f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{colour}" fill-opacity="{_shade(share)}">'
            f"<title>{escape(wanted)} read as {escape(got)}: {share:.0%}</title></rect>"
        )
    box = f'<rect x="{LABELS}" y="{LABELS}" width="{size}" height="{size}" fill="none" stroke="#505a5f"/>'
    return _svg(identity, title, LABELS + size + 4, LABELS + size + 4, box + "".join(parts))


def _shade(share: float) -> str:
    """So that even a single line in a hundred can be seen."""
    return f"{0.15 + 0.85 * min(share, 1.0):.2f}"


def _svg(identity: str, title: str, width: int, height: int, inside: str) -> str:
    return (
        f'<svg role="img" aria-labelledby="{identity}" viewBox="0 0 {width} {height}" width="{width}">'
        f'<title id="{identity}">{escape(title)}</title>{inside}</svg>'
    )


def _frame(axes: tuple[str, str]) -> str:
    parts = []
    for step in range(TICKS + 1):
        value = step / TICKS
        parts.append(
            f'<line x1="{MARGIN}" y1="{_y(value)}" x2="{WIDTH - 10}" y2="{_y(value)}" stroke="#b1b4b6"/>'
            f'<text x="{MARGIN - 6}" y="{_y(value) + 4}" text-anchor="end">{value:.0%}</text>'
            f'<text x="{_x(value)}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{value:.1f}</text>'
        )
    across, up = escape(axes[0]), escape(axes[1])
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">{across}</text>')
    parts.append(f'<text x="{MARGIN - 36}" y="16">{up}</text>')
    return "".join(parts)


def _x(value: float) -> float:
    return MARGIN + value * (WIDTH - MARGIN - 10)


def _y(value: float) -> float:
    return HEIGHT - MARGIN - value * (HEIGHT - MARGIN - 30)
