"""Misspellings of known words are repaired; ordinary words never are."""

from __future__ import annotations

import pytest

from bot.nlu.language.codes import CodeReader
from bot.nlu.language.spelling import Speller

KNOWN = ["headship", "leading", "senior", "leadership", "literacy", "litercy", "provider", "providers", "deferral"]
ORDINARY = frozenset(
    ["leading", "reading", "lending", "leader", "senior", "provider", "providers", "literacy", "headship", "hardship"]
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("headhsip", "headship"),
        ("seinor", "senior"),
        ("literecy", "literacy"),
        ("litercy", "literacy"),
        ("providrs", "providers"),
        ("deferal", "deferral"),
        ("defferrral", "deferral"),
        ("reading", "reading"),
        ("lending", "lending"),
        ("hardship", "hardship"),
        ("hedshp", "hedshp"),
        ("sl", "sl"),
        ("behavior", "behaviour"),
    ],
)
def test_repairs(word: str, meant: str) -> None:
    assert Speller(KNOWN, ORDINARY).correct(word) == meant


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("nphq", "npqh"),
        ("nqpsl", "npqsl"),
        ("npqhh", "npqh"),
        ("nqp", "npq"),
        ("nqps", "npqs"),
        ("npqs", None),
        ("npql", None),
        ("equip", None),
        ("npqxyzab", None),
    ],
)
def test_mangled_codes(word: str, code: str | None) -> None:
    assert CodeReader(["npqh", "npqsl", "npqll", "npqlt"], frozenset({"equip"})).read(word) == code
