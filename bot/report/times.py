"""Response times: counted in buckets, each 5 % wider than the one before, so that any choice has percentiles."""

from __future__ import annotations

import math
from collections.abc import Mapping

STEP = 1.05
_LOG = math.log(STEP)


def bucket(ms: float) -> int:
    """The bucket of a time in milliseconds; what is below one is one."""
    return math.ceil(math.log(ms) / _LOG - 1e-9) if ms > 1 else 0


def upper(number: int) -> float:
    """The longest time of a bucket, in milliseconds."""
    return STEP**number


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The time within which a share (0..1) of the turns were answered, at most 5 % too long; None without turns."""
    wanted, seen = math.ceil(share * sum(counts.values())), 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= wanted:
            return upper(number)
    return None
