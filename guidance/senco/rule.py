"""The rule the clock runs by, taken from the values of the SENCO facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guidance.dates import years_after
from guidance.knowledge import Knowledge

DEADLINE = "senco-deadline-general"
REQUIRED = "senco-required-general"
DURATION = "npqsenco.duration"
NASEN_ADVICE = "nasenco-not-begun"


@dataclass(frozen=True)
class Rule:
    """What the knowledge says of the time limit: see the values of the facts named above."""

    years: int
    exempt_before: date
    mandatory_since: date
    teaching_months: int
    whole_months: int
    advice_from: date
    advice_until: date
    start_by: str

    def ends(self, post: date) -> date:
        """The day the time is up for a post taken on a day. 29 February counts as the 28th, the safer day."""
        return years_after(post, self.years)


def rule(knowledge: Knowledge) -> Rule | None:
    """The rule as the knowledge has it today; None when a fact or value it needs has been taken out."""
    try:
        required, advice = _values(knowledge, REQUIRED), _values(knowledge, NASEN_ADVICE)
        duration = _values(knowledge, DURATION)
        return Rule(
            years=int(_values(knowledge, DEADLINE)["years"]),
            exempt_before=date.fromisoformat(str(required["exempt_before"])),
            mandatory_since=date.fromisoformat(str(required["mandatory_since"])),
            teaching_months=int(duration["months"]),
            whole_months=int(duration["months_with_assessment"]),
            advice_from=date.fromisoformat(str(advice["appointed_from"])),
            advice_until=date.fromisoformat(str(advice["appointed_until"])),
            start_by=str(advice["start_by"]),
        )
    except (KeyError, ValueError):
        return None


def _values(knowledge: Knowledge, name: str) -> dict[str, int | float | str]:
    return knowledge.facts[name].values
