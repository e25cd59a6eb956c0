"""The nearest sentence of each likely intent speaks for it; the rest are neither helped nor harmed."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.topics.likeness import LIKELIEST, WEIGHT, Likeness

WIDTH = 16
AXES = np.eye(WIDTH, dtype=np.float32)
MANY = [f"ask_{number}" for number in range(LIKELIEST + 3)]


def test_the_nearest_sentence_of_an_intent_counts() -> None:
    half = (AXES[0] + AXES[2]) / np.sqrt(2)
    likeness = Likeness.of(np.stack([AXES[0], AXES[1], half]), ["far", "other", "far"])
    found = likeness.added(np.zeros((1, 2), dtype=np.float32), AXES[2][None], ["far", "other"])
    assert found[0] == pytest.approx([WEIGHT / np.sqrt(2), 0.0], abs=1e-5)


def test_a_wording_that_one_sentence_has_decides_between_close_scores() -> None:
    likeness = Likeness.of(AXES[:2], ["ask_dates", "ask_cost"])
    scores = np.array([[2.0, 1.0]], dtype=np.float32)
    assert likeness.added(scores, AXES[1][None], ["ask_dates", "ask_cost"])[0].argmax() == 1
    assert likeness.added(scores, AXES[0][None], ["ask_dates", "ask_cost"])[0].argmax() == 0
    assert scores.tolist() == [[2.0, 1.0]]


def test_unlikely_intents_are_not_looked_at() -> None:
    likeness = Likeness.of(AXES[: len(MANY)], MANY)
    scores = np.linspace(5, 0, len(MANY), dtype=np.float32)[None]
    found = likeness.added(scores, AXES[len(MANY) - 1][None], MANY)  # the last one's own sentence
    assert (found - scores).max() == pytest.approx(0.0, abs=1e-5)
    assert likeness.added(scores, AXES[LIKELIEST - 1][None], MANY)[0].argmax() == LIKELIEST - 1


def test_an_intent_without_sentences_is_like_nothing() -> None:
    likeness = Likeness(AXES, {"ask_dates": [0]})
    found = likeness.added(np.zeros((1, 2), dtype=np.float32), AXES[:1], ["more", "ask_dates"])
    assert found[0] == pytest.approx([0.0, WEIGHT], abs=1e-5)


def test_sentences_side_by_side_count_like_those_that_are_not() -> None:
    likeness = Likeness(AXES, {"ask_dates": [1, 2, 3], "ask_cost": [3, 1, 2]})
    for vector in AXES[:5]:
        found = likeness.added(np.zeros((1, 2), dtype=np.float32), vector[None], ["ask_dates", "ask_cost"])
        assert found[0][0] == found[0][1]
