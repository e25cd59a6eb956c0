"""Whether a message is about NPQs, as a probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.nlu.language import phrases as kinds
from bot.nlu.language.entities import Named
from bot.nlu.topics.understanding import ASK, OUT
from bot.nlu.topics.vocabulary import Words

NAMING = 0.5  # a message that names an NPQ needs this part of the limit
PLACING = 0.85  # one that names a job or a workplace of ours
NO_WORDS = 0.5  # of a message's words in no dictionary: it is no English
FEWEST_WORDS = 2  # a single odd word may be a name
AGAIN_AND_AGAIN = 3  # times the same word, and nothing else
OURS = (kinds.PROGRAMME, kinds.PROVIDER, kinds.PREMISE)
PLACES = (kinds.ROLE, kinds.SETTING)


@dataclass(frozen=True)
class Weights:
    """A logistic regression of how a message scores: what speaks for and against its being about the subject."""

    bias: float
    ours: float  # of the scores of the intents that ask about the subject
    others: float  # of those that ask for something else
    nearest: float  # of the nearest known question (cosine)
    foreign: float  # of the share of words that no question and no fact has


# Held-out questions against held-out lines that are not for us (docs/adr/0016; area under the curve 0.98).
WEIGHTS = Weights(-2.45, 0.744, -1.066, 6.05, -2.40)


@dataclass(frozen=True)
class Domain:
    """``scores`` (rows, intents) of a message and its clauses, its nearest known question, its words and names.

    ``near`` is how near (cosine) that question is; less than that where ``exact`` is given, which looks at all.
    """

    intents: list[str]
    scores: NDArray[np.float32]
    near: float
    words: Words
    named: Sequence[Named]
    weights: Weights = WEIGHTS
    exact: Callable[[], float] | None = None

    @cached_property
    def nearest(self) -> float:
        """How near the nearest known question is."""
        return self.near if self.exact is None else self.exact()

    def names_ours(self, text: str, intent: str) -> bool:
        """Whether the message names an NPQ, a provider, an idea about NPQs, or by its own words what it asks."""
        terms = any(item.kind == kinds.TOPIC and f"{ASK}{item.value}" == intent for item in self.named)
        return terms or "npq" in text.lower() or any(item.kind in OURS for item in self.named)


def belonging(domain: Domain) -> float:
    """The probability (0 to 1) that a message asks about NPQs, given that it asks something."""
    return _belonging(evidence(domain), domain.weights)


def _belonging(found: NDArray[np.float64], by: Weights) -> float:
    odds = found @ np.array([by.ours, by.others, by.nearest, by.foreign])
    return float(1.0 / (1.0 + np.exp(-(odds.max() + by.bias))))


def reaches(domain: Domain, limit: float) -> bool:
    """Whether a message belongs with at least this probability; all known questions are looked at if it matters."""
    if domain.exact is not None and domain.weights.nearest > 0:
        found = _evidence(domain, domain.near)
        if _belonging(found, domain.weights) >= limit:
            return True
    return belonging(domain) >= limit


def evidence(domain: Domain) -> NDArray[np.float64]:
    """(rows, 4): the scores of the intents that are ours, of the others, the nearest question, the foreign words."""
    return _evidence(domain, domain.nearest)


def _evidence(domain: Domain, nearest: float) -> NDArray[np.float64]:
    ours, others = _together(domain, ASK), _together(domain, OUT)
    foreign = (domain.words.strange + domain.words.unknown) / max(domain.words.total, 1)
    same = np.ones(len(ours), dtype=np.float64)
    found: NDArray[np.float64] = np.stack([ours, others, nearest * same, foreign * same], axis=1)
    return found


def learn(found: NDArray[np.float64], ours: NDArray[np.bool_]) -> Weights:
    """The weights that tell held-out messages about the subject from others; ``found`` (n, 4): their evidence."""
    spread = found.std(axis=0) + 1e-9  # the four are of different sizes, and strength is counted by size
    fitted = LogisticRegression(class_weight="balanced").fit(found / spread, ours)
    return Weights(float(fitted.intercept_[0]), *map(float, fitted.coef_[0] / spread))


def belongs(intent: str, text: str, domain: Domain, limit: float) -> bool:
    """Whether an answer about NPQs may be given. Other intents than questions always pass."""
    if not intent.startswith(ASK):
        return True
    if domain.names_ours(text, intent):
        limit *= NAMING
    elif any(item.kind in PLACES for item in domain.named):
        limit *= PLACING
    return reaches(domain, limit)


def hardly(intent: str, text: str, domain: Domain, limit: float) -> bool:
    """Whether a message taken for a question about NPQs is so unlikely to be one that it is better refused."""
    return intent.startswith(ASK) and not domain.names_ours(text, intent) and not reaches(domain, limit)


def is_gibberish(domain: Domain, text: str) -> bool:
    """Whether most words are in no dictionary; so are those of other languages. Or one word is said again and again."""
    words = domain.words
    said = text.lower().split()
    if len(said) >= AGAIN_AND_AGAIN and len(set(said)) == 1 and not domain.named:
        return True
    return words.unknown >= FEWEST_WORDS and words.unknown >= NO_WORDS * words.total and not domain.named


def _together(domain: Domain, kind: str) -> NDArray[np.float32]:
    """(rows,): the scores of all intents of a kind as one."""
    columns = [number for number, name in enumerate(domain.intents) if name.startswith(kind)]
    if not columns:
        return np.zeros(len(domain.scores), dtype=np.float32)
    found: NDArray[np.float32] = np.logaddexp.reduce(domain.scores[:, columns], axis=1)
    return found
