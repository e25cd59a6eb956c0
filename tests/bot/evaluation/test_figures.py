"""What readings add up to, by hand-counted examples."""

from __future__ import annotations

import random

import pytest

from bot.evaluation.crossvalidation import FOLDS, folds
from bot.evaluation.figures import FALLBACK, Figures, Reading
from bot.evaluation.perturbations import PERTURBATIONS, typos


def _figures() -> Figures:
    return Figures(
        [
            Reading("a", "ask_cost", "ask_cost", "ask_cost", 0.95),
            Reading("b", "ask_cost", FALLBACK, "ask_cost", 0.15),
            Reading("c", "ask_dates", "ask_cost", "ask_cost", 0.55),
            Reading("d", "ask_dates", "ask_dates", "ask_dates", 0.95),
            Reading("a", "ask_cost", "ask_dates", "ask_dates", 0.5, "typos"),
        ]
    )


def test_asking_back_counts_as_not_understood_but_not_as_another_intent() -> None:
    figures = _figures()
    assert figures.recalls() == {"ask_cost": (0.5, 2), "ask_dates": (0.5, 2)}
    assert figures.macro_f1() == pytest.approx((2 / 4 + 2 / 3) / 2)
    assert figures.macro_f1(classified=True) == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_a_drop_compares_the_same_lines_only() -> None:
    assert _figures().drops() == {"typos": (0.0, 1.0)}


def test_confusions_keep_their_sentences() -> None:
    pairs = {pair: [item.text for item in items] for pair, items in _figures().confusions()}
    assert pairs == {("ask_cost", FALLBACK): ["b"], ("ask_dates", "ask_cost"): ["c"]}


def test_calibration_and_thresholds_judge_the_likeliest_intent() -> None:
    figures = _figures()
    assert figures.calibration() == [
        (pytest.approx(0.15), 1.0, 1),
        (pytest.approx(0.55), 0.0, 1),
        (pytest.approx(0.95), 1.0, 2),
    ]
    limits = {round(limit, 2): (share, right) for limit, share, right in figures.thresholds()}
    assert limits[0.0] == (1.0, 0.75)
    assert limits[0.6] == (0.5, 1.0)


def test_folds_spread_every_intent_and_follow_the_seed() -> None:
    labels = ["one"] * 10 + ["two"] * 5
    found = folds(labels, 1)
    assert sorted(found[:10]) == sorted([*range(FOLDS), *range(FOLDS)])
    assert sorted(found[10:]) == list(range(FOLDS))
    assert found == folds(labels, 1) != folds(labels, 2)


@pytest.mark.parametrize("text", ["how long is it", "x", "", "do you need a degree to take the senior leadership one"])
def test_slips_are_few_and_the_same_each_time(text: str) -> None:
    once, twice = typos(text, random.Random("seed")), typos(text, random.Random("seed"))
    assert once == twice
    assert abs(len(once) - len(text)) <= 2
    assert PERTURBATIONS["upper case"](text, random.Random()) == text.upper()
