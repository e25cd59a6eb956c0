"""How often the fact offered when nothing matches is on the topic asked: `python -m bench.offers`.

Five-fold cross-validation: each line of data/nlu is read by a model, a sentence index and a vocabulary that have not
seen it, in the components that serve visitors, as the first message of a conversation. Where nothing matches it, the
fact nearest in meaning is compared with the line's label: right when it belongs to the topic asked; for
a line that asks nothing about NPQs any fact is wrong. From the lowest closeness with a precision of 90 % a fact may be
offered (`guidance.offers.PRECISE_FROM`); where there is none, it must not. Results: bench/results/offers.md.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.runtime import lean_imports

lean_imports.install()

from actions.understood import understood  # noqa: E402
from bot.evaluation import crossvalidation  # noqa: E402
from bot.runtime.quiet import hush  # noqa: E402
from guidance.conversation import turn  # noqa: E402
from guidance.knowledge import Knowledge, current  # noqa: E402
from guidance.offers import agrees, nearest  # noqa: E402
from guidance.question import Context, Understood  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "offers.md"
TODAY = date(2026, 11, 21)
GOAL = 0.9
FEWEST = 20  # offers: with fewer a precision is chance
STEPS = [number / 100 for number in range(45, 96, 5)]
ASK = "ask_"


@dataclass(frozen=True)
class Unmatched:
    """A held-out line that nothing matches: its intent, and the fact nearest to it.

    ``agrees``: the fact's topic is also the likeliest intent.
    """

    text: str
    intent: str
    fact: str = ""
    topic: str = ""
    closeness: float = 0.0
    agrees: bool = False

    @property
    def right(self) -> bool:
        """Whether the fact belongs to the topic asked."""
        return self.intent == f"{ASK}{self.topic}"


def measure(say: Callable[[str], None], seed: int = crossvalidation.SEED) -> tuple[int, list[Unmatched]]:
    """How many lines were read, and those that nothing matches."""
    knowledge = current()
    lines, found = 0, []
    for text, intent, said in read(say, seed):
        lines += 1
        if matched(said, knowledge):
            continue
        near = nearest(said, knowledge)
        if near is None:
            found.append(Unmatched(text, intent))
        else:
            fact, closeness = near
            likeliest = agrees(said, knowledge.topics[fact.topic])
            found.append(Unmatched(text, intent, fact.id, fact.topic, closeness, likeliest))
    return lines, found


def read(say: Callable[[str], None], seed: int) -> Iterator[tuple[str, str, Understood]]:
    """Each line of data/nlu with its intent, as understood by a model that was trained without it."""
    for fold, (pipeline, held) in enumerate(crossvalidation.held_out(seed)):
        for item in held:
            yield item.text, item.intent, understood(pipeline.parsed(item.text))
        say(f"fold {fold + 1} of {crossvalidation.FOLDS}")


def matched(said: Understood, knowledge: Knowledge) -> bool:
    """Whether the guide answers, asks or begins something for it."""
    _, after = turn(said, Context(), knowledge, TODAY)
    return not after.misses


def precision(found: Sequence[Unmatched]) -> tuple[float, float, float]:
    """The share of right offers with its 95 % interval (Wilson)."""
    n, z = len(found), 1.96
    if not n:
        return 0.0, 0.0, 1.0
    share = sum(item.right for item in found) / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return share, max(0.0, middle - half), min(1.0, middle + half)


def offered(found: Sequence[Unmatched], least: float, *, agreeing: bool) -> list[Unmatched]:
    """The offers made from a closeness on."""
    return [item for item in found if item.fact and item.closeness >= least and (item.agrees or not agreeing)]


def threshold(found: Sequence[Unmatched], *, agreeing: bool) -> float | None:
    """The lowest closeness with the precision wanted, from enough offers; None where there is none."""
    for least in STEPS:
        made = offered(found, least, agreeing=agreeing)
        if len(made) >= FEWEST and precision(made)[0] >= GOAL:
            return least
    return None


def table(found: Sequence[Unmatched], *, agreeing: bool) -> str:
    """Precision and coverage at each closeness."""
    asked = [item for item in found if item.intent.startswith(ASK)]
    rows = ["| from closeness | offers | precision | 95 % interval | of the unmatched | on NPQ questions alone |"]
    rows.append("|---|---|---|---|---|---|")
    for least in STEPS:
        made = offered(found, least, agreeing=agreeing)
        if not made:
            break
        share, low, high = precision(made)
        alone = offered(asked, least, agreeing=agreeing)
        rows.append(
            f"| {least:.2f} | {len(made)} | {share:.0%} | {low:.0%} to {high:.0%} | {len(made) / len(found):.0%} "
            f"| {sum(item.right for item in alone)} of {len(alone)} |"
        )
    return "\n".join(rows)


def page(lines: int, found: Sequence[Unmatched]) -> str:
    """The results as a page."""
    asked = sum(item.intent.startswith(ASK) for item in found)
    others = sum(item.intent.startswith("oos_") for item in found)
    parts = [
        "# Offers when nothing matches",
        f"`python -m bench.offers`: of {lines} held-out lines nothing matches {len(found)} ({asked} ask about NPQs, "
        f"{others} for something else, the rest is conversation). Offered: the nearest fact of the likeliest topics.",
    ]
    for title, agreeing in (("Any", False), ("Only where its topic is also the likeliest intent", True)):
        chosen = threshold(found, agreeing=agreeing)
        said = f"from {chosen:.2f}" if chosen is not None else f"none has {GOAL:.0%} with {FEWEST} offers or more"
        parts += [f"## {title}", table(found, agreeing=agreeing), f"Closeness to offer from: {said}."]
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="also print every offer")
    parser.add_argument("--seed", type=int, default=crossvalidation.SEED, help="of the folds")
    asked = parser.parse_args(arguments)
    hush()
    lines, found = measure(lambda text: print(text, flush=True), asked.seed)
    RESULTS.write_text(page(lines, found), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    if asked.list:
        for item in sorted(found, key=lambda item: -item.closeness):
            print(
                f"{item.closeness:.2f} {'+' if item.right else '-'}{'a' if item.agrees else ' '} "
                f"{item.intent} | {item.fact} | {item.text}"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
