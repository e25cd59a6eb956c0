"""How many processes answer how many visitors an hour, by simulating peaks: `python -m bench.capacity`.

What one message takes comes from the last `make bench` (bench/results/stock.json). Each process is a queue: messages
come to it by chance and are answered one after the other. Results: bench/results/capacity.md and capacity.json.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESULTS = Path(__file__).resolve().parent / "results"
MEASURED = RESULTS / "stock.json"
SEED = 2026
VISITORS = (10, 1_000, 10_000, 100_000)  # an hour
HOUR = 3600.0
# Half of the hour's visitors come within six minutes, as after an email to all schools: five times the average.
BURST, BURST_SHARE = 360.0, 0.5
MESSAGES = 6.0  # of a visitor, on average, at least one
THINKING, LEAST_THINKING = 25.0, 3.0  # seconds between a reply and the next message, exponential
WITHIN = 0.5  # seconds in which 99 of 100 messages of the burst are to be answered
Z95 = 1.645  # standard deviations to the 95th percentile
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cost:
    """Processor time of one message, log-normal: its mean and the spread of its logarithm; memory of one process."""

    mean_s: float
    sigma: float
    memory_mb: float

    @classmethod
    def measured(cls, ours: dict[str, Any]) -> Cost:
        """From the figures of one `make bench`: throughput with eight visitors at once, spread with one."""
        one = ours["at_once_1"]
        spread = math.log(one["p95_ms"] / one["p50_ms"]) / Z95
        return cls(1 / ours["at_once_8"]["a_second_a_core"], spread, ours["memory_used_mb"])

    def draw(self, chance: np.random.Generator, count: int) -> Floats:
        """Seconds for so many messages."""
        return chance.lognormal(math.log(self.mean_s) - self.sigma**2 / 2, self.sigma, count)


@dataclass(frozen=True)
class Hour:
    """One simulated hour."""

    visitors: int
    processes: int
    messages: int
    busy: float
    burst_busy: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


def arrivals(chance: np.random.Generator, visitors: int) -> Floats:
    """When messages come, sorted, in seconds from the start of the burst."""
    in_burst = chance.random(visitors) < BURST_SHARE
    first = np.where(in_burst, chance.uniform(0, BURST, visitors), chance.uniform(0, HOUR, visitors))
    counts = chance.geometric(1 / MESSAGES, visitors)
    pauses = LEAST_THINKING + chance.exponential(THINKING - LEAST_THINKING, counts.sum())
    ends = np.cumsum(counts)
    pauses[ends - counts] = 0.0  # before a visitor's first message nobody thinks
    since = np.cumsum(pauses)
    since -= np.repeat(since[ends - counts], counts)
    times: Floats = np.sort(np.repeat(first, counts) + since)
    return times


def hour(cost: Cost, visitors: int, processes: int) -> Hour:
    """Simulate; the same seed for every number of processes."""
    chance = np.random.default_rng(SEED)
    times = arrivals(chance, visitors)
    needed = cost.draw(chance, len(times))
    place = chance.integers(processes, size=len(times))
    taken = np.concatenate([_answered(times[place == at], needed[place == at]) for at in range(processes)])
    order = np.concatenate([np.flatnonzero(place == at) for at in range(processes)])
    inside = times[order] < BURST
    p50, p95, p99 = (1000 * float(value) for value in np.percentile(taken[inside], (50, 95, 99)))
    burst_busy = float(needed[times < BURST].sum()) / (BURST * processes)
    return Hour(visitors, processes, len(times), float(needed.sum()) / (HOUR * processes), burst_busy, p50, p95, p99)


def _answered(times: Floats, needed: Floats) -> Floats:
    """Seconds from arrival to reply in one process that answers one message after the other."""
    free, found = 0.0, np.empty(len(times))
    for at, (time, seconds) in enumerate(zip(times, needed)):
        free = max(free, time) + seconds
        found[at] = free - time
    return found


def sizes(cost: Cost) -> Iterator[Hour]:
    """For each number of visitors the fewest processes that answer 99 of 100 messages of the burst in time."""
    for visitors in VISITORS:
        least = max(1, math.floor(visitors * MESSAGES * BURST_SHARE * cost.mean_s / BURST))
        for processes in range(least, 20 * least + 20):
            found = hour(cost, visitors, processes)
            if found.p99_ms <= 1000 * WITHIN:
                break
        yield found


def table(found: list[Hour], cost: Cost) -> str:
    """The results as Markdown."""
    lines = [
        "# How much one machine answers",
        "",
        f"Measured: {1000 * cost.mean_s:.1f} ms of processor time a message ({1 / cost.mean_s:.0f} messages a second",
        f"of one core), {cost.memory_mb:.0f} MB a process. Simulated: half of an hour's visitors come within",
        f"{BURST / 60:.0f} minutes; each sends {MESSAGES:.0f} messages, {THINKING:.0f} s apart.",
        f"Times are those of the burst. Wanted: 99 of 100 answered within {WITHIN} s.",
        "",
        "| visitors an hour | messages | processes (cores) | memory | busy in the burst | p50 | p95 | p99 |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(one, cost) for one in found),
    ]
    return "\n".join([*lines, "", "Made by `python -m bench.capacity`.", ""])


def _row(one: Hour, cost: Cost) -> str:
    memory = one.processes * cost.memory_mb / 1000
    times = " | ".join(f"{value:.0f} ms" for value in (one.p50_ms, one.p95_ms, one.p99_ms))
    return (
        f"| {one.visitors:,} | {one.messages:,} | {one.processes} | {memory:.1f} GB | {one.burst_busy:.0%} | {times} |"
    )


def main() -> int:
    """Simulate, print, write."""
    if not MEASURED.is_file():
        print(f"{MEASURED} is missing: run `make bench` first, which measures what a message takes.")
        return 1
    cost = Cost.measured(json.loads(MEASURED.read_text(encoding="utf-8"))["ours"])
    found = list(sizes(cost))
    text = table(found, cost)
    print(text)
    (RESULTS / "capacity.md").write_text(text, encoding="utf-8")
    raw = {"cost": asdict(cost), "hours": [asdict(one) for one in found]}
    (RESULTS / "capacity.json").write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
