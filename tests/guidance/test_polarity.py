"""A fact's "yes" or "no" is said to the question it answers, and left out where it might answer another."""

import pytest

from guidance import knowledge
from guidance.polarity import spoken
from guidance.selection import Candidate

NOT_REQUIRED = "No. NPQH has not been a legal requirement for headship since 2012."


def said(text: str, asked: str, *dimensions: str, similarity: float = 0.0) -> str:
    fact = knowledge.current().facts["mandatory-npqh"]
    return spoken(text, Candidate(fact, 2.0, frozenset(dimensions), similarity), asked)


def test_no_is_said_to_the_question_it_answers() -> None:
    assert said(NOT_REQUIRED, "is npqh a legal requirement", "asks", "programme", similarity=0.9) == NOT_REQUIRED


@pytest.mark.parametrize(
    ("dimensions", "similarity"), [(("programme",), 0.0), (("mentions",), 0.57), (("asks", "programme"), 0.7)]
)
def test_no_is_left_out_where_the_fact_is_only_near(dimensions: tuple[str, ...], similarity: float) -> None:
    text = said(NOT_REQUIRED, "can i do npqh without being on slt", *dimensions, similarity=similarity)
    assert text == "NPQH has not been a legal requirement for headship since 2012."


def test_it_is_said_when_the_place_of_work_was_asked_about() -> None:
    text = "No. A mainstream fee-paying school is not an eligible setting."
    assert said(text, "is npqsl funded in a private school", "programme", "setting") == text


def test_a_question_what_or_how_gets_no_yes() -> None:
    text = "Yes, you may take another NPQ after your first."
    plain = "You may take another NPQ after your first."
    assert said(text, "what happens after my first npq", "asks", similarity=0.9) == plain
    assert said(text, "what comes next, can i take another", "asks", similarity=0.9) == text


@pytest.mark.parametrize("text", ["No rule of DfE stops you.", "Yes, if your school is on the list.", "Not yet."])
def test_a_condition_or_a_sentence_keeps_its_words(text: str) -> None:
    assert said(text, "what about me", "mentions") == text
