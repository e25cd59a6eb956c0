"""Crisis words are found whatever stands around them, and figures of speech are not crises."""

from __future__ import annotations

import pytest

from tests.bot.nlu.conftest import Named

CRISIS = [
    "I want to die",
    "my workload is killing me and i want to die",
    "how do i withdraw, i’m going to kill myself",
    "feeling suicidal",
    "feeling suicidle",
    "I DONT WANT TO LIVE ANYMORE",
]
NOT = ["this workload is killing me", "dying to know if i got in", "deadline for npqh", "my course ended"]


@pytest.mark.parametrize("text", CRISIS)
def test_crisis_words(text: str, named: Named) -> None:
    assert named(text, "crisis") == [("crisis", "crisis")]


@pytest.mark.parametrize("text", NOT)
def test_figures_of_speech(text: str, named: Named) -> None:
    assert named(text, "crisis") == []
