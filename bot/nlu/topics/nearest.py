"""The largest of many dot products, without making most of them.

A message is compared with some 10,000 sentences only to know how near the nearest is. Most are ruled out by a third of
their numbers: along the sentences' own main directions two vectors differ most, and what is left of a dot product is
at most the product of what is left of their lengths. So the result is exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DIRECTIONS = 128  # of 384: leave 10 sentences of 10,000 for half of all messages
SAMPLE = 2000  # rows that show the main directions well enough
SLACK = 1e-5  # of rounding
MANY = 4  # rows from which on one in so many left is as much work as all


class Nearest:
    """Rows of length 1, to be asked for the largest dot product with any of them."""

    def __init__(self, rows: Floats, axes: Floats | None = None, heads: Floats | None = None) -> None:
        """``axes``: the main directions (width, at most 128), found in the rows unless given: the result is exact with
        any, and finding them leaves 7 MB with the process. ``heads``: the rows along them (n, as many), if known.
        """
        self.rows = rows
        self.axes: Floats = _main_directions(rows) if axes is None else axes
        self.heads: Floats = rows @ self.axes if heads is None else heads
        self._left = _left(self.heads)

    def __call__(self, vectors: Floats) -> float:
        """The largest dot product of any row with any of these vectors (n, width) of length 1; 0.0 without any."""
        if not len(self.rows) or not len(vectors):
            return 0.0
        best = -1.0
        heads = vectors @ self.axes
        for vector, head, left in zip(vectors, heads, _left(heads)):
            most = self.heads @ head
            best = max(best, float(self.rows[most.argmax()] @ vector))
            most += self._left * left
            close = np.flatnonzero(most >= best - SLACK)
            if len(close):
                rows = self.rows if MANY * len(close) > len(self.rows) else self.rows[close]
                best = max(best, float((rows @ vector).max()))
        return best


def _left(heads: Floats) -> Floats:
    """The lengths of what is left of unit vectors."""
    found: Floats = np.sqrt(np.maximum(0.0, 1.0 - np.square(heads).sum(axis=1))).astype(np.float32)
    return found


def _main_directions(rows: Floats) -> Floats:
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    _, axes = np.linalg.eigh(sample.T @ sample)  # by size, the largest last
    return np.ascontiguousarray(axes[:, -DIRECTIONS:], dtype=np.float32)
