"""Whether a message is about NPQs: answered, asked back or refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.nlu.language.entities import Named
from bot.nlu.topics.domain import Domain, belonging, belongs, hardly, is_gibberish
from bot.nlu.topics.vocabulary import Vocabulary, Words

INTENTS = ["ask_cost", "greet", "oos_pay"]
ENGLISH = frozenset(["how", "much", "is", "a", "sofa", "the"])


def domain(ask: float, oos: float, nearest: float = 0.6, words: Words | None = None, *named: Named) -> Domain:
    scores = np.array([[ask, -4.0, oos]], dtype=np.float32)
    return Domain(INTENTS, scores, nearest, words or Words(4, 0, 0), named)


def test_a_question_like_ours_belongs() -> None:
    sure = domain(3.0, -3.0)
    assert belonging(sure) > 0.9
    assert belongs("ask_cost", "how much is it", sure, 0.5)
    assert not hardly("ask_cost", "how much is it", sure, 0.15)


def test_one_that_others_claim_too_is_asked_back() -> None:
    assert not belongs("ask_cost", "how much is a tlr", domain(0.0, 2.0), 0.5)


def test_naming_an_npq_halves_the_limit() -> None:
    doubtful = domain(0.0, 1.5)
    assert 0.25 < belonging(doubtful) < 0.5
    assert not belongs("ask_cost", "how much is it", doubtful, 0.5)
    assert belongs("ask_cost", "how much is an npq", doubtful, 0.5)


def looked_at(score: float, near: float, nearest: float) -> tuple[Domain, list[float]]:
    """What scores so, has a question at least so near and really so near, and whether that was looked for."""
    looks: list[float] = []

    def exact() -> float:
        looks.append(nearest)
        return nearest

    return replace(domain(score, 1.0, near), exact=exact), looks


def test_all_questions_are_looked_at_only_where_it_matters() -> None:
    for score in (-1.0, 0.0, 1.0, 2.0):
        for near, nearest in ((0.3, 0.9), (0.6, 0.6), (-1.0, 0.2)):
            found, looks = looked_at(score, near, nearest)
            exactly = domain(score, 1.0, nearest)
            assert belongs("ask_cost", "how much is it", found, 0.5) == (belonging(exactly) >= 0.5)
            assert hardly("ask_cost", "how much is it", found, 0.15) == (belonging(exactly) < 0.15)
            assert len(looks) == (belonging(domain(score, 1.0, near)) < 0.5)


def test_words_that_no_question_has_count_against_it() -> None:
    assert belonging(domain(0.0, -2.0)) > belonging(domain(0.0, -2.0, 0.6, Words(4, 2, 0)))


def test_what_is_hardly_ours_is_refused_not_asked_back() -> None:
    assert hardly("ask_cost", "how much is a sofa", domain(-2.0, 3.0), 0.15)
    assert not hardly("ask_cost", "how much is an npq sofa", domain(-2.0, 3.0), 0.15)
    assert not hardly("oos_pay", "how much is a sofa", domain(-2.0, 3.0), 0.15)


@pytest.mark.parametrize(
    ("words", "gibberish"), [(Words(3, 0, 3), True), (Words(1, 0, 1), False), (Words(4, 1, 1), False)]
)
def test_most_words_in_no_dictionary_are_gibberish(words: Words, gibberish: bool) -> None:
    assert is_gibberish(domain(0.0, 0.0, 0.3, words), "some words") is gibberish


def test_words_are_ours_english_or_unknown() -> None:
    vocabulary = Vocabulary.learn(["how much is the course", "is the course long"], ["Fees differ by provider."])
    assert vocabulary.read("how much is the sofa fee blorp", ENGLISH) == Words(7, 3, 1)


def test_one_word_again_and_again_is_gibberish() -> None:
    known = Words(3, 0, 0)
    assert is_gibberish(domain(0.0, 0.0, 0.3, known), "the the The")
    assert not is_gibberish(domain(0.0, 0.0, 0.3, known), "the NPQ the")
    assert not is_gibberish(domain(0.0, 0.0, 0.3, known), "no no")
