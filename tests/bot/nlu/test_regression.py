"""The linear model is the same on every machine, and learns what is there to learn."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.optimize import minimize, rosen, rosen_der
from scipy.sparse import csr_matrix, hstack, random

from bot.nlu.topics import lbfgs, regression

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


def test_the_minimum_is_the_one_that_scipy_finds() -> None:
    """A narrow, bent valley, where going straight down gets nowhere, with a poor guess of its curvature."""
    start = np.array([-1.2, 1.0, 0.5, -0.7], dtype=np.float32)
    theirs = minimize(rosen, start, jac=rosen_der, method="L-BFGS-B").x
    ours = lbfgs.minimise(
        lambda at: (float(rosen(at)), rosen_der(at).astype(np.float32)), start, lambda slope: slope * 0.5, 200
    )
    assert np.allclose(ours, theirs, atol=0.02)


def test_it_stops_where_no_way_leads_down() -> None:
    start = np.zeros(3, dtype=np.float32)
    wrong = lbfgs.minimise(lambda at: (1.0 + float(at @ at), at - 1), start, lambda slope: slope, 10)
    assert np.array_equal(wrong, start)  # the slope says there is a way, the function that there is none


def test_a_good_guess_of_the_curvature_saves_steps() -> None:
    scales = np.logspace(0, 4, 50).astype(np.float32)
    target = np.linspace(-1, 1, 50).astype(np.float32)

    def bowl(at: lbfgs.Floats) -> tuple[float, lbfgs.Floats]:
        return 0.5 * float(scales @ np.square(at - target)), scales * (at - target)

    guessed = lbfgs.minimise(bowl, np.zeros(50, dtype=np.float32), lambda slope: slope / scales, 3)
    blind = lbfgs.minimise(bowl, np.zeros(50, dtype=np.float32), lambda slope: slope / scales.max(), 3)
    assert bowl(guessed)[0] < 1e-6 * bowl(blind)[0]
