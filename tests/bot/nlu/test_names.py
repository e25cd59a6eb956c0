"""Roles, settings, providers, premises: the longest reading wins, parts of a name are not names."""

from __future__ import annotations

import pytest

from tests.bot.nlu.conftest import Named

CASES = {
    "i'm a deputy head teacher": {("role", "deputy_head")},
    "assistant head of year": {("role", "head_of_year")},
    "for literecy leads": {("role", "literacy_lead")},
    "hod in an independent school": {("role", "head_of_department"), ("setting", "independent")},
    "a special school": {("setting", "special_school"), ("phase", "special")},
    "with Ambtion Institute": {("provider", "ambition")},
    "CofE npqh": {("provider", "church_of_england"), ("programme", "NPQH")},
    "ks3 lead": {("role", "key_stage_lead"), ("phase", "secondary")},
    "the senco npq": {("programme", "NPQSENCO")},
    "i'm a senco": {("role", "senco")},
}


@pytest.mark.parametrize(("text", "found"), [pytest.param(*item, id=item[0]) for item in CASES.items()])
def test_what_a_text_names(text: str, found: set[tuple[str, str]], named: Named) -> None:
    kinds = {"role", "setting", "phase", "provider", "programme"}
    assert {item for item in named(text) if item[0] in kinds} == found


def test_characters_are_those_of_the_message(named: Named) -> None:
    from bot.nlu.language import live
    from bot.nlu.language.entities import entities
    from guidance.knowledge import current
    from tests.bot.nlu.conftest import TODAY

    text = "Hi!  is the  seinor leadership NPQ (through UCL) ok?"
    found = entities(live.guide().read(text), current(), TODAY)
    assert {item.kind: text[item.start : item.end] for item in found if item.kind != "topic"} == {
        "programme": "seinor leadership NPQ",
        "provider": "UCL",
    }


@pytest.mark.parametrize("text", ["", "   ", "😀", "/", "????", "\n"])
def test_a_text_without_words_names_nothing(text: str, named: Named) -> None:
    assert named(text) == []
