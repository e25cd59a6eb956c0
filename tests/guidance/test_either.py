"""Two NPQs to choose from are compared; anything else asked of both is answered for both."""

from __future__ import annotations

from datetime import date

import pytest

from guidance.either import either
from guidance.enquiry import enquire
from guidance.knowledge import current
from guidance.question import Context, Understood

TODAY = date(2026, 12, 1)
TWO = ("NPQSL", "NPQEL")


def said(text: str, topic: str = "fe") -> Understood:
    return Understood(text, f"ask_{topic}", topics=(topic,), programmes=TWO, settings=("fe_college",))


@pytest.mark.parametrize(
    "text",
    [
        "npqsl or npqel for someone in a college",
        "should i do npqsl or npqel, i work in fe",
        "would npqsl or npqel be better in a college",
        "npqsl vs npqel, college",
    ],
)
def test_a_choice_is_a_comparison(text: str) -> None:
    assert either(said(text)).topics == ("compare",)


@pytest.mark.parametrize(
    "text",
    [
        "is npqsl or npqel funded in a college",
        "how long is npqsl or npqel",
        "npqsl and npqel in a college",
        "can i do npqsl or npqel without qts",
        "do i need npqsl before npqel or after",
    ],
)
def test_what_else_is_asked_of_them_is_not(text: str) -> None:
    assert either(said(text)) == said(text)


def test_a_choice_already_understood_stays() -> None:
    asked = said("npqsl or npqel for me", "which_npq")
    assert either(asked) is asked


def test_what_holds_of_one_npq_only_is_not_said_of_both() -> None:
    both = said("is npqsl or npqel funded in a college")
    answer, _ = enquire(both, Context(), current(), TODAY)
    assert "NPQSL" in answer.messages[0]
    assert not answer.messages[0].startswith("It is funded only")
