"""Which NPQ suits whom: what comes first, what instead, and what is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidance.knowledge import Knowledge, current
from guidance.recommend import Profile, recommend
from guidance.recommend.model import KINDS, Condition, Rule

TODAY = date(2026, 11, 21)
FIELDS = {"role": "roles", "setting": "settings", "phase": "phases", "aim": "aims", "experience": "experience"}
ALL_ASKED = ("one", "two", "three")
BUBBLE = 60

# roles, what else is known -> first choice, alternative
DECIDED: dict[str, tuple[Profile, str | None, str | None]] = {
    "second in department": (Profile(roles=("second_in_department",)), "NPQLT", "NPQLTD"),
    "KS3 lead who is also pastoral": (
        Profile(roles=("key_stage_lead", "head_of_year"), phases=("secondary",)),
        "NPQLBC",
        "NPQLT",
    ),
    "SENCO": (Profile(roles=("senco",)), "NPQSENCO", "NPQSL"),
    "SENCO on SLT": (Profile(roles=("senco_slt",)), "NPQSENCO", "NPQSL"),
    "SENCO and senior leader": (Profile(roles=("senior_leader", "senco")), "NPQSENCO", "NPQSL"),
    "SENCO and assistant head": (Profile(roles=("senco", "assistant_head")), "NPQSENCO", "NPQSL"),
    "assistant head and SENCO": (Profile(roles=("assistant_head", "senco")), "NPQSENCO", "NPQSL"),
    "new SENCO": (Profile(roles=("senco",), experience=("new_in_post",)), "NPQSENCO", "NPQSL"),
    "SENCO who wants to be a head": (Profile(roles=("senco",), aims=("headship",)), "NPQSENCO", "NPQH"),
    "SENCO with NASENCO": (Profile(roles=("senco",), experience=("has_nasenco",)), "NPQSL", "NPQLBC"),
    "SENCO with the NPQ": (Profile(roles=("senco_slt",), experience=("has_npqsenco",)), "NPQSL", "NPQLBC"),
    "SENCO in an independent school": (Profile(roles=("senco",), settings=("independent",)), "NPQSENCO", "NPQSL"),
    "teaching head and SENCO": (Profile(roles=("headteacher", "senco")), "NPQSENCO", "NPQH"),
    "SENCO and pastoral lead": (Profile(roles=("head_of_year", "senco")), "NPQSENCO", "NPQLBC"),
    "aspiring SENCO": (Profile(roles=("aspiring_senco",)), "NPQSENCO", "NPQLBC"),
    "teacher who wants to be a SENCO": (
        Profile(roles=("class_teacher",), aims=("become_senco",)),
        "NPQSENCO",
        "NPQLBC",
    ),
    "head of year": (Profile(roles=("head_of_year",)), "NPQLBC", "NPQLT"),
    "DSL and head of year": (Profile(roles=("dsl", "head_of_year")), "NPQLBC", "NPQLT"),
    "KS1 phase leader": (Profile(roles=("phase_leader",), phases=("primary",)), "NPQLT", "NPQSL"),
    "EYFS lead in a primary": (Profile(roles=("eyfs_lead",), phases=("primary",)), "NPQEYL", "NPQLT"),
    "EYFS lead and phase leader": (Profile(roles=("phase_leader", "eyfs_lead")), "NPQEYL", "NPQLT"),
    "phase leader of EYFS and KS1": (
        Profile(roles=("phase_leader",), phases=("early_years", "primary")),
        "NPQLT",
        "NPQEYL",
    ),
    "ECT": (Profile(roles=("ect",)), "NPQLT", "NPQLBC"),
    "teaching assistant": (Profile(roles=("ta",)), "NPQLBC", "NPQLL"),
    "school business manager": (Profile(roles=("sbm",)), "NPQSL", "NPQEL"),
    "executive head": (Profile(roles=("executive_head",)), "NPQEL", "NPQH"),
    "trust chief executive": (Profile(roles=("trust_ceo",), settings=("trust",)), "NPQEL", None),
    "PRU head of two sites": (Profile(roles=("pru_head", "two_site_head")), "NPQH", "NPQEL"),
    "head of two sites, in a PRU": (Profile(roles=("two_site_head",), settings=("pru",)), "NPQH", "NPQEL"),
    "head of two schools": (Profile(roles=("two_site_head",)), "NPQEL", "NPQH"),
    "nursery manager": (Profile(roles=("nursery_manager",)), "NPQEYL", None),
    "head of a nursery school": (Profile(roles=("headteacher",), settings=("nursery_maintained",)), "NPQEYL", "NPQH"),
    "childminder": (Profile(roles=("childminder",), settings=("childminder",)), "NPQEYL", None),
    "lead mentor": (Profile(roles=("itt_lead_mentor",), settings=("itt_provider",)), "NPQLTD", "NPQLT"),
    "ITT mentor": (Profile(roles=("ect_mentor",)), "NPQLTD", "NPQLT"),
    "head of department who mentors": (Profile(roles=("ect_mentor", "head_of_department")), "NPQLT", "NPQLTD"),
    "maths mastery lead in primary": (Profile(roles=("maths_mastery_lead",), phases=("primary",)), "NPQLPM", "NPQLTD"),
    "maths mastery lead in secondary": (
        Profile(roles=("maths_mastery_lead",), phases=("secondary",)),
        "NPQLT",
        "NPQLTD",
    ),
    "maths lead": (Profile(roles=("maths_lead",)), "NPQLPM", "NPQLT"),
    "maths lead without mastery": (Profile(roles=("maths_lead",), experience=("no_mastery",)), "NPQLT", "NPQLTD"),
    "deputy and maths lead": (Profile(roles=("deputy_head", "maths_lead")), "NPQH", "NPQLPM"),
    "deputy who wants to be a head": (Profile(roles=("deputy_head",), aims=("headship",)), "NPQH", "NPQSL"),
    "head of department who wants to be a head": (
        Profile(roles=("head_of_department",), aims=("headship",)),
        "NPQSL",
        "NPQH",
    ),
    "head of department who wants SLT": (
        Profile(roles=("head_of_department",), aims=("senior_leadership",)),
        "NPQSL",
        "NPQLT",
    ),
    "aspiring executive head": (Profile(roles=("executive_head",), aims=("executive",)), "NPQEL", "NPQH"),
    "deputy who wants to be an executive head": (
        Profile(roles=("deputy_head", "executive_head"), aims=("executive",)),
        "NPQH",
        "NPQEL",
    ),
    "told to, second in department": (Profile(roles=("second_in_department",), aims=("told",)), "NPQLT", "NPQLTD"),
    "attendance lead": (Profile(roles=("attendance_lead",)), "NPQLBC", "NPQSL"),
    "behaviour lead": (Profile(roles=("behaviour_lead",)), "NPQLBC", "NPQSL"),
    "assistant head for behaviour": (Profile(roles=("behaviour_lead", "assistant_head")), "NPQSL", "NPQLBC"),
    "literacy lead in secondary": (Profile(roles=("literacy_lead",), phases=("secondary",)), "NPQLL", "NPQLT"),
    "literacy lead and phase leader": (Profile(roles=("phase_leader", "literacy_lead")), "NPQLL", "NPQLT"),
    "CPD lead": (Profile(roles=("teacher_developer",)), "NPQLTD", "NPQSL"),
    "safeguarding lead": (Profile(roles=("dsl",)), "NPQLBC", "NPQSL"),
    "governor": (Profile(roles=("governor",)), None, None),
    "governor and deputy": (Profile(roles=("governor", "deputy_head")), "NPQH", "NPQSL"),
    "supply teacher": (Profile(roles=("supply_teacher",), settings=("supply_agency",)), "NPQLT", "NPQLBC"),
    "adviser": (Profile(roles=("adviser",), settings=("la_employed",)), "NPQEL", "NPQLTD"),
    "college lecturer": (Profile(roles=("fe_lecturer",), settings=("fe_college",)), "NPQLT", "NPQLTD"),
    "assistant head new in post": (Profile(roles=("assistant_head",), experience=("new_in_post",)), "NPQSL", "NPQH"),
    "deputy": (Profile(roles=("deputy_head",)), "NPQH", "NPQSL"),
    "experienced head": (Profile(roles=("headteacher",), experience=("experienced_head",)), "NPQEL", "NPQH"),
    "new head": (Profile(roles=("new_headteacher",)), "NPQH", "EHCO"),
    "new head who wants support": (
        Profile(roles=("new_headteacher",), aims=("headship_support",)),
        "EHCO",
        "NPQH",
    ),
    "new head with NPQH": (Profile(roles=("new_headteacher",), experience=("has_npqh",)), "EHCO", None),
    "experienced head who wants support": (
        Profile(roles=("headteacher",), aims=("headship_support",), experience=("experienced_head",)),
        "NPQEL",
        "NPQH",
    ),
    "head of school": (Profile(roles=("head_of_school",)), "NPQH", "NPQEL"),
    "SEN teacher": (Profile(roles=("assistant_senco",)), "NPQSENCO", "NPQLBC"),
    "EAL lead": (Profile(roles=("pupil_premium_lead",)), "NPQSL", "NPQLBC"),
    "subject leader in primary": (Profile(roles=("subject_lead",), phases=("primary",)), "NPQLT", "NPQLTD"),
    "head of sixth form": (Profile(roles=("head_of_sixth_form",)), "NPQSL", "NPQLT"),
    "exams officer": (Profile(roles=("data_manager",)), "NPQSL", None),
    "assistant head with NPQSL": (Profile(roles=("assistant_head",), experience=("has_npqsl",)), "NPQH", None),
    "chief executive with NPQEL": (Profile(roles=("trust_ceo",), experience=("has_npqel",)), None, None),
    "stays in the classroom": (Profile(roles=("class_teacher",), aims=("develop_teaching",)), "NPQLT", None),
}

ASKED: dict[str, tuple[Profile, tuple[str, ...]]] = {
    "nothing known": (Profile(), ("role", "responsibility", "aim")),
    "told to do one": (Profile(aims=("told",)), ("role", "responsibility")),
    "told to by the headteacher": (Profile(roles=("headteacher",), aims=("told",)), ("role", "responsibility")),
    "wants to be a head": (Profile(aims=("headship",)), ("role",)),
    "class teacher": (Profile(roles=("class_teacher",)), ("aim",)),
    "teacher in an independent school": (Profile(roles=("class_teacher",), settings=("independent",)), ("aim",)),
    "middle leader": (Profile(roles=("middle_leader",)), ("responsibility",)),
    "headteacher": (Profile(roles=("headteacher",)), ("experience",)),
}


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return current()


@pytest.mark.parametrize(("profile", "first", "alternative"), DECIDED.values(), ids=DECIDED)
def test_what_suits(profile: Profile, first: str | None, alternative: str | None, known: Knowledge) -> None:
    decision = recommend(profile, known, TODAY)
    assert decision.decided
    assert (decision.first, decision.alternative) == (first, alternative)
    assert decision.why
    assert bool(decision.alternative) == bool(decision.why_alternative)
    assert not set(decision.programmes) & {code for code, _ in decision.why_not}
    assert all(fact.source and fact.certainty for fact in decision.facts)


@pytest.mark.parametrize(("profile", "needs"), ASKED.values(), ids=ASKED)
def test_what_is_asked(profile: Profile, needs: tuple[str, ...], known: Knowledge) -> None:
    decision = recommend(profile, known, TODAY)
    assert decision.needs == needs
    assert [question.id for question in decision.asks] == list(needs)
    assert decision.first is None


@pytest.mark.parametrize(("profile", "needs"), ASKED.values(), ids=ASKED)
def test_after_three_questions_it_decides(profile: Profile, needs: tuple[str, ...], known: Knowledge) -> None:
    decision = recommend(replace(profile, asked=ALL_ASKED), known, TODAY)
    assert decision.decided
    assert decision.first


def test_two_candidates_come_with_what_decides_between_them(known: Knowledge) -> None:
    decision = recommend(Profile(asked=ALL_ASKED), known, TODAY)
    assert len(decision.programmes) == 2
    assert "whole school" in decision.decides
    assert decision.decides in decision.bubbles()[1]


TWO_JOBS = [
    (("senco", "assistant_head"), ("SENCO", "assistant head", "legal deadline")),
    (("key_stage_lead", "head_of_year"), ("key stage lead", "pastoral lead", "swap them")),
    (("dsl", "head_of_year"), ("safeguarding lead", "pastoral lead", "same course")),
    (("literacy_lead", "phase_leader"), ("literacy lead", "phase or year leader", "NPQ of its own")),
    (("headteacher", "senco"), ("headteacher", "SENCO", "legal deadline")),
    (("deputy_head", "maths_lead"), ("deputy head", "maths lead", "across the school")),
]


@pytest.mark.parametrize(("roles", "words"), TWO_JOBS)
def test_two_jobs_are_named_and_weighed(roles: tuple[str, ...], words: tuple[str, ...], known: Knowledge) -> None:
    for order in (roles, roles[::-1]):
        decision = recommend(Profile(roles=order), known, TODAY)
        assert all(word in decision.weighing for word in words)
        assert decision.weighing in decision.bubbles()[0]


def test_a_general_job_says_nothing_beside_a_particular_one(known: Knowledge) -> None:
    both = recommend(Profile(roles=("class_teacher", "maths_lead")), known, TODAY)
    assert both == recommend(Profile(roles=("maths_lead",)), known, TODAY)


def test_considered_programmes_are_answered(known: Knowledge) -> None:
    profile = Profile(roles=("head_of_department",), programmes=("LEGACY-NPQML", "NPQEL", "NPQLT"))
    why_not = dict(recommend(profile, known, TODAY).why_not)
    assert "ended" in why_not["LEGACY-NPQML"]
    assert "several schools" in why_not["NPQEL"]
    assert "NPQLT" not in why_not


def test_what_they_have_is_named_not_recommended(known: Knowledge) -> None:
    decision = recommend(Profile(roles=("assistant_head",), experience=("has_npqsl",)), known, TODAY)
    assert "already have NPQSL" in decision.bubbles()[0]
    ceo = recommend(Profile(roles=("trust_ceo",), experience=("has_npqel",)), known, TODAY)
    assert "already have NPQEL" in ceo.why


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (Profile(roles=("maths_lead",), phases=("secondary",)), "NPQLPM"),
        (Profile(roles=("maths_lead",), experience=("no_mastery",)), "NPQLPM"),
        (Profile(roles=("headteacher",), experience=("experienced_head",)), "EHCO"),
        (Profile(roles=("senco",), experience=("senco_before_2009",)), "NPQSENCO"),
    ],
)
def test_entry_conditions_are_kept(profile: Profile, code: str, known: Knowledge) -> None:
    decision = recommend(profile, known, TODAY)
    assert code not in decision.programmes
    assert code in dict(decision.why_not)


def test_ehco_is_never_called_a_qualification(known: Knowledge) -> None:
    text = " ".join(recommend(Profile(roles=("new_headteacher",)), known, TODAY).bubbles())
    assert "not a qualification" in text


def test_nothing_is_promised(known: Knowledge) -> None:
    texts = [text for rule in known.recommend.data.rules for text in (rule.why, rule.why_alternative, rule.decides)]
    assert not [text for text in texts if "guarantee" in text.lower() or "free of charge" in text.lower()]


def test_a_programme_that_has_not_begun_is_not_recommended(known: Knowledge) -> None:
    decision = recommend(Profile(roles=("maths_lead",)), known, date(2023, 5, 1))
    assert decision.first == "NPQLT"


def _profiles_for(rule: Rule) -> list[Profile]:
    """Profiles that meet a rule in every way it names."""
    when: Condition = rule.when
    choices = [getattr(when, kind) or [None] for kind in KINDS]
    found = []
    for values in product(*choices, when.also or [None]):
        given_values = dict(zip((*KINDS, "also"), values))
        roles = tuple(dict.fromkeys(role for role in (given_values["role"], given_values["also"]) if role))
        rest = {FIELDS[kind]: (given_values[kind],) for kind in KINDS if kind != "role" and given_values[kind]}
        found.append(Profile(roles=roles, asked=ALL_ASKED, settled=True, **rest))
    return found


def _rules() -> list[Rule]:
    return current().recommend.rules


@pytest.mark.parametrize("rule", _rules(), ids=[rule.id for rule in _rules()])
def test_every_rule_is_reached(rule: Rule, known: Knowledge) -> None:
    assert any(recommend(profile, known, TODAY).rules[0] == rule.id for profile in _profiles_for(rule))


def _some(ids: list[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(ids), max_size=most, unique=True).map(tuple)


def _profiles() -> st.SearchStrategy[Profile]:
    known = current()
    data = known.recommend.data
    return st.builds(
        Profile,
        roles=_some([*known.roles, "a role of long ago"], 3),
        settings=_some(list(known.settings), 2),
        phases=_some(list(known.phases), 2),
        aims=_some([aim.id for aim in data.aims], 2),
        experience=_some([item.id for item in data.experience], 3),
        programmes=_some(list(known.programmes), 3),
        asked=_some([*ALL_ASKED, "role", "aim"], 4),
        settled=st.booleans(),
    )


@given(profile=_profiles())
@settings(max_examples=1500, deadline=None)
def test_any_profile_gets_a_decision_or_a_question(profile: Profile) -> None:
    known = current()
    decision = recommend(profile, known, TODAY)
    assert len(decision.needs) + len(set(profile.asked)) <= 3 or not decision.needs
    assert decision.needs or decision.why
    assert all(known.programmes[code].status == "current" for code in decision.programmes)
    assert not set(decision.programmes) & known.recommend.held(profile)
    bubbles = decision.bubbles()
    assert len(bubbles) <= 2
    assert all(len(text.split()) <= BUBBLE for text in bubbles)
    if decision.decided:
        assert decision.why in bubbles[0]
        assert decision.weighing in bubbles[0]
        assert decision.why_alternative in "".join(bubbles[1:])


@given(profile=_profiles(), answers=st.lists(st.integers(min_value=0, max_value=4), min_size=3, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_conversation_ends_after_three_answers(profile: Profile, answers: list[int]) -> None:
    known = current()
    profile = replace(profile, asked=())
    for answer in answers:
        decision = recommend(profile, known, TODAY)
        if decision.decided:
            return
        question = decision.asks[0]
        assert question.id not in profile.asked
        kind, value = next(iter(question.options[answer % len(question.options)].means.items()))
        heard = {FIELDS[kind]: (*getattr(profile, FIELDS[kind]), value)}
        profile = replace(profile, **heard).after_asking(question.id)
    assert recommend(profile, known, TODAY).decided


def test_a_profile_is_stored_and_read_again() -> None:
    profile = Profile(roles=("senco",), asked=("role",), settled=True)
    assert Profile.from_dict(profile.to_dict()) == profile
    assert Profile.from_dict({"roles": ["senco"], "older": 1}) == Profile(roles=("senco",))
    assert Profile.from_dict(None) == Profile()
