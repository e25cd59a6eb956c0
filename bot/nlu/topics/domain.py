"""Whether a message is about NPQs, as a probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.language import phrases as kinds
from bot.nlu.language.entities import Named
from bot.nlu.topics.understanding import ASK, OUT
from bot.nlu.topics.vocabulary import Words

# A logistic regression of held-out questions against held-out lines that are not for us (docs/adr/0008; area
# under the curve 0.98).
BIAS = -4.03
OURS_WEIGHT = 0.93  # of the scores of the intents that ask about NPQs
OTHERS_WEIGHT = -1.34  # of those that ask for something else
NEAREST_WEIGHT = 3.3  # of the nearest known question (cosine)
FOREIGN_WEIGHT = -3.63  # of the share of words that no question and no fact has
NAMING = 0.5  # a message that names an NPQ needs this part of the limit
NO_WORDS = 0.5  # of a message's words in no dictionary: it is no English
FEWEST_WORDS = 2  # a single odd word may be a name
OURS = (kinds.PROGRAMME, kinds.PROVIDER, kinds.PREMISE)


@dataclass(frozen=True)
class Domain:
    """``scores`` (rows, intents) of a message and its clauses, its nearest known question, its words and names."""

    intents: list[str]
    scores: NDArray[np.float32]
    nearest: float
    words: Words
    named: Sequence[Named]

    def names_ours(self, text: str, intent: str) -> bool:
        """Whether the message names an NPQ, a provider, an idea about NPQs, or by its own words what it asks."""
        terms = any(item.kind == kinds.TOPIC and f"{ASK}{item.value}" == intent for item in self.named)
        return terms or "npq" in text.lower() or any(item.kind in OURS for item in self.named)


def belonging(domain: Domain) -> float:
    """The probability (0 to 1) that a message asks about NPQs, given that it asks something."""
    ours = _together(domain, ASK)
    others = _together(domain, OUT)
    foreign = (domain.words.strange + domain.words.unknown) / max(domain.words.total, 1)
    odds = OURS_WEIGHT * ours + OTHERS_WEIGHT * others + NEAREST_WEIGHT * domain.nearest + FOREIGN_WEIGHT * foreign
    return float(1.0 / (1.0 + np.exp(-(odds.max() + BIAS))))


def belongs(intent: str, text: str, domain: Domain, limit: float) -> bool:
    """Whether an answer about NPQs may be given. Other intents than questions always pass."""
    if not intent.startswith(ASK):
        return True
    return belonging(domain) >= (limit * NAMING if domain.names_ours(text, intent) else limit)


def hardly(intent: str, text: str, domain: Domain, limit: float) -> bool:
    """Whether a message taken for a question about NPQs is so unlikely to be one that it is better refused."""
    return intent.startswith(ASK) and not domain.names_ours(text, intent) and belonging(domain) < limit


def is_gibberish(domain: Domain) -> bool:
    """Whether most words are in no dictionary; so are those of other languages."""
    words = domain.words
    return words.unknown >= FEWEST_WORDS and words.unknown >= NO_WORDS * words.total and not domain.named


def _together(domain: Domain, kind: str) -> NDArray[np.float32]:
    """(rows,): the scores of all intents of a kind as one."""
    columns = [number for number, name in enumerate(domain.intents) if name.startswith(kind)]
    if not columns:
        return np.zeros(len(domain.scores), dtype=np.float32)
    found: NDArray[np.float32] = np.logaddexp.reduce(domain.scores[:, columns], axis=1)
    return found
