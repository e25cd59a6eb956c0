"""What the guide can ask for: the names after `asking:` and under `answers:`, by what it asks them for."""

from __future__ import annotations

from guidance.journeys import funding_school, interest_asking
from guidance.knowledge import Knowledge
from guidance.senco import case

ENQUIRY = "a question"


def asked(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """The fields of each journey, and of questions outside any."""
    return {
        "funding": (*(item.field for item in knowledge.funding.data.dialogue.prompts), *funding_school.FIELDS),
        "interest": tuple(interest_asking.ASKED),
        "recommend": tuple(item.id for item in knowledge.recommend.data.questions),
        "senco": (case.ASKING,),
        ENQUIRY: ("programme", "topic", "question"),
    }


def fields(knowledge: Knowledge) -> frozenset[str]:
    """All of them."""
    return frozenset(name for names in asked(knowledge).values() for name in names)
