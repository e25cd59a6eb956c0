"""What is refused: names and values nobody knows, wrong types, answers that contradict each other."""

from typing import Any

import pytest
from funding_situations import JOBS, KINDS, RULES, Situation, places, possible
from hypothesis import given, settings
from hypothesis import strategies as st

SCHOOL = {"works_in_england": True, "previously_funded": False, "course": "NPQH", "work_setting": "school"}


@pytest.mark.parametrize(
    ("situation", "named", "allowed"),
    [
        ({"cource": "NPQH"}, "cource", "course"),
        ({"": True}, "``", "course"),
        ({"course": "NPQML"}, "NPQML", "NPQSENCO"),
        ({"course": "npqh"}, "npqh", "NPQH"),
        ({"course": True}, "course", "NPQH"),
        ({"course": ["NPQH"]}, "course", "NPQH"),
        ({"course": {}}, "course", "NPQH"),
        ({"course": 7}, "course", "NPQH"),
        ({"works_in_england": "yes"}, "works_in_england", "true, false"),
        ({"works_in_england": "true"}, "works_in_england", "true, false"),
        ({"works_in_england": 1}, "works_in_england", "true, false"),
        ({"works_in_england": 0}, "works_in_england", "true, false"),
        ({"works_in_england": 1.0}, "works_in_england", "true, false"),
        ({"work_setting": "nursery"}, "work_setting", "early_years"),
        ({"early_years_kind": "school"}, "early_years_kind", "childminder"),
        ({"employment_type": "supply"}, "employment_type", "virtual_school"),
        ({"cohort": "autumn_2024"}, "cohort", "autumn_2026"),
        ({"cohort": 2026}, "cohort", "autumn_2026"),
        # the name of a group in the rules is no value
        ({"work_setting": "school_route"}, "work_setting", "academy_trust"),
    ],
)
def test_an_unknown_name_or_value_is_refused_with_what_is_allowed(
    situation: Situation, named: str, allowed: str
) -> None:
    decision = RULES.decide(situation)
    assert decision.outcome is None
    assert decision.needs == ()
    assert named in str(decision.error)
    assert allowed in str(decision.error)


@pytest.mark.parametrize("situation", [None, [], "NPQH", 3, True, [{"course": "NPQH"}]])
def test_what_is_no_situation_is_refused(situation: Any) -> None:
    assert "JSON object" in str(RULES.decide(situation).error)


def test_every_fault_is_named_at_once() -> None:
    error = str(RULES.decide({"x": 1, "course": "NPQX", "rtta_referral": "no"}).error)
    assert all(name in error for name in ("`x`", "NPQX", "rtta_referral"))


def test_a_long_wrong_value_is_not_repeated_in_full() -> None:
    assert len(str(RULES.decide({"course": "x" * 100_000}).error)) < 500


CONTRADICTIONS = [
    *({"work_setting": "school", "early_years_kind": kind} for kind in KINDS),
    *({"work_setting": "early_years", "employment_type": job} for job in JOBS),
    {"work_setting": "other", "early_years_kind": "childminder"},
    {"work_setting": "other", "employment_type": "virtual_school"},
    {"work_setting": "academy_trust", "employment_type": "itt_lead_mentor"},
    {"early_years_kind": "childminder", "employment_type": "virtual_school"},
    {"la_nursery_school": True, "early_years_kind": "private_nursery"},
    {"la_nursery_school": True, "early_years_kind": "childminder"},
    {"la_nursery_school": True, "early_years_kind": "other_early_years"},
    {"la_nursery_school": True, "work_setting": "other"},
    {"la_nursery_school": True, "employment_type": "virtual_school"},
    {"la_nursery_school": True, "work_setting": "school", "eligible_establishment": False},
    {"on_childminder_list": True, "work_setting": "school"},
    {"on_childminder_list": True, "employment_type": "itt_lead_mentor"},
    {"cohort": "spring_2026", "cohort_funded": True},
]


@pytest.mark.parametrize("situation", CONTRADICTIONS)
def test_answers_that_contradict_each_other_are_refused(situation: Situation) -> None:
    decision = RULES.decide({"course": "NPQH", "works_in_england": True, **situation})
    assert decision.outcome is None
    assert decision.needs == ()
    assert "contradicts" in str(decision.error)
    assert "Allowed here" in str(decision.error)
    assert any(name in str(decision.error) for name in situation)


@pytest.mark.parametrize(
    "situation",
    [
        {
            "work_setting": "early_years",
            "early_years_kind": "la_maintained_nursery",
            "la_nursery_school": True,
        },
        {"work_setting": "early_years", "early_years_kind": None, "la_nursery_school": True},
        # a pre-school whose workplace is registered as a nursery school: DfE's rules do not ask the kind
        {"work_setting": "early_years", "early_years_kind": "preschool_in_school", "la_nursery_school": True},
        {"work_setting": "school", "la_nursery_school": True, "eligible_establishment": True},
        # lists and types are facts about a place: irrelevant in early years, never contradictory
        {"work_setting": "early_years", "on_rise_list": True, "on_pp50_list": True},
        {"work_setting": "early_years", "eligible_establishment": False, "la_nursery_school": True},
        {"work_setting": "another_setting", "on_rise_list": True},
        {"work_setting": "other", "eligible_establishment": True},
        {"work_setting": "early_years", "early_years_kind": "private_nursery", "on_childminder_list": True},
        {"work_setting": "school", "rtta_referral": True},
        {"work_setting": "school", "new_headteacher": True, "course": "NPQH"},
        {"cohort": "spring_2026", "cohort_funded": False},
        {"cohort": "autumn_2026", "cohort_funded": False},
        {"cohort": "autumn_2025", "cohort_funded": True},
        {"cohort": "autumn_2025", "cohort_funded": False},
    ],
)
def test_answers_that_can_both_be_true_are_taken(situation: Situation) -> None:
    assert RULES.decide(situation).error is None


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_false_and_null_never_contradict(data: st.DataObject) -> None:
    empty = {
        name: data.draw(st.sampled_from([None, False] if item.values == [True, False] else [None]))
        for name, item in RULES.inputs.items()
    }
    setting = data.draw(st.sampled_from(RULES.inputs["work_setting"].values))
    assert RULES.decide({**empty, "work_setting": setting}).error is None


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_refused_are_exactly_the_situations_that_nobody_can_be_in(data: st.DataObject) -> None:
    """A situation is refused when it cannot be completed, and only then."""
    parts = {
        "work_setting": RULES.inputs["work_setting"].values,
        "early_years_kind": KINDS,
        "employment_type": JOBS,
    }
    for name in (
        "la_nursery_school",
        "on_childminder_list",
        "eligible_establishment",
        "itt_provider_approved",
    ):
        parts[name] = [True, False]
    situation = {name: data.draw(st.sampled_from([None, *values])) for name, values in parts.items()}
    can_be = possible(situation) and bool(places(situation))
    assert (RULES.decide(situation).error is None) == can_be


def test_a_follow_up_answer_tells_the_setting() -> None:
    base = {"works_in_england": True, "previously_funded": False}
    assert RULES.decide({**base, "course": "NPQEYL", "early_years_kind": "private_nursery"}).rule == "A10"
    assert RULES.decide({**base, "course": "NPQH", "employment_type": "virtual_school"}).rule == "A33"
