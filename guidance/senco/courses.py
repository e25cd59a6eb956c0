"""Whether a SENCO NPQ still fits before the time is up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from guidance.dates import DateSaid, months_after
from guidance.knowledge import Knowledge
from guidance.senco.rule import Rule

Fit = Literal["in time", "only just in time", "too late"]
STILL_ASKED_ABOUT = 2  # months after its start in which a provider is worth asking about joining late


@dataclass(frozen=True)
class Course:
    """A start of the SENCO NPQ: known, or presumed from the pattern of one intake a year."""

    label: str
    start: date
    begun: bool = False
    presumed: bool = False

    def result(self, rule: Rule) -> date:
        """The month by which the result should be there, at the latest usual pace."""
        return months_after(self.start, rule.whole_months)

    def fits(self, deadline: date, rule: Rule) -> Fit:
        """How the result stands to a deadline. The month of the result is not certain to a day."""
        if deadline >= months_after(self.start, rule.whole_months + 1):
            return "in time"
        return "only just in time" if deadline >= self.result(rule) else "too late"


def starts(knowledge: Knowledge, today: date) -> list[Course]:
    """The starts to think of today: one just begun, those known ahead, else the next presumed one."""
    just_begun = [
        Course(item.label, item.first_day, begun=True)
        for item in knowledge.cohorts
        if item.first_day <= today < months_after(item.first_day, STILL_ASKED_ABOUT)
    ]
    ahead = [Course(item.label, item.first_day) for item in knowledge.cohorts if item.first_day > today]
    if ahead or not knowledge.cohorts:
        return [*just_begun, *ahead[:1]]
    last = knowledge.cohorts[-1].first_day
    presumed = Course(f"autumn {last.year + 1}", last.replace(year=last.year + 1), presumed=True)
    return [*just_begun, presumed] if presumed.start > today else just_begun


def own_course(said: DateSaid, today: date) -> Course:
    """The course somebody says they began or will begin."""
    return Course(said.words, said.latest.replace(day=1), begun=said.latest <= today)
