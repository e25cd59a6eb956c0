"""The linear model: features -> a score for each intent."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.topics.lbfgs import minimise

Floats = NDArray[np.float32]
STEPS = 25  # more of them change nothing that is seen in cross-validation or on CLINC150
UNSURE = 0.001  # p(1 - p) of an intent for an example, late in training: what the guess of the curvature takes


@dataclass(frozen=True)
class Regression:
    """A multinomial logistic regression.

    ``weights`` (features, intents): one row a feature, so that a short text touches few rows.
    """

    intents: list[str]
    weights: Floats
    bias: Floats
    temperature: float

    def scores(self, features: csr_matrix) -> Floats:
        """CSR (n, features) -> (n, intents): the higher, the more of what is known of the intent was said."""
        scores: Floats = features @ self.weights + self.bias
        return scores


def fit(features: csr_matrix, labels: Sequence[str], strength: float, temperature: float, dense: int) -> Regression:
    """Train. A larger ``strength`` trusts single examples more. The same input gives the same model.

    ``dense``: how many of the first columns have no zeros. Solvers for sparse features take ten times as long for them.
    """
    intents, own = np.unique(np.asarray(labels), return_inverse=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        loss = _Loss(
            np.ascontiguousarray(features[:, :dense].toarray(), dtype=np.float32),
            features[:, dense:].astype(np.float32).tocsr(),
            own,
            strength * _balance(own),
            pool,
        )
        weights = minimise(loss, np.zeros(loss.shape, dtype=np.float32), loss.flattened(), STEPS)
    return Regression([str(name) for name in intents], weights[:-1].copy(), weights[-1].copy(), temperature)


def _balance(own: NDArray[np.int64]) -> Floats:
    """What each example counts: a topic with many facts must not swallow its neighbours. On average 1."""
    rare = 1.0 / np.bincount(own)[own]
    counts: Floats = (rare / rare.mean()).astype(np.float32)
    return counts


class _Product:
    """A CSR matrix times a dense one, by all processors: blocks of rows, so the sums are the same with any number."""

    def __init__(self, matrix: csr_matrix, pool: ThreadPoolExecutor) -> None:
        parts = os.cpu_count() or 1
        ends = np.searchsorted(matrix.indptr, np.linspace(0, matrix.nnz, parts + 1)[1:-1])
        cuts = [0, *map(int, ends), matrix.shape[0]]
        self._blocks = [matrix[start:end] for start, end in pairwise(cuts)]
        self._pool = pool

    def __call__(self, other: Floats) -> Floats:
        product: Floats = np.concatenate(list(self._pool.map(lambda block: block @ other, self._blocks)))
        return product


class _Loss:
    """Cross-entropy and the squares of the weights, with the slope: what L-BFGS asks for."""

    def __init__(
        self, dense: Floats, sparse: csr_matrix, own: NDArray[np.int64], counts: Floats, pool: ThreadPoolExecutor
    ) -> None:
        self._dense, self._sparse, self._across = dense, _Product(sparse, pool), _Product(sparse.T.tocsr(), pool)
        self._squares = sparse.multiply(sparse).T @ counts
        self._own, self._counts, self._rows = own, counts, np.arange(len(own))
        self.shape = (dense.shape[1] + sparse.shape[1] + 1, int(own.max()) + 1)  # the last row is the bias

    def __call__(self, weights: Floats) -> tuple[float, Floats]:
        width = self._dense.shape[1]
        scores = self._dense @ weights[:width] + self._sparse(weights[width:-1]) + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        missed = np.log(total[:, 0]) - scores[self._rows, self._own]
        likely /= total
        likely[self._rows, self._own] -= 1
        likely *= self._counts[:, None]
        slope = np.concatenate([self._dense.T @ likely, self._across(likely), likely.sum(axis=0, keepdims=True)])
        slope[:-1] += weights[:-1]
        return float(self._counts @ missed) + 0.5 * float(np.vdot(weights[:-1], weights[:-1])), slope

    def flattened(self) -> Callable[[Floats], Floats]:
        """A guess of the inverse of the curvature: exact among the dense features and the bias, which differ most from
        the others and go together; each sparse feature for itself. It saves more than half of the steps.
        """
        dense = np.column_stack([self._dense, np.ones(len(self._dense), dtype=np.float32)])
        curved = UNSURE * (dense * self._counts[:, None]).T @ dense
        curved[np.diag_indices(len(curved) - 1)] += 1  # of the squares of the weights; the bias has none
        together = np.linalg.inv(curved.astype(np.float64)).astype(np.float32)
        alone = (1 / (1 + UNSURE * self._squares)).astype(np.float32)[:, None]
        width = self._dense.shape[1]

        def flat(slope: Floats) -> Floats:
            first = together @ np.concatenate([slope[:width], slope[-1:]])
            return np.concatenate([first[:-1], alone * slope[width:-1], first[-1:]])

        return flat


def softmax(scores: Floats) -> Floats:
    """Rows of scores -> rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out
