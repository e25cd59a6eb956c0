"""What the tables say for people as they come: one line a person."""

import re
from typing import Any

import pytest
from funding_situations import RULES

SCHOOL = {
    "works_in_england": True,
    "previously_funded": False,
    "new_headteacher": False,
    "work_setting": "school",
    "eligible_establishment": True,
    "on_rise_list": False,
    "on_pp50_list": False,
}
LISTED = {**SCHOOL, "on_pp50_list": True}
RISE = {**SCHOOL, "on_rise_list": True}
INDEPENDENT = {**SCHOOL, "eligible_establishment": False}
HERE = {"works_in_england": True, "previously_funded": False}
EARLY = {**HERE, "work_setting": "early_years", "la_nursery_school": False, "on_childminder_list": False}
PRIVATE = {**EARLY, "early_years_kind": "private_nursery"}
CHILDMINDER = {**EARLY, "early_years_kind": "childminder"}
NURSERY_SCHOOL = {**EARLY, "early_years_kind": "la_maintained_nursery", "la_nursery_school": True}
PRESCHOOL = {**EARLY, "early_years_kind": "preschool_in_school"}
ANOTHER = {**HERE, "work_setting": "another_setting", "itt_provider_approved": False}
VIRTUAL = {**ANOTHER, "employment_type": "virtual_school"}
MENTOR = {**ANOTHER, "employment_type": "itt_lead_mentor"}
OTHER = {**HERE, "work_setting": "other", "rtta_referral": False}
OF_2025 = {"cohort": "autumn_2025", "on_disadvantaged_ey_list": False, "on_la_nursery_list": False}

# who, course, outcome, rule
AUTUMN_2026 = [
    (SCHOOL, "NPQH", "funded", "A25"),
    (SCHOOL, "NPQSENCO", "funded", "A25"),
    (SCHOOL, "NPQS", "funded", "A25"),  # as some write NPQSENCO
    (SCHOOL, "NPQSL", "funded", "A25"),
    (SCHOOL, "NPQEYL", "funded", "A22"),
    (SCHOOL, "NPQLT", "not_funded", "A24"),
    (SCHOOL, "NPQLTD", "not_funded", "A24"),
    (SCHOOL, "NPQLBC", "not_funded", "A24"),
    (SCHOOL, "NPQLL", "not_funded", "A24"),
    (SCHOOL, "NPQLPM", "not_funded", "A24"),
    (SCHOOL, "NPQEL", "not_funded", "A24"),
    (LISTED, "NPQLT", "funded", "A23"),
    (LISTED, "NPQLPM", "funded", "A23"),
    (LISTED, "NPQEL", "funded", "A23"),
    ({**LISTED, "work_setting": "sixteen_to_nineteen"}, "NPQLBC", "funded", "A23"),
    ({**SCHOOL, "work_setting": "academy_trust"}, "NPQEL", "not_funded", "A24"),
    (RISE, "NPQLL", "funded", "A20"),
    ({**RISE, "eligible_establishment": False}, "NPQLL", "funded", "A20"),
    (INDEPENDENT, "NPQH", "not_funded", "A21"),
    (INDEPENDENT, "NPQEYL", "not_funded", "A21"),
    ({**SCHOOL, "la_nursery_school": True}, "NPQSL", "funded", "A25"),
    ({**SCHOOL, "new_headteacher": True}, "EHCO", "funded", "A04"),
    ({**INDEPENDENT, "new_headteacher": True}, "EHCO", "funded", "A04"),
    (SCHOOL, "EHCO", "not_funded", "A05"),
    ({**SCHOOL, "works_in_england": False}, "NPQH", "not_funded", "A02"),
    ({**SCHOOL, "previously_funded": True}, "NPQH", "not_funded", "A03"),
    ({**RISE, "previously_funded": True}, "NPQLT", "not_funded", "A03"),
    ({**SCHOOL, "cohort_funded": False}, "NPQH", "not_funded", "A01"),
    ({**SCHOOL, "cohort": "autumn_2026", "cohort_funded": False}, "NPQH", "not_funded", "A01"),
    ({**SCHOOL, "cohort": None, "cohort_funded": None}, "NPQH", "funded", "A25"),
    (PRIVATE, "NPQEYL", "funded", "A10"),
    (PRIVATE, "NPQH", "not_funded", "A14"),
    (PRESCHOOL, "NPQEYL", "funded", "A10"),
    (PRESCHOOL, "NPQSENCO", "not_funded", "A14"),
    ({**PRESCHOOL, "on_pp50_list": True, "on_rise_list": True}, "NPQLT", "not_funded", "A14"),
    ({**EARLY, "early_years_kind": "other_early_years"}, "NPQEYL", "funded", "A10"),
    (CHILDMINDER, "NPQEYL", "not_funded", "A12"),
    ({**CHILDMINDER, "on_childminder_list": True}, "NPQEYL", "funded", "A11"),
    ({**CHILDMINDER, "on_childminder_list": True}, "NPQSENCO", "not_funded", "A14"),
    (NURSERY_SCHOOL, "NPQEYL", "funded", "A10"),
    (NURSERY_SCHOOL, "NPQH", "funded", "A13"),
    (NURSERY_SCHOOL, "NPQSL", "funded", "A13"),
    (NURSERY_SCHOOL, "NPQLT", "not_funded", "A14"),
    (VIRTUAL, "NPQH", "in_review", "A33"),
    (VIRTUAL, "NPQSL", "in_review", "A33"),
    (VIRTUAL, "NPQLT", "not_funded", "A34"),
    ({**VIRTUAL, "employment_type": "hospital_education"}, "NPQSENCO", "in_review", "A33"),
    ({**VIRTUAL, "employment_type": "young_offender_institution"}, "NPQEYL", "not_funded", "A34"),
    ({**VIRTUAL, "employment_type": "la_teacher_multi_school"}, "NPQSENCO", "in_review", "A33"),
    (MENTOR, "NPQLTD", "not_funded", "A31"),
    ({**MENTOR, "itt_provider_approved": True}, "NPQLTD", "funded", "A30"),
    ({**MENTOR, "itt_provider_approved": True}, "NPQH", "not_funded", "A32"),
    (OTHER, "NPQH", "not_funded", "A99"),
    ({**OTHER, "rtta_referral": True}, "NPQLT", "in_review", "A40"),
    ({**OTHER, "new_headteacher": True}, "EHCO", "funded", "A04"),
]

