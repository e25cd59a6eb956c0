"""What may help when nothing matches: the fact nearest in meaning, offered as a guess."""

from __future__ import annotations

from guidance.knowledge import Fact, Knowledge
from guidance.question import Understood

PRECISE_FROM: float | None = 0.8


def nearest(said: Understood, knowledge: Knowledge) -> tuple[Fact, float] | None:
    """The fact nearest in meaning to the message, and how near (0 to 1); None where that is not about NPQs."""
    for name, closeness in said.hints.items():  # nearest first
        fact = knowledge.facts.get(name)
        if fact is not None:
            return (fact, closeness) if knowledge.topics[fact.topic].in_scope else None
    return None
