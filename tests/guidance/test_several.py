"""Several questions in one message: which are asked, and which fact answers the other one."""

from datetime import date

import pytest

from guidance import knowledge
from guidance.answers import answer
from guidance.question import Question, Understood
from guidance.several import questions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("how many words is it and who marks it", ["how many words is it", "who marks it"]),
        ("is there an exam? do i reference", ["is there an exam", "do i reference"]),
        ("i moved at easter, who do i tell", ["who do i tell"]),
        ("mat leave and npqsl", []),
    ],
)
def test_questions_are_parted_at_question_words(text: str, found: list[str]) -> None:
    assert questions(text) == found


def facts(text: str, *topics: str, parts: dict[str, str] | None = None) -> tuple[str, ...]:
    said = Understood(text, f"ask_{topics[0]}", topics=topics, parts=parts or {})
    asked = Question(said, topics, (), date(2026, 11, 21))
    return answer(asked, knowledge.current()).facts


def test_two_questions_on_one_topic_get_two_answers_in_their_order() -> None:
    assert facts("how many words is it and who marks it", "assessment") == ("assessment-words", "assessment-who-marks")
    assert facts("who marks it and how many words is it", "assessment") == ("assessment-who-marks", "assessment-words")


def test_one_question_gets_one_answer() -> None:
    assert facts("who marks it", "assessment") == ("assessment-who-marks",)


def test_what_it_means_for_funding_is_answered_by_the_topic_it_is_asked_beside() -> None:
    parts = {"deferral": "im signed off sick", "funding": "do i lose my funding"}
    said = facts("im signed off sick. do i lose my funding", "deferral", "funding", parts=parts)
    assert said == ("deferral-illness", "deferral-funding")
