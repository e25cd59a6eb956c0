"""The topic model: features and regression together, in files without pickles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.topics import regression
from bot.nlu.topics.features import SparseFeatures
from bot.nlu.topics.likeness import Likeness
from bot.nlu.topics.wording import Wording

Floats = NDArray[np.float32]
INTENTS_FILE = "intents.json"


@dataclass(frozen=True)
class TopicModel:
    """Sentence vectors and wordings in, a probability for each intent out."""

    features: SparseFeatures
    regression: regression.Regression

    @classmethod
    def fit(
        cls, vectors: Floats, wordings: Sequence[Wording], intents: Sequence[str], strength: float, temperature: float
    ) -> TopicModel:
        """Train on vectors (n, 384), their wordings and their intents."""
        features = SparseFeatures.fit(wordings)
        joined = features.join(vectors, wordings)
        return cls(features, regression.fit(joined, intents, strength, temperature, vectors.shape[1]))

    @property
    def intents(self) -> list[str]:
        """The intents, in the order of the columns."""
        return self.regression.intents

    def scores(self, vectors: Floats, wordings: Sequence[Wording], likeness: Likeness) -> Floats:
        """(n, intents): how much speaks for each intent."""
        alone = self.regression.scores(self.features.join(vectors, wordings))
        return likeness.added(alone, vectors, self.intents)

    def probabilities(self, scores: Floats) -> Floats:
        """Scores -> probabilities, rows sum to 1."""
        return regression.softmax(scores / self.regression.temperature)

    def save(self, folder: Path) -> dict[str, Floats]:
        """Write the names to ``folder``; return the arrays for the caller's tensor file."""
        about = {"intents": self.intents, "temperature": self.regression.temperature}
        (folder / INTENTS_FILE).write_text(json.dumps(about), encoding="utf-8")
        tensors = {"weights": self.regression.weights, "bias": self.regression.bias}
        return {**self.features.save(folder), **tensors}

    @classmethod
    def load(cls, folder: Path, tensors: dict[str, Floats]) -> TopicModel:
        """The inverse of ``save``."""
        about = json.loads((folder / INTENTS_FILE).read_text(encoding="utf-8"))
        fitted = regression.Regression(about["intents"], tensors["weights"], tensors["bias"], about["temperature"])
        return cls(SparseFeatures.load(folder, tensors), fitted)
