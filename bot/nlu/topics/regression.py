"""The linear model: features -> a score for each intent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
SEED = 20261121
TOLERANCE = 0.02


@dataclass(frozen=True)
class Regression:
    """One logistic regression for each intent against the rest.

    ``weights`` (features, intents): one row a feature, so that a short text touches few rows.
    """

    intents: list[str]
    weights: Floats
    bias: Floats
    temperature: float

    def scores(self, features: csr_matrix) -> Floats:
        """CSR (n, features) -> (n, intents): above 0 means more likely than not, each by itself."""
        scores: Floats = features @ self.weights + self.bias
        return scores

    def probabilities(self, features: csr_matrix) -> Floats:
        """CSR (n, features) -> (n, intents); rows sum to 1, columns as in ``intents``."""
        return softmax(self.scores(features) / self.temperature)


def fit(features: csr_matrix, labels: Sequence[str], strength: float, temperature: float) -> Regression:
    """Train. A larger ``strength`` trusts single examples more. The same input gives the same model."""
    model = LogisticRegression(
        C=strength,
        solver="liblinear",  # on these sparse features ten times as fast as lbfgs, and as good
        tol=TOLERANCE,
        class_weight="balanced",  # a topic with many facts must not swallow its neighbours
        random_state=SEED,
    )
    model.fit(features, np.asarray(labels))
    weights, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one column then
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    return Regression(
        [str(name) for name in model.classes_],
        np.ascontiguousarray(weights, dtype=np.float32),
        bias.astype(np.float32),
        temperature,
    )


def softmax(scores: Floats) -> Floats:
    """Rows of scores -> rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out
