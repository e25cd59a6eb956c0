"""What would change an outcome: only what really does, in words a person understands."""

import itertools
from typing import Any

import pytest
from funding_situations import RULES, TABLES, Situation, complete, every
from hypothesis import given, settings

SCHOOL = {
    "works_in_england": True,
    "previously_funded": False,
    "work_setting": "school",
    "eligible_establishment": True,
    "on_rise_list": False,
    "on_pp50_list": False,
}
PRIVATE = {
    "works_in_england": True,
    "previously_funded": False,
    "work_setting": "early_years",
    "early_years_kind": "private_nursery",
}


@pytest.mark.parametrize(
    ("situation", "named", "not_named"),
    [
        (
            {**SCHOOL, "course": "NPQLT"},
            ["disadvantage list", "RISE", "NPQH, NPQSL, NPQSENCO or NPQEYL"],
            ["NPQLL"],
        ),
        ({**SCHOOL, "course": "NPQH", "works_in_england": False}, ["working in England"], []),
        # two things stand in the way: neither alone would help
        ({**SCHOOL, "course": "NPQLT", "works_in_england": False}, [], ["working in England"]),
        (
            {**SCHOOL, "course": "NPQH", "previously_funded": True},
            ["another NPQ", "NPQSL"],
            ["NPQH,", "NPQLT"],
        ),
        ({**SCHOOL, "course": "NPQH"}, ["outside England", "DfE funding for this course before"], ["list"]),
        (
            {**SCHOOL, "course": "NPQH", "eligible_establishment": False},
            ["type DfE accepts", "RISE"],
            ["another NPQ"],
        ),
        ({**SCHOOL, "course": "EHCO", "new_headteacher": False}, ["first 5 years", "another NPQ"], []),
        ({**PRIVATE, "course": "NPQH"}, ["NPQEYL", "nursery school", "eligible school"], ["NPQLT"]),
        ({**PRIVATE, "course": "NPQLT"}, ["NPQEYL", "eligible school on DfE's disadvantage list"], []),
        (
            {**PRIVATE, "early_years_kind": "childminder", "course": "NPQEYL", "on_childminder_list": False},
            ["childminder list"],
            [],
        ),
        (
            {
                **SCHOOL,
                "work_setting": "another_setting",
                "employment_type": "virtual_school",
                "course": "NPQLT",
            },
            ["NPQH, NPQSL or NPQSENCO (DfE would review it)"],
            [],
        ),
        (
            {**SCHOOL, "work_setting": "other", "rtta_referral": False, "course": "NPQH"},
            ["Return to Teaching"],
            [],
        ),
        ({**SCHOOL, "cohort": "spring_2026", "course": "NPQH"}, ["autumn 2026"], []),
    ],
)
def test_what_would_change_it(situation: Situation, named: list[str], not_named: list[str]) -> None:
    said = "\n".join(RULES.what_would_change(situation))
    assert all(text in said for text in named), said
    assert not any(text in said for text in not_named), said


@pytest.mark.parametrize("situation", [{}, {"course": "NPQH"}, {"course": "NPQX"}, None, []])
def test_without_an_outcome_there_is_nothing_to_change(situation: Any) -> None:
    assert RULES.what_would_change(situation) == []


@settings(max_examples=300, deadline=None)
@given(complete())
def test_every_text_is_short_and_said_once(situation: Situation) -> None:
    said = RULES.what_would_change(situation)
    assert len(said) == len(set(said))
    assert all("{" not in text and len(text.split()) <= 25 for text in said)


@settings(max_examples=300, deadline=None)
@given(complete())
def test_asking_what_would_change_leaves_the_situation_alone(situation: Situation) -> None:
    before = dict(situation)
    RULES.what_would_change(situation)
    assert situation == before


def test_every_change_is_said_for_someone() -> None:
    texts = {change.says.split("{")[0] for change in RULES.data.changes}
    for situation in itertools.chain.from_iterable(map(every, TABLES)):
        if situation["new_headteacher"] and situation["course"] != "EHCO":
            continue  # the rules do not ask
        for said in RULES.what_would_change(situation):
            texts = {text for text in texts if not said.startswith(text)}
        if not texts:
            break
    assert texts == set()
