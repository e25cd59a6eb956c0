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

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        sample = rows[:: max(1, len(rows) // SAMPLE)]
        _, axes = np.linalg.eigh(sample.T @ sample)  # by size, the largest last
        self._axes: Floats = np.ascontiguousarray(axes[:, -DIRECTIONS:], dtype=np.float32)
        self._heads: Floats = rows @ self._axes
        self._left = _left(self._heads)

    def __call__(self, vectors: Floats) -> float:
        """The largest dot product of any row with any of these vectors (n, width) of length 1; 0.0 without any."""
        if not len(self._rows) or not len(vectors):
            return 0.0
        best = -1.0
        heads = vectors @ self._axes
        for vector, head, left in zip(vectors, heads, _left(heads)):
            most = self._heads @ head
            best = max(best, float(self._rows[most.argmax()] @ vector))
            most += self._left * left
            close = np.flatnonzero(most >= best - SLACK)
            if len(close):
                rows = self._rows if MANY * len(close) > len(self._rows) else self._rows[close]
                best = max(best, float((rows @ vector).max()))
        return best


def _left(heads: Floats) -> Floats:
    """The lengths of what is left of unit vectors."""
    found: Floats = np.sqrt(np.maximum(0.0, 1.0 - np.square(heads).sum(axis=1))).astype(np.float32)
    return found
