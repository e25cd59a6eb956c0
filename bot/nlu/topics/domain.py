"""Whether a message is about NPQs at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.language import phrases as kinds
from bot.nlu.language.entities import Named
from bot.nlu.topics.understanding import ASK

# Weight of the nearest known question against the regression's scores, from a logistic regression of
# held-out questions against everyday ones (area under the curve 0.97; probability alone: 0.79).
NEARNESS_WEIGHT = 7.5
OURS = (kinds.PROGRAMME, kinds.PROVIDER, kinds.PREMISE)


@dataclass(frozen=True)
class Domain:
    """``scores`` (rows, intents) of a message and its clauses, its nearest known question, what it names."""

    intents: list[str]
    scores: NDArray[np.float32]
    nearest: float
    named: Sequence[Named]


def belongs(intent: str, text: str, domain: Domain, limit: float) -> bool:
    """Whether an answer about NPQs may be given. Other intents than questions always pass."""
    if not intent.startswith(ASK) or "npq" in text.lower() or any(item.kind in OURS for item in domain.named):
        return True
    asks = [number for number, name in enumerate(domain.intents) if name.startswith(ASK)]
    best = np.logaddexp.reduce(domain.scores[:, asks], axis=1).max()
    return bool(best + NEARNESS_WEIGHT * domain.nearest >= limit)
