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
        ("whats the deadlin", "what's the deadline"),
        ("how do i enrl", "how do i enrol"),
        ("good mornign to you", "good morning to you"),
    ],
)
def test_a_slip_is_repaired(typed: str, meant: str, encoder: session.Encoder) -> None:
    assert repair.live(current())(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How long is it?",
        "that's great, i didn't know",
        "my granddaughter",
        "paternity leave",
        "she is dyslexic",
        "shwmae",
        "does fe count as a school",
        "sharp at ks2",
        "so tired of this",
        "was it refunded",
        "how do i unlock it",
        "czy mogę zapytać",
        "NASENCO 2014 😀",
    ],
)
def test_what_is_right_or_foreign_stays(text: str, encoder: session.Encoder) -> None:
    assert repair.live(current())(text) == text


@pytest.mark.parametrize(("typed", "written"), [("im new", "i'm new"), ("dont know", "don't know")])
def test_short_forms_read_the_same_with_and_without_apostrophe(
    typed: str, written: str, encoder: session.Encoder
) -> None:
    right = repair.live(current())
    assert right(typed) == right(written) == written


def test_words_of_the_training_lines_are_no_slips(encoder: session.Encoder) -> None:
    try:
        repair.learn(["our colege", "the colege day"])
        assert repair.live(current())("is it at a colege") == "is it at a colege"
        repair.learn([])
        assert repair.live(current())("is it at a colege") == "is it at a college"
    finally:
        repair.learn([])
