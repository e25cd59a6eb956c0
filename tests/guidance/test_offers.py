"""When nothing matches, the nearest fact is offered only where that is right nine times in ten."""

from __future__ import annotations

from datetime import date

import pytest

from guidance import knowledge
from guidance.conversation import turn
from guidance.not_understood import not_understood
from guidance.offers import PRECISE_FROM
from guidance.question import Context, Understood
from guidance.reply import Answer

TODAY = date(2026, 11, 21)
LEAST = 0.7
FACT = "failing-repay"


def message(closeness: float, fact: str = FACT, likeliest: str = "ask_failing") -> Understood:
    return Understood("and the money then", "nlu_fallback", ranking=((likeliest, 0.15),), hints={fact: closeness})


def reply(said: Understood, context: Context | None = None, today: date = TODAY) -> Answer:
    return not_understood(said, context or Context(), knowledge.current(), today, "a@b", LEAST)[0]


def test_nothing_is_offered_where_no_closeness_is_precise_enough() -> None:
    assert PRECISE_FROM is None  # the outcome of `python -m bench.offers`, written down in docs/adr/0010
    found, after = turn(message(0.99), Context(), knowledge.current(), TODAY)
    assert (found.facts, found.status, after.misses) == ((), "clarify", 1)
    assert "did not understand" in found.text


def test_a_near_fact_is_offered_as_a_guess_with_its_source() -> None:
    found = reply(message(0.75))
    assert (found.facts, found.status, found.asking) == ((FACT,), "clarify", "question")
    assert "This may help" in found.messages[0]
    assert "repay" in found.messages[1]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(message(0.6), id="too far"),
        pytest.param(message(0.9, likeliest="ask_cost"), id="on another topic than the likeliest"),
        pytest.param(message(0.9, "oos-off-topic-other-people", "oos_off_topic"), id="not about NPQs"),
    ],
)
def test_what_is_less_sure_is_not_offered(said: Understood) -> None:
    assert reply(said).facts == ()


def test_what_was_said_before_or_no_longer_holds_is_not_offered() -> None:
    assert reply(message(0.9), Context(said=(FACT,))).facts == ()
    ended = message(0.9, "ect-mentor-funded", "ask_ect")
    assert reply(ended).facts == ("ect-mentor-funded",)
    assert reply(ended, today=date(2028, 1, 1)).facts == ()
