"""The school in the funding check: found in the register, with what it and DfE's lists say for the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guidance import schools
from guidance.funding.asking import Makes
from guidance.funding.hearing import OF_THE_WORKPLACE
from guidance.funding.situation import DEFAULT_COHORT
from guidance.journeys.model import Heard, Progress, Setting
from guidance.knowledge import Knowledge
from guidance.reply import Answer, Button
from guidance.schools import Found, School

FIELD, WHICH = "school", "which_school"
FIELDS = (FIELD, WHICH)
ASK = "Which school or college do you work at? Give its name and town, its URN or its postcode."
WHY = "With the school I can look up its type and DfE's lists, so you need not know them. I keep its number only."
NOT_SAID = "I would rather not say"
NOT_THERE = "None of these"
SKIPPED = re.compile(
    r"(i would |i'd )?rather not( say)?|skip|prefer not( to say)?|no thanks?|pass|none of these|not (listed|there|here)"
    r"|(i )?(don'?t|do not) (want to|know)( say)?|private|can'?t say",
    re.IGNORECASE,
)
WRONG = re.compile(
    r"\b(wrong|not (?:that|my|the right)|different|another) (?:school|one|college)\b|^no,? that'?s not (?:it|mine|us)",
    re.IGNORECASE,
)
SCHOOL_LIKE = re.compile(
    r"\b(school|academy|college|primary|infants?|juniors?|high|nursery|st\.? \w+)\b", re.IGNORECASE
)
NO_REGISTER = (
    "I have no register of schools here, so I cannot look yours up: DfE does that by its URN when you register. "
    "Please choose the kind of place instead."
)
NO_LISTS = "I have no copy of DfE's lists here. DfE checks them by your workplace's number when you register."
MOST_SHOWN = 5
NAMES = {"on_pp50_list": "disadvantage", "on_rise_list": "RISE"}


def names_a_school(text: str) -> bool:
    """Whether the text surely names one school, or several of the same name, of the register."""
    found = schools.current().mentioned(text)
    return bool(found.one or found.ambiguous)


def hear(text: str, progress: Progress, here: Setting) -> Heard:
    """What a message says of the school; nothing where it names none."""
    register = schools.current()
    asked = progress.asking in FIELDS
    if "_school" in progress.answers and WRONG.search(text):
        forgotten = _noted(progress, _school=None, _found=None)
        kept = {name: value for name, value in forgotten.answers.items() if name not in OF_THE_WORKPLACE}
        return Heard(replace(forgotten, answers=kept), exact=True)
    if asked and SKIPPED.fullmatch(text.strip(" .!")):
        return Heard(_noted(progress, _skipped=True, _schools=None), exact=True)
    shown = _shown(progress) if progress.asking == WHICH else []
    found = schools.chosen(text, shown)
    if found.one is None:
        found = register.find(text) if asked else register.mentioned(text)
    if found.one is not None and found.one.closed:
        return Heard(problem=_closed(found.one))
    if found.one is not None:
        return Heard(_of(found.one, progress, here.knowledge), exact=asked)
    if found.ambiguous:
        numbers = [school.urn for school in found.schools[:MOST_SHOWN]]
        return Heard(_noted(progress, _schools=numbers), exact=asked)
    if asked and found.how in ("urn", "ukprn", "postcode"):
        return Heard(problem=f"There is no school with that {_kind(found)} in the register I have. {ASK}")
    if asked:
        return Heard(problem=f"I found no school by that name. {ASK}")
    if register.empty and progress.asking == "setting" and SCHOOL_LIKE.search(text) and len(text.split()) > 1:
        return Heard(problem=NO_REGISTER)
    return Heard()


def question(progress: Progress) -> Answer | None:
    """Which of several schools is meant, where that is open."""
    if not progress.answers.get("_schools"):
        return None
    found = _shown(progress)
    buttons = [Button(_label(school), f"{school.name}, URN {school.urn}") for school in found]
    text = "I know several schools like that. Which one is it?"
    return Answer((text,), "form", buttons=(*buttons, Button(NOT_THERE, NOT_THERE)), asking=WHICH, topics=("funding",))


def _shown(progress: Progress) -> list[School]:
    numbers = progress.answers.get("_schools") or ()
    return [school for number in numbers if (school := schools.current().school(number))]


def found(answers: Mapping[str, Any]) -> str:
    """The school just found and the lists it is on, so that a wrong one can be put right at once."""
    school = named(answers) if answers.get("_found") else None
    if school is None:
        return ""
    place = f", {school.where}" if school.where else ""
    lists = _memberships(school, answers)
    both = len({item.startswith("not ") for item in lists}) == 1
    on = f" It is {(' and ' if both else ', but ').join(lists)}." if lists else ""
    known = "" if lists else hint(answers)
    return (
        f"I found {school.name}{place} ({school.type_name.lower()}).{on} {known}".strip() + " Not it? Say wrong school."
    )


def _memberships(school: School, answers: Mapping[str, Any]) -> list[str]:
    cohort = str(answers.get("cohort") or DEFAULT_COHORT)
    checks = schools.checks(school, schools.current(), cohort, answers.get("work_setting"))
    return [
        f"{'on' if check.on else 'not on'} DfE's {NAMES[check.input]} list for {schools.intake_label(cohort)}"
        for check in checks
        if check.current and check.input in NAMES
    ]


def instead_of_lists(progress: Progress) -> Answer | None:
    """Asking for the school, where the register and the lists can then answer; None where they cannot."""
    register = schools.current()
    known = "_school" in progress.answers or "_skipped" in progress.answers
    if known or not register.has_schools or not _any_list():
        return None
    return Answer((ASK,), "form", buttons=(Button(NOT_SAID, NOT_SAID),), asking=FIELD, topics=("funding",))


def about_the_lists(answers: Mapping[str, Any]) -> str:
    """What is known of the lists before a person is asked about them."""
    return NO_LISTS if not _any_list() else hint(answers)


def hint(answers: Mapping[str, Any]) -> str:
    """What an earlier intake's list says of the school, where this intake's is not loaded."""
    school = named(answers)
    if school is None:
        return ""
    cohort = str(answers.get("cohort") or DEFAULT_COHORT)
    old = schools.last_known(schools.checks(school, schools.current(), cohort, answers.get("work_setting")))
    lists = [check for check in old if check.input in ("on_pp50_list", "on_rise_list")]
    if not lists:
        return ""
    parts = [f"{'is' if check.on else 'is not'} on the {check.title} list" for check in lists]
    return f"{school.name} {' and '.join(parts)}. The list for {schools.intake_label(cohort)} is not loaded here."


def named(answers: Mapping[str, Any]) -> School | None:
    """The school found earlier."""
    number = answers.get("_school")
    return schools.current().school(str(number)) if number else None


def told(answers: Mapping[str, Any], *, lists: bool) -> list[str]:
    """The school and its type, and where `lists` decided what they say, for the outcome: list and intake."""
    school = named(answers)
    if school is None:
        return []
    said = _memberships(school, answers) if lists else []
    place = f", {school.where}" if school.where else ""
    return [f"{school.name}{place} ({school.type_name.lower()})", *said]


def _of(school: School, progress: Progress, knowledge: Knowledge) -> Progress:
    answers = progress.answers
    cohort = str(answers.get("cohort") or DEFAULT_COHORT)
    setting = answers.get("work_setting")
    kept = setting if setting in ("academy_trust", "sixteen_to_nineteen", "early_years") else None
    makes: Makes = schools.situation_of(school, schools.current(), knowledge, cohort, kept)
    makes.pop("cohort", None)
    chosen = _noted(progress, _school=school.urn, _schools=None, _then=None, _found=True)
    kept_answers = {name: value for name, value in chosen.answers.items() if name not in OF_THE_WORKPLACE}
    return replace(
        chosen,
        answers={**kept_answers, **({"work_setting": kept} if kept else {}), **makes},
        done=False,
        offered=progress.offered and progress.asking is None,
    )


def _noted(progress: Progress, **values: Any) -> Progress:
    """The answers with values set; None takes one away."""
    answers = {**progress.answers, **values}
    return replace(progress, answers={name: value for name, value in answers.items() if value is not None}, done=False)


def _any_list() -> bool:
    register = schools.current()
    return any(source.kind != "gias" for source in register.loaded)


def _closed(school: School) -> str:
    when = f" on {school.close_date.day} {school.close_date:%B %Y}" if school.close_date else ""
    return f"The register says that {school.name} closed{when}. Which school do you work at now?"


def _kind(found: Found) -> str:
    return {"urn": "URN", "ukprn": "UKPRN"}.get(found.how, found.how)


def _label(school: School) -> str:
    return ", ".join(part for part in (school.name, school.where, school.phase.lower()) if part)