SPRING_2026 = [
    ({**RISE, "cohort": "spring_2026"}, "NPQH", "not_funded", "S01"),
    ({"cohort": "spring_2026", "cohort_funded": False}, "NPQH", "not_funded", "S01"),
]

AUTUMN_2025 = [
    ({**SCHOOL, **OF_2025}, "NPQH", "funded", "B24"),
    ({**SCHOOL, **OF_2025}, "NPQSENCO", "funded", "B24"),
    ({**SCHOOL, **OF_2025}, "NPQSL", "not_funded", "B23"),
    ({**SCHOOL, **OF_2025}, "NPQEYL", "not_funded", "B23"),
    ({**LISTED, **OF_2025}, "NPQSL", "funded", "B22"),
    ({**RISE, **OF_2025}, "NPQLPM", "funded", "B20"),
    ({**INDEPENDENT, **OF_2025}, "NPQH", "not_funded", "B21"),
    ({**SCHOOL, **OF_2025, "new_headteacher": True}, "EHCO", "funded", "B03"),
    ({**PRIVATE, **OF_2025}, "NPQEYL", "not_funded", "B17"),
    ({**PRIVATE, **OF_2025, "on_disadvantaged_ey_list": True}, "NPQEYL", "funded", "B16"),
    ({**PRIVATE, **OF_2025}, "NPQH", "not_funded", "B18"),
    ({**NURSERY_SCHOOL, **OF_2025}, "NPQH", "not_funded", "B11"),
    ({**NURSERY_SCHOOL, **OF_2025, "on_la_nursery_list": True}, "NPQH", "funded", "B10"),
    ({**NURSERY_SCHOOL, **OF_2025}, "NPQSL", "not_funded", "B12"),
    ({**CHILDMINDER, **OF_2025}, "NPQEYL", "not_funded", "B14"),
    ({**CHILDMINDER, **OF_2025, "on_childminder_list": True}, "NPQEYL", "funded", "B13"),
    ({**VIRTUAL, **OF_2025}, "NPQSL", "not_funded", "B34"),
    ({**VIRTUAL, **OF_2025}, "NPQH", "in_review", "B33"),
    ({**OTHER, **OF_2025, "rtta_referral": True}, "NPQH", "in_review", "B40"),
    ({**OTHER, **OF_2025}, "NPQH", "not_funded", "B99"),
]


@pytest.mark.parametrize(("who", "course", "outcome", "rule"), [*AUTUMN_2026, *SPRING_2026, *AUTUMN_2025])
def test_a_person_gets_the_outcome_of_the_table(who: dict[str, Any], course: str, outcome: str, rule: str) -> None:
    decision = RULES.decide({**who, "course": course})
    assert (decision.outcome, decision.rule) == (outcome, rule), decision
    assert decision.needs == ()
    assert decision.error is None


def test_every_funded_reason_says_who_decides_and_that_no_place_is_promised() -> None:
    for table in RULES.tables.values():
        for rule in range(len(table.rules)):
            told = table.told(rule)
            assert told.reason
            if told.outcome == "funded":
                once = "DfE decided when people registered" if table.table.closed else "DfE decides when you register"
                assert once in told.reason
                assert re.search("a funded place (is|was) not guaranteed", told.reason)
            if told.outcome == "in_review":
                assert "not guaranteed" in told.reason


def test_no_reason_tells_people_that_they_are_eligible() -> None:
    texts = [table.told(rule).reason for table in RULES.tables.values() for rule in range(len(table.rules))]
    assert not [text for text in texts if "you are eligible" in str(text).lower()]


def test_a_closed_intake_says_that_it_is_closed() -> None:
    decision = RULES.decide({**SCHOOL, **OF_2025, "course": "NPQH"})
    assert "has closed" in str(decision.reason)
    assert "can be funded" not in str(decision.reason)


def test_a_course_that_has_ended_is_never_told_as_on_offer() -> None:
    reason = str(RULES.decide({**SCHOOL, "course": "ASO"}).reason)
    assert "ended in 2022" in reason
    assert "can be funded" not in reason


def test_the_thirty_eligible_types() -> None:
    assert len(RULES.data.establishment_types.types) == 30
    assert RULES.eligible_type("15")
    assert RULES.eligible_type("10")
    assert not RULES.eligible_type("11")
