"""L-BFGS with a first guess of the curvature: Nocedal and Wright, Numerical Optimization (2006), 7.4 and 3.1.

SciPy's own is for bounds, works in float64 and knows no such guess. With two million weights and no bounds it spends
more on them than on the function itself (ADR 0016 has the figures).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Function = Callable[[Floats], tuple[float, Floats]]

REMEMBERED = 5  # steps: more of them change little once the curvature is guessed
ENOUGH = 1e-4  # of the decrease that the slope promises
FIRST = 0.1  # of the first step: the guess is made for a point further on
SHORTEST = 1e-6  # of a full step: no shorter one is tried


def minimise(function: Function, start: Floats, guess: Callable[[Floats], Floats], steps: int) -> Floats:
    """A point of the shape of ``start`` where ``function`` is small: at most so many steps towards its minimum.

    ``function`` gives its value and slope at a point; ``guess`` multiplies a slope by a guess of the inverse of the
    curvature (symmetric, positive definite). The same input gives the same point.
    """
    point, (value, slope) = start, function(start)
    known: deque[tuple[Floats, Floats, float]] = deque(maxlen=REMEMBERED)
    for _ in range(steps):
        way = _way(slope, known, guess)
        promised = _dot(slope, way)
        length = 1.0 if known else FIRST
        while True:
            there = point + np.float32(length) * way
            value_there, slope_there = function(there)
            if value_there <= value + ENOUGH * length * promised:
                break
            length /= 2
            if length < SHORTEST:  # no way down is left that float32 can tell
                return point
        moved, changed = there - point, slope_there - slope
        if (curved := _dot(moved, changed)) > 0:
            known.append((moved, changed, curved))
        point, value, slope = there, value_there, slope_there
    return point


def _way(slope: Floats, known: deque[tuple[Floats, Floats, float]], guess: Callable[[Floats], Floats]) -> Floats:
    """Where to go: the slope times the inverse of the curvature, as far as the last steps have shown it."""
    left, shares = -slope, []
    for moved, changed, curved in reversed(known):
        shares.append(_dot(moved, left) / curved)
        left -= np.float32(shares[-1]) * changed
    way = guess(left)
    if known:
        _, changed, curved = known[-1]
        way *= np.float32(curved / _dot(changed, guess(changed)))
    for (moved, changed, curved), share in zip(known, reversed(shares)):
        way += np.float32(share - _dot(changed, way) / curved) * moved
    return way


def _dot(one: Floats, other: Floats) -> float:
    return float(np.vdot(one, other))
