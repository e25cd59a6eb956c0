"""No personal detail is shown, wherever it was typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.report import page, read_figures, summary
from bot.report.personal import masked, may_name_somebody
from tests.bot.report.conftest import not_understood

PERSONAL = {
    "my name is zelda quimby and i want a course": "quimby",
    "I'm Zelda Quimby, can I come?": "Quimby",
    "this is Zelda Quimby from Leeds": "Quimby",
    "ask for Zelda Quimby at reception": "Quimby",
    "could Mrs Quimby call me": "Quimby",
    "dr. quimby said it is free": "quimby",
    "please help me. Kind regards, Zelda": "Zelda",
    "thanks, Zelda Quimby": "Zelda",
    "write to zelda.quimby@example.org": "zelda",
    "ring me on 07700 900123 after five": "900123",
    "my number is 020 7946 0958": "7946",
    "my trn is 12/34567": "34567",
    "my reference is NPQ-4X7K-9DMR": "4X7K",
    "QQ 12 34 56 C is my ni number": "34 56",
    "i live at SW1A 1AA": "1AA",
    "[personal details]": "[personal",
    "i'm zelda quimby, is it free": "quimby",
    "is it free, Quimby told me so": "Quimby",
    "i am john smith, is it free": "john",
    "hi zelda, can i swap": "zelda",
}
HARMLESS = [
    "can my dog come to the sessions",
    "is npqh the same as npqsl",
    "thanks for that, what about parking?",
    "I am a headteacher in Leeds, is there a discount",
    "what about Autumn 2027",
    "does Best Practice Network offer lunch",
    "CAN MY SCHOOL PAY FOR IT",
    "hi, is there a course in Wales for heads",
    "my school has 250 pupils and £1,500 left",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_text_that_may_name_somebody_is_known(text: str) -> None:
    assert may_name_somebody(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_an_ordinary_question_is_shown(text: str) -> None:
    assert not may_name_somebody(text)


def test_nothing_personal_is_in_the_page_or_the_json(
    store: Callable[[list[dict[str, Any]]], sa.engine.Engine],
) -> None:
    rows = [not_understood(text) for text in [*PERSONAL, *HARMLESS] for _ in range(3)]
    rows += [not_understood(text.upper()) for text in PERSONAL]
    rows += [not_understood("Can my dog come to the sessions, " + text) for text in PERSONAL]
    figures = read_figures(store(rows))
    told = json.dumps(summary(figures), ensure_ascii=False)
    shown = page(figures)
    for secret in {secret.casefold() for secret in PERSONAL.values()}:
        assert secret not in told.casefold()
        assert secret not in shown.casefold().split('<script type="application/json"')[0]
        assert secret not in shown.split('<script type="application/json"')[1].split("</script>")[0].casefold()
    assert HARMLESS[0] in told
    assert HARMLESS[0] in shown
    assert sum(figures.total("unanswered").values()) == len(rows)


def test_addresses_and_numbers_are_masked_for_staff() -> None:
    text = masked("write to zelda@example.org or ring 07700 900123")
    assert "zelda@" not in text
    assert "900123" not in text
    assert text.startswith("write to [personal details] or ring")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I live at sw1a 1aa, is it free", "I live at [personal details], is it free"),
        ("my TRN is 1234567", "my TRN is [personal details]"),
        ("Mr Quimby and Dr. Zelda Quimby-Jones said so", "Mr [personal details] and Dr. [personal details] said so"),
        ("does miss Zelda Quimby teach NPQH", "does miss [personal details] teach NPQH"),
        ("do I miss a deadline if I am in KS1 in 2027", "do I miss a deadline if I am in KS1 in 2027"),
    ],
)
def test_postcodes_teacher_numbers_and_titled_names_are_masked_for_staff(text: str, wanted: str) -> None:
    assert masked(text) == wanted
