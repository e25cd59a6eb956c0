"""Programmes are found however people write them, and ordinary words are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guidance.knowledge import current
from tests.bot.nlu.conftest import Named

WRITTEN = {
    "how long is npqsl": ["NPQSL"],
    "NPQ-SL or NPQ/H?": ["NPQSL", "NPQH"],
    "npqh/npqsl cost": ["NPQH", "NPQSL"],
    "npq h": ["NPQH"],
    "how long are SL and H and are they funded?": ["NPQSL", "NPQH"],
    "ML, SL, H or EL npq?": ["LEGACY-NPQML", "NPQSL", "NPQH", "NPQEL"],
    "lt vs lbc": ["NPQLT", "NPQLBC"],
    "what about sl?": ["NPQSL"],
    "and for headship?": ["NPQH"],
    "the headship one": ["NPQH"],
    "is there a course for senco": ["NPQSENCO"],
    "difference between senior leadership and headship": ["NPQSL", "NPQH"],
    "will npqlt be funded?": ["NPQLT"],
    "how long will npqsl take": ["NPQSL"],
    "i'll do npqh": ["NPQH"],
    "npq ll or lt": ["NPQLL", "NPQLT"],
    # misspelt
    "how long is the nphq": ["NPQH"],
    "NQPSL cost": ["NPQSL"],
    "is the seinor leadership npq free": ["NPQSL"],
    "headhsip npq": ["NPQH"],
    "behavior npq": ["NPQLBC"],
    "npqsneco deadline": ["NPQSENCO"],
    # not programmes
    "moved from senior leadership to headship": [],
    "i am a senco, do i need it": [],
    "i am reading about leading and behaviour": [],
    "head of school": ["NPQH"],
    "which npqs are there": [],
    "nqp": [],
    "npqx": [],
}


@pytest.mark.parametrize(("text", "codes"), [pytest.param(*item, id=item[0]) for item in WRITTEN.items()])
def test_programmes_as_people_write_them(text: str, codes: list[str], named: Named) -> None:
    assert [value for _, value in named(text, "programme")] == codes


OLD = {
    "is my old npqh still valid": "LEGACY-NPQH",
    "i did npqh in 2018": "LEGACY-NPQH",
    "the legacy npqsl": "LEGACY-NPQSL",
    "npqh": "NPQH",
    "i qualified in 2018, can i do npqh": "NPQH",
    "did npqh change in 2022": "NPQH",
    "i am 50 years old, can i do npqh": "NPQH",
}


@pytest.mark.parametrize(("text", "code"), [pytest.param(*item, id=item[0]) for item in OLD.items()])
def test_the_older_namesake_is_meant_only_when_the_message_says_so(text: str, code: str, named: Named) -> None:
    assert [value for _, value in named(text, "programme")] == [code]


def test_a_new_programme_needs_no_code(named: Named) -> None:
    known = current()
    new = known.programmes["NPQLT"].copy(
        update={"code": "NPQZZ", "name": "Leading astronomy", "title": "NPQ in Leading Astronomy (NPQZZ)"}
        | {"aliases": ["astronomy npq"], "misspellings": [], "weak_aliases": []}
    )
    more = replace(known, version="with astronomy", programmes={**known.programmes, "NPQZZ": new})
    for text in ("npqzz", "npq zz", "npq in leading astronomy", "astronomy npq", "leading astronmoy npq", "nqpzz"):
        assert named(text, "programme", more) == [("programme", "NPQZZ")], text
    assert named("npqzz", "programme") == []
