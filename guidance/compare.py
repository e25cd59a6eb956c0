"""The difference between two or three programmes, side by side from their short facts."""

from __future__ import annotations

from guidance.knowledge import Fact, Knowledge
from guidance.question import Question

COMPARED = {"about": "", "duration": "length", "assessment": "assessment", "funding": "DfE funding"}
MOST_COMPARED = 3


def comparison(question: Question, knowledge: Knowledge) -> list[tuple[str, list[Fact]]]:
    """One bubble a programme: what it is for, how long, how assessed, how funded."""
    bubbles = []
    for code in question.programmes[:MOST_COMPARED]:
        programme = knowledge.programmes[code]
        facts = [
            programme.facts[topic].copy(update={"id": f"{code.lower()}.{topic}", "topic": topic})
            for topic in COMPARED
            if topic in programme.facts
        ]
        parts = [f"{COMPARED[fact.topic]}: {fact.said_short()}" for fact in facts[1:]]
        first = (facts[0].said_short() or facts[0].said()).rstrip(".")
        bubbles.append((f"{programme.label} ({programme.name}): {first}. " + _sentence(parts), facts))
    return bubbles


def _sentence(parts: list[str]) -> str:
    text = "; ".join(part.rstrip(".") for part in parts)
    return text[:1].upper() + text[1:] + "." if text else ""
