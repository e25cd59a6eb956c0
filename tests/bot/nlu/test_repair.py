"""Mistyped words are put right before a text is classified; words that are right are left alone."""

from __future__ import annotations

import pytest

from bot.nlu.encoder import session
from bot.nlu.topics import repair
from guidance.knowledge import current


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how mcuh does it csot", "how much does it cost"),
        ("how logn does it tkae", "how long does it take"),
        ("am i eligble", "am i eligible"),
        ("whats the deadlin", "whats the deadline"),
    ],
)
def test_a_slip_is_repaired(typed: str, meant: str, encoder: session.Encoder) -> None:
    assert repair.live(current())(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How long is it?",
        "thats great, didnt know",
        "my granddaughter",
        "paternity leave",
        "im dyslexic",
        "shwmae",
        "czy mogę zapytać",
        "NASENCO 2014 😀",
    ],
)
def test_what_is_right_or_foreign_stays(text: str, encoder: session.Encoder) -> None:
    assert repair.live(current())(text) == text
