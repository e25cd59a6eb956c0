"""The linear model: features -> a score for each intent."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
SEED = 20261121
TOLERANCE = 0.3  # a tighter one gives the same accuracy, later
STEPS = 300
MANY = 20  # intents worth the start of processes


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
    wanted = np.asarray(labels)
    intents = [str(name) for name in np.unique(wanted)]
    features = features.astype(np.float64)  # what liblinear computes with; converted once, not for each intent
    own = [wanted == intent for intent in intents]
    fitted = _all(_Task(features, strength, len(intents)), own)
    return Regression(
        intents,
        np.ascontiguousarray(np.stack([weights for weights, _ in fitted], axis=1), dtype=np.float32),
        np.array([bias for _, bias in fitted], dtype=np.float32),
        temperature,
    )


@dataclass(frozen=True)
class _Task:
    """What is the same for all intents."""

    features: csr_matrix
    strength: float
    intents: int

    def one(self, own: NDArray[np.bool_]) -> tuple[Floats, float]:
        """One intent against the rest: its weights and bias."""
        return _one(self.features, own, self.strength, self.intents)


def _all(task: _Task, own: list[NDArray[np.bool_]]) -> list[tuple[Floats, float]]:
    # Processes, not threads: liblinear draws its random numbers from one generator a process, so that two threads take
    # them from one another and every training gives another model. Where processes cannot share memory: one by one.
    if len(own) < MANY or "fork" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin":
        return [task.one(item) for item in own]
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), _begin, (task,)) as pool:
        return pool.map(_in_process, own, chunksize=1)


_tasks: list[_Task] = []


def _begin(task: _Task) -> None:
    _tasks[:] = [task]


def _in_process(own: NDArray[np.bool_]) -> tuple[Floats, float]:
    return _tasks[0].one(own)


def _one(features: csr_matrix, own: NDArray[np.bool_], strength: float, intents: int) -> tuple[Floats, float]:
    # Its lines count by how rare they are: a topic with many facts must not swallow its neighbours.
    balance = {False: 1.0, True: len(own) / (intents * float(own.sum()))}
    model = LogisticRegression(
        C=strength,
        solver="liblinear",  # on these sparse features ten times as fast as lbfgs, and as good
        dual=True,  # and three times as fast again
        tol=TOLERANCE,
        max_iter=STEPS,
        class_weight=balance,
        random_state=SEED,
    )
    model.fit(features, own)
    return model.coef_[0], float(model.intercept_[0])


def softmax(scores: Floats) -> Floats:
    """Rows of scores -> rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out
