"""What is still needed: nothing that does not matter, and everything that does."""

import math
from typing import Any

import pytest
from funding_situations import RULES, Situation, complete, still_possible, that_matter, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

MOST_WAYS = 3000
HERE = {"works_in_england": True, "previously_funded": False}


def drop(situation: Situation, names: Any) -> Situation:
    return {name: value for name, value in situation.items() if name not in names}


@st.composite
def with_gaps(draw: st.DrawFn, most: int = 18) -> tuple[Situation, Situation]:
    """A situation with answers missing, and the same one complete."""
    whole = draw(complete())
    names = sorted(set(whole) - {"cohort"})
    missing = draw(st.lists(st.sampled_from(names), unique=True, max_size=most))
    return drop(whole, missing), whole


@settings(max_examples=300, deadline=None)
@given(with_gaps())
def test_answering_what_is_needed_gives_the_outcome(case: tuple[Situation, Situation]) -> None:
    partial, whole = case
    decision = RULES.decide(partial)
    assert decision.error is None
    assert (decision.outcome is None) == bool(decision.needs)
    assert not set(decision.needs) & {name for name, value in partial.items() if value is not None}
    answered = RULES.decide({**partial, **{name: whole[name] for name in decision.needs}})
    # an answer of null to a need can only be one that another answer made pointless
    assert answered.outcome == RULES.decide(whole).outcome
    assert answered.needs == ()


@settings(max_examples=300, deadline=None)
@given(with_gaps(most=6), st.data())
def test_any_answers_to_what_is_needed_give_an_outcome(case: tuple[Situation, Situation], data: st.DataObject) -> None:
    partial, _ = case
    needs = RULES.decide(partial).needs
    filled = dict(partial)
    for name in needs:
        usable = [value for value in values_of(name) if RULES.decide({**filled, name: value}).error is None]
        filled[name] = data.draw(st.sampled_from(usable))
    decision = RULES.decide(filled)
    left = {name for name in decision.needs if filled[name] is not None}
    assert not left
    # only a question answered with "does not apply" where it does may be asked again
    assert decision.outcome is not None or all(filled[name] is None for name in decision.needs)


@settings(max_examples=300, deadline=None)
@given(with_gaps())
def test_what_is_not_needed_never_changes_the_outcome(case: tuple[Situation, Situation]) -> None:
    partial, whole = case
    decision = RULES.decide(partial)
    if decision.outcome is not None:
        assert RULES.decide(whole).outcome == decision.outcome
    for name in set(whole) - {"cohort"}:
        without = RULES.decide(drop(whole, [name]))
        if name not in without.needs:
            assert without.outcome == RULES.decide(whole).outcome


@settings(max_examples=300, deadline=None)
@given(with_gaps(most=6))
def test_exactly_what_matters_is_needed(case: tuple[Situation, Situation]) -> None:
    partial, whole = case
    missing = [name for name in whole if partial.get(name) is None and name != "cohort_funded"]
    values = still_possible(partial, missing)
    if math.prod(map(len, values.values())) <= MOST_WAYS:
        assert set(RULES.decide(partial).needs) == that_matter(partial, values)


def test_knowing_nothing_needs_everything_that_the_table_asks_in_the_order_of_the_questions() -> None:
    assert RULES.decide({}).needs == (
        "course",
        "works_in_england",
        "new_headteacher",
        "work_setting",
        "early_years_kind",
        "la_nursery_school",
        "on_childminder_list",
        "eligible_establishment",
        "on_rise_list",
        "on_pp50_list",
        "employment_type",
        "itt_provider_approved",
        "rtta_referral",
        "previously_funded",
    )


@pytest.mark.parametrize(
    ("known", "needs"),
    [
        ({"works_in_england": False}, ()),
        ({"previously_funded": True}, ()),
        ({"cohort_funded": False}, ()),
        ({"cohort": "spring_2026"}, ()),
        ({"course": "EHCO"}, ("works_in_england", "new_headteacher", "previously_funded")),
        ({"course": "EHCO", **HERE}, ("new_headteacher",)),
        ({"course": "EHCO", "new_headteacher": False}, ()),
        (
            {"course": "NPQLT", "work_setting": "school", **HERE},
            ("eligible_establishment", "on_rise_list", "on_pp50_list"),
        ),
        ({"course": "NPQLT", "work_setting": "school", "on_rise_list": True, **HERE}, ()),
        ({"course": "NPQH", "work_setting": "school", **HERE}, ("eligible_establishment", "on_rise_list")),
        ({"course": "NPQH", "work_setting": "school", "eligible_establishment": True, **HERE}, ()),
        (
            {"course": "NPQEYL", "work_setting": "early_years", **HERE},
            ("early_years_kind", "on_childminder_list"),
        ),
        ({"course": "NPQEYL", "early_years_kind": "childminder", **HERE}, ("on_childminder_list",)),
        ({"course": "NPQEYL", "early_years_kind": "private_nursery", **HERE}, ()),
        ({"course": "NPQH", "early_years_kind": "private_nursery", **HERE}, ()),
        ({"course": "NPQH", "early_years_kind": "la_maintained_nursery", **HERE}, ("la_nursery_school",)),
        (
            {"course": "NPQEYL", "work_setting": "early_years", "la_nursery_school": True, **HERE},
            (),
        ),
        ({"course": "NPQH", "work_setting": "another_setting", **HERE}, ("employment_type",)),
        ({"course": "NPQEYL", "work_setting": "another_setting", **HERE}, ()),
        ({"course": "NPQLTD", "employment_type": "itt_lead_mentor", **HERE}, ("itt_provider_approved",)),
        ({"course": "NPQLL", "work_setting": "other", **HERE}, ("rtta_referral",)),
        (
            {"cohort": "autumn_2025", "course": "NPQEYL", "early_years_kind": "private_nursery", **HERE},
            ("on_disadvantaged_ey_list",),
        ),
    ],
)
def test_what_is_needed_when_some_things_are_known(known: Situation, needs: tuple[str, ...]) -> None:
    decision = RULES.decide(known)
    assert decision.error is None
    assert decision.needs == needs
    assert (decision.outcome is None) == bool(needs)


def test_the_rule_named_with_answers_missing_is_one_that_surely_holds() -> None:
    decision = RULES.decide({"previously_funded": True})
    assert (decision.outcome, decision.rule) == ("not_funded", "A03")
    decision = RULES.decide({"course": "NPQEYL", "work_setting": "another_setting", **HERE})
    assert (decision.outcome, decision.rule) == ("not_funded", "A34")
