"""Situations for the funding tests, made without the code under test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from guidance.funding import Rules, load_rules
from guidance.knowledge import knowledge_folder

Situation = dict[str, Any]

RULES: Rules = load_rules(knowledge_folder())
COURSES = [
    *("NPQLT", "NPQLTD", "NPQLBC", "NPQLL", "NPQLPM"),
    *("NPQSL", "NPQH", "NPQEL", "NPQEYL", "NPQSENCO", "EHCO", "ASO"),
]
SCHOOL_ROUTE = ["school", "academy_trust", "sixteen_to_nineteen"]
SETTINGS = ["early_years", *SCHOOL_ROUTE, "another_setting", "other"]
IN_A_SCHOOL = ["la_maintained_nursery", "preschool_in_school"]
KINDS = [*IN_A_SCHOOL, "private_nursery", "childminder", "other_early_years"]
JOBS = [
    *("virtual_school", "hospital_education", "young_offender_institution"),
    *("la_teacher_multi_school", "itt_lead_mentor"),
]
YES_NO = [True, False]
TABLES = ["autumn_2026", "spring_2026", "autumn_2025"]
LISTS_2025 = ["on_la_nursery_list", "on_disadvantaged_ey_list"]
LISTS = ["on_rise_list", "eligible_establishment", "on_pp50_list", *LISTS_2025]

PERSON: dict[str, list[Any]] = {
    "works_in_england": YES_NO,
    "previously_funded": YES_NO,
    "course": COURSES,
    "new_headteacher": YES_NO,
}


def possible(situation: Situation) -> bool:
    """Whether one registration can have all these answers."""
    where, kind = situation.get("work_setting"), situation.get("early_years_kind")
    job, nursery = situation.get("employment_type"), situation.get("la_nursery_school")
    if where is not None:
        if kind and where != "early_years":
            return False
        if job and where != "another_setting":
            return False
        if nursery and where in ("another_setting", "other"):
            return False
        if nursery and where in SCHOOL_ROUTE and situation.get("eligible_establishment") is False:
            return False
        if situation.get("on_childminder_list") and where != "early_years":
            return False
    return not (nursery and kind and kind not in IN_A_SCHOOL)


def finished(situation: Situation) -> bool:
    """Whether every question that applies is answered."""
    where = situation["work_setting"]
    return (situation["early_years_kind"] is not None) == (where == "early_years") and (
        situation["employment_type"] is not None
    ) == (where == "another_setting")


def _product(choices: dict[str, list[Any]]) -> Iterator[Situation]:
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values, strict=True))


def settings(cohort: str) -> Iterator[Situation]:
    """Every place of work that this cohort's table can tell apart; what does not apply is null or false."""
    nothing: Situation = {
        **dict.fromkeys(("early_years_kind", "employment_type")),
        **dict.fromkeys(("la_nursery_school", "on_childminder_list", *LISTS), False),
        **dict.fromkeys(("itt_provider_approved", "rtta_referral"), False),
    }
    early = {"early_years_kind": KINDS, "la_nursery_school": YES_NO, "on_childminder_list": YES_NO}
    if cohort == "autumn_2025":
        early.update(dict.fromkeys(LISTS_2025, YES_NO))
    school = {"work_setting": SCHOOL_ROUTE, **dict.fromkeys(LISTS[:3], YES_NO)}
    another = {"employment_type": JOBS, "itt_provider_approved": YES_NO}
    for found in (
        *({"work_setting": "early_years", **item} for item in _product(early)),
        *_product(school),
        *({"work_setting": "another_setting", **item} for item in _product(another)),
        *({"work_setting": "other", **item} for item in _product({"rtta_referral": YES_NO})),
    ):
        if possible(found):
            yield {**nothing, **found}


def every(cohort: str) -> Iterator[Situation]:
    """Every situation that this cohort's table can tell apart."""
    funded = YES_NO if cohort == "autumn_2026" else [None]
    for place in settings(cohort):
        for person in _product(PERSON):
            for value in funded:
                yield {"cohort": cohort, "cohort_funded": value, **person, **place}


@st.composite
def complete(draw: st.DrawFn, cohort: str | None = None) -> Situation:
    """A situation with every question that applies answered, and any list membership."""
    found: Situation = {"cohort": cohort or draw(st.sampled_from(TABLES))}
    found.update({name: draw(st.sampled_from(values)) for name, values in PERSON.items()})
    found["work_setting"] = where = draw(st.sampled_from(SETTINGS))
    found.update({name: draw(st.booleans()) for name in (*LISTS, "rtta_referral")})
    found["early_years_kind"] = kind = draw(st.sampled_from(KINDS)) if where == "early_years" else None
    found["employment_type"] = job = draw(st.sampled_from(JOBS)) if where == "another_setting" else None
    nursery = kind in IN_A_SCHOOL or (where in SCHOOL_ROUTE and found["eligible_establishment"])
    found["la_nursery_school"] = bool(nursery) and draw(st.booleans())
    found["on_childminder_list"] = where == "early_years" and draw(st.booleans())
    found["itt_provider_approved"] = job == "itt_lead_mentor" and draw(st.booleans())
    assert possible(found)
    return found


def values_of(name: str) -> list[Any]:
    """The values an input can have, null where it may not apply."""
    known: dict[str, list[Any]] = {
        **PERSON,
        "work_setting": SETTINGS,
        "early_years_kind": [*KINDS, None],
        "employment_type": [*JOBS, None],
    }
    return known.get(name, YES_NO)


PLACE = [
    *("work_setting", "early_years_kind", "employment_type", "la_nursery_school"),
    *("on_childminder_list", "eligible_establishment", "itt_provider_approved"),
]


def places(situation: Situation) -> list[Situation]:
    """Every way to answer the questions about the place of work that are still open."""
    missing = [name for name in PLACE if situation.get(name) is None]
    whole = ({**situation, **way} for way in _product({name: values_of(name) for name in missing}))
    return [found for found in whole if possible(found) and finished(found)]


def still_possible(situation: Situation, missing: list[str]) -> dict[str, list[Any]]:
    """For each missing input the values that go with what is given; null only where no value does."""
    ways = places(situation)
    found = {}
    for name in missing:
        values = list(dict.fromkeys(way[name] for way in ways)) if name in PLACE else values_of(name)
        found[name] = [value for value in values if value is not None] or [None]
    return found


def first_match(situation: Situation) -> str:
    """The outcome by reading the table of the funding file from top to bottom."""
    data = RULES.data
    table = next(table for table in data.tables if table.id == situation["cohort"])
    known = {**situation}
    if known.get("cohort_funded") is None:
        known["cohort_funded"] = table.funded
    for rule in table.rules:
        if all(known.get(name) in data.spread(values) for name, values in rule.when.items()):
            return next(code.outcome for code in data.codes if code.id == rule.code)
    raise AssertionError("no rule holds")


def that_matter(situation: Situation, possible_values: dict[str, list[Any]]) -> set[str]:
    """By trying everything: the inputs whose change alone gives another outcome somewhere."""
    names = list(possible_values)
    outcomes: dict[str, dict[tuple[Any, ...], set[str]]] = {name: {} for name in names}
    for way in _product(possible_values):
        outcome = first_match({**situation, **way})
        for name in names:
            rest = tuple(way[other] for other in names if other != name)
            outcomes[name].setdefault(rest, set()).add(outcome)
    return {name for name in names if any(len(found) > 1 for found in outcomes[name].values())}
