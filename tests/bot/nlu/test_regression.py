"""The linear model is the same on every machine, and learns what is there to learn."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack, random

from bot.nlu.topics import regression

DENSE = 6
LABELS = ["fees", "dates", "fees", "dates", "who"] * 12


def features() -> csr_matrix:
    """Sixty texts: a few dense columns in which a label shows, and many sparse ones in which it does not."""
    numbers = np.random.default_rng(7)
    names = sorted(set(LABELS))
    dense = numbers.normal(scale=0.3, size=(len(LABELS), DENSE))
    for row, label in enumerate(LABELS):
        dense[row, names.index(label)] += 1.0
    sparse = random(len(LABELS), 200, density=0.1, random_state=7, dtype=np.float32)
    return hstack([csr_matrix(dense.astype(np.float32)), sparse], format="csr")


def test_any_number_of_processors_gives_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = []
    for processors in (1, 2, 7):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        fitted.append(regression.fit(features(), LABELS, 8.0, 1.0, DENSE))
    for other in fitted[1:]:
        assert np.array_equal(fitted[0].weights, other.weights)
        assert np.array_equal(fitted[0].bias, other.bias)


def test_it_learns_what_shows() -> None:
    fitted = regression.fit(features(), LABELS, 8.0, 1.0, DENSE)
    best = fitted.scores(features()).argmax(axis=1)
    assert np.mean([fitted.intents[at] == label for at, label in zip(best, LABELS)]) > 0.95
