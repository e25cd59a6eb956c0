"""What the readings of held-out lines add up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

FEWEST_RECALL = 0.8
FALLBACK = "nlu_fallback"
BINS = 10
THRESHOLDS = 20


@dataclass(frozen=True)
class Reading:
    """A held-out line as a model read it.

    ``likeliest``: the intent it is classified as, with its ``confidence``; ``got``: what is made of it, which is
    ``nlu_fallback`` where the guide asks back. ``way``: how the line was perturbed, "" for as written.
    """

    text: str
    wanted: str
    got: str
    likeliest: str
    confidence: float
    way: str = ""

    @property
    def right(self) -> bool:
        """Whether the intent is the line's, and is acted on."""
        return self.got == self.wanted


@dataclass
class Figures:
    """All readings of one cross-validation, and the figures drawn from them."""

    readings: list[Reading] = field(default_factory=list)

    def of(self, way: str = "") -> list[Reading]:
        """The readings of lines perturbed in one way."""
        return [item for item in self.readings if item.way == way]

    @property
    def intents(self) -> list[str]:
        """The intents of the lines, in the alphabet's order."""
        return sorted({item.wanted for item in self.of()})

    def recalls(self) -> dict[str, tuple[float, int]]:
        """Intent -> (recall, lines), worst first."""
        wanted: dict[str, list[bool]] = defaultdict(list)
        for item in self.of():
            wanted[item.wanted].append(item.right)
        found = {name: (sum(right) / len(right), len(right)) for name, right in wanted.items()}
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def macro_f1(self, *, classified: bool = False) -> float:
        """The mean over intents of the harmonic mean of precision and recall.

        ``classified``: by the likeliest intent, whether or not it is sure enough to be acted on.
        """
        hits, wanted, got = Counter[str](), Counter[str](), Counter[str]()
        for item in self.of():
            read = item.likeliest if classified else item.got
            hits[read] += read == item.wanted
            wanted[item.wanted] += 1
            got[read] += 1
        scores = [2 * hits[name] / (wanted[name] + got[name]) for name in wanted]
        return sum(scores) / (len(scores) or 1)

    def share(self, of: str, read_as: Callable[[str], bool]) -> float:
        """Of the lines whose intent begins with ``of``, the share whose reading fulfils a condition."""
        items = [item for item in self.of() if item.wanted.startswith(of)]
        return sum(read_as(item.got) for item in items) / (len(items) or 1)

    def drops(self) -> dict[str, tuple[float, float]]:
        """Way -> (accuracy on the perturbed lines, accuracy on the same lines as written)."""
        found = {}
        plain = {(item.text, item.wanted): item for item in self.of()}
        for way in sorted({item.way for item in self.readings} - {""}):
            items = self.of(way)
            found[way] = (accuracy(items), accuracy([plain[item.text, item.wanted] for item in items]))
        return found

    def confusions(self) -> list[tuple[tuple[str, str], list[Reading]]]:
        """(wanted, got) and their lines, most frequent first."""
        pairs: dict[tuple[str, str], list[Reading]] = defaultdict(list)
        for item in self.of():
            if not item.right:
                pairs[item.wanted, item.got].append(item)
        return sorted(pairs.items(), key=lambda pair: -len(pair[1]))

    def calibration(self) -> list[tuple[float, float, int]]:
        """(mean confidence, share right, lines) of each tenth of the confidence, empty ones left out."""
        bins: dict[int, list[Reading]] = defaultdict(list)
        for item in self.of():
            bins[min(int(item.confidence * BINS), BINS - 1)].append(item)
        return [
            (
                sum(item.confidence for item in items) / len(items),
                sum(item.likeliest == item.wanted for item in items) / len(items),
                len(items),
            )
            for _, items in sorted(bins.items())
        ]

    def thresholds(self) -> list[tuple[float, float, float]]:
        """(confidence limit, share of lines at or above it, share of those classified rightly)."""
        plain, found = self.of(), []
        for step in range(THRESHOLDS):
            limit = step / THRESHOLDS
            kept = [item for item in plain if item.confidence >= limit]
            right = sum(item.likeliest == item.wanted for item in kept) / (len(kept) or 1)
            found.append((limit, len(kept) / (len(plain) or 1), right))
        return found


def accuracy(items: Sequence[Reading]) -> float:
    """The share read rightly."""
    return sum(item.right for item in items) / (len(items) or 1)


def refused(intent: str) -> bool:
    """Whether an intent is a subject that is not ours."""
    return intent.startswith("oos_")


def unsure(intent: str) -> bool:
    """Whether the guide asks back."""
    return intent == FALLBACK


def not_answered(intent: str) -> bool:
    """Whether nothing about NPQs is answered."""
    return not intent.startswith("ask_")
