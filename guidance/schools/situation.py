"""What the register and the lists say for the funding rules: inputs of a situation, and the list each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidance.schools.lists import (
    CHILDMINDER,
    EARLY_YEARS,
    LA_NURSERY,
    LISTS,
    PP50_16_19,
    PP50_SCHOOL,
    RISE,
    intake_label,
    intake_order,
)
from guidance.schools.model import School
from guidance.schools.register import Register

if TYPE_CHECKING:
    from guidance.knowledge import Knowledge

LA_NURSERY_SCHOOL = "15"
SIXTEEN_TO_NINETEEN = frozenset({"18", "31", "32", "39", "45", "46"})
UNCLEAR = frozenset({LA_NURSERY_SCHOOL, "27", "29", "47", "48", "56"})
"""Types whose staff may register in more than one way, or are no schools: the person is asked."""


@dataclass(frozen=True)
class ListCheck:
    """What one list says about a place of work.

    `input`: the funding input it decides. `on`: whether the number stands on the list of `intake`.
    `current`: that is the intake asked about; otherwise it is the last known one before it, and only a hint.
    """

    input: str
    list: str
    intake: str
    on: bool
    current: bool

    @property
    def title(self) -> str:
        """The list and its intake, to be named in an answer: "disadvantage list of schools (PP50), autumn 2025"."""
        return f"{LISTS[self.list].title}, {intake_label(self.intake)}"


def situation_of(
    school: School, register: Register, knowledge: Knowledge, cohort: str, work_setting: str | None = None
) -> dict[str, bool | str]:
    """The funding inputs that follow from a school, ready for `knowledge.funding.decide` with the person's own answers.

    An input is left out where nothing certain follows: its list is not loaded for this cohort (see `last_known`),
    or staff may register in several ways (nursery schools, children's centres, universities).

    Args:
        work_setting: what the person answered, where they did: a school and its sixth form are on separate lists.
    """
    setting = work_setting or setting_of(school)
    found: dict[str, bool | str] = {"cohort": cohort, "works_in_england": school.in_england}
    if setting:
        found["work_setting"] = setting
    found["eligible_establishment"] = knowledge.funding.eligible_type(school.type_code)
    if setting not in ("another_setting", "other"):
        found["la_nursery_school"] = school.type_code == LA_NURSERY_SCHOOL
    found.update({check.input: check.on for check in checks(school, register, cohort, setting) if check.current})
    return found


def setting_of(school: School) -> str | None:
    """The setting its staff choose when they register; None where there are several."""
    if school.type_code in UNCLEAR:
        return None
    return "sixteen_to_nineteen" if school.type_code in SIXTEEN_TO_NINETEEN else "school"


def checks(school: School, register: Register, cohort: str, work_setting: str | None = None) -> tuple[ListCheck, ...]:
    """What each list that matters for this school says, for the cohort or else the last intake before it."""
    setting = work_setting or setting_of(school)
    wanted = [(PP50_16_19, school.ukprn)] if setting == "sixteen_to_nineteen" else [(PP50_SCHOOL, school.urn)]
    wanted += [(RISE, school.urn), (EARLY_YEARS, school.urn)]
    if school.type_code == LA_NURSERY_SCHOOL:
        wanted.append((LA_NURSERY, school.urn))
    return _checked(wanted, register, cohort)


def ofsted_checks(number: str, register: Register, cohort: str) -> tuple[ListCheck, ...]:
    """The same for an Ofsted URN of a childminder or nursery (see `lists.ofsted_number`)."""
    return _checked([(CHILDMINDER, number), (EARLY_YEARS, number)], register, cohort)


def last_known(found: tuple[ListCheck, ...]) -> tuple[ListCheck, ...]:
    """Of some checks, those that only tell about an earlier intake."""
    return tuple(check for check in found if not check.current)


def _checked(wanted: list[tuple[str, str]], register: Register, cohort: str) -> tuple[ListCheck, ...]:
    found = []
    for list_id, number in wanted:
        intake = _latest(register.intakes_of(list_id), cohort)
        on = register.on_list(list_id, number, intake) if number and intake else None
        if intake and on is not None:
            found.append(ListCheck(LISTS[list_id].input, list_id, intake, on, intake == cohort))
    return tuple(found)


def _latest(intakes: list[str], cohort: str) -> str | None:
    """The cohort, or the last intake before it."""
    return max((one for one in intakes if intake_order(one) <= intake_order(cohort)), key=intake_order, default=None)
