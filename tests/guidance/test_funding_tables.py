"""The tables are total, every rule is reached, and they agree with the facts they were written from."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from funding_situations import RULES, SCHOOL_ROUTE, TABLES, Situation, complete, every
from hypothesis import given
from hypothesis import settings as effort

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "funding_rules.yml"
needs_facts = pytest.mark.skipif(
    not FACTS.exists(), reason=f"the facts file {FACTS} is not part of this repository and is not here"
)


def facts() -> Any:
    return yaml.safe_load(FACTS.read_text(encoding="utf-8"))


def elsewhere(work_setting: str) -> list[str]:
    """The inputs that are asked only of people in other settings."""
    asked = {
        "early_years": ["early_years_kind", "la_nursery_school", "on_childminder_list"],
        "school": ["eligible_establishment", "on_rise_list", "on_pp50_list"],
        "another_setting": ["employment_type", "itt_provider_approved"],
        "other": ["rtta_referral"],
    }
    here = "school" if work_setting in SCHOOL_ROUTE else work_setting
    return [name for setting, names in asked.items() if setting != here for name in names]


class Interpreter:
    """The facts file read as its first lines say: top to bottom, first match wins."""

    def __init__(self) -> None:
        data = facts()
        self.tables = {name: data["tables"][name]["rules"] for name in TABLES}
        codes = {code: item for code, item in data["status_codes"].items() if isinstance(item, dict)}
        self.outcomes = {code: item["outcome"] for code, item in codes.items()}
        # named by rule B17, and in the facts only among the codes retired since
        self.outcomes["not_entitled_ey_institution"] = "not_funded"

    def decide(self, situation: Situation) -> tuple[str, str, str]:
        cohort = situation["cohort"]
        known = dict(situation)
        if known.get("cohort_funded") is None:
            known["cohort_funded"] = cohort != "spring_2026"
        for rule in self.tables[cohort]:
            if all(self._holds(known.get(name), wanted) for name, wanted in rule["when"].items()):
                return self.outcomes[rule["code"]], rule["code"], rule["id"]
        raise AssertionError("no rule holds")

    @staticmethod
    def _holds(value: Any, wanted: Any) -> bool:
        return value in wanted if isinstance(wanted, list) else value == wanted


@pytest.mark.parametrize("cohort", TABLES)
def test_every_rule_is_reached_and_every_situation_has_an_outcome(cohort: str) -> None:
    reached: Counter[str] = Counter()
    for situation in every(cohort):
        decision = RULES.decide(situation)
        assert decision.outcome is not None, (situation, decision)
        assert decision.error is None
        assert decision.needs == ()
        reached[str(decision.rule)] += 1
    assert set(reached) == {rule.id for rule in RULES.tables[cohort].table.rules}


@given(complete())
def test_a_situation_with_every_answer_has_an_outcome_with_a_reason(situation: Situation) -> None:
    decision = RULES.decide(situation)
    assert decision.outcome in ("funded", "in_review", "not_funded"), decision
    assert decision.code
    assert decision.rule
    assert decision.reason
    assert decision.error is None
    assert decision.needs == ()


@needs_facts
@pytest.mark.parametrize("cohort", TABLES)
def test_the_outcome_of_every_situation_is_that_of_the_facts(cohort: str) -> None:
    interpreter = Interpreter()
    seen = 0
    for situation in every(cohort):
        decision = RULES.decide(situation)
        assert (decision.outcome, decision.code, decision.rule) == interpreter.decide(situation), situation
        seen += 1
    assert seen > 4000


@needs_facts
def test_the_outcome_of_random_situations_is_that_of_the_facts() -> None:
    interpreter = Interpreter()

    @effort(max_examples=500, deadline=None)
    @given(complete())
    def agree(situation: Situation) -> None:
        decision = RULES.decide(situation)
        assert (decision.outcome, decision.code, decision.rule) == interpreter.decide(situation)

    agree()


@needs_facts
def test_what_does_not_apply_may_be_null_or_false_or_left_out() -> None:
    """A scenario table fills every column; what is in the irrelevant ones must not matter."""
    interpreter = Interpreter()
    for situation in every("autumn_2026"):
        if situation["cohort_funded"] is False:
            continue
        wanted = interpreter.decide(situation)[0]
        for row in (
            {name: value for name, value in situation.items() if value is not None},
            {name: value for name, value in situation.items() if name != "cohort"},
            {**situation, "cohort_funded": True},
            {**situation, **dict.fromkeys(elsewhere(situation["work_setting"]))},
        ):
            decision = RULES.decide(row)
            assert (decision.outcome, decision.error) == (wanted, None), row


@needs_facts
def test_inputs_codes_and_types_are_those_of_the_facts() -> None:
    data = facts()
    inputs = RULES.inputs
    assert set(data["inputs"]) <= set(inputs)
    for name, values in data["inputs"].items():
        if isinstance(values, list):
            assert inputs[name].values == values
        elif name != "course":
            assert inputs[name].values == [True, False]
    assert set(inputs["course"].values) == set(data["courses"])
    codes = {code.id: code.outcome for code in RULES.data.codes}
    for code, item in data["status_codes"].items():
        if code != "retired_codes_seen_before_2026":
            assert codes[code] == item["outcome"]
    types = {key for key in data["eligible_establishment_types"] if key != "note"}
    assert set(RULES.data.establishment_types.types) == types


@needs_facts
def test_every_period_of_the_facts_has_a_table_or_a_statement() -> None:
    told = {table.id for table in RULES.data.tables} | {item.period for item in RULES.data.statements}
    assert set(facts()["tables"]) <= told
