"""Several questions in one message, on one topic or on topics that belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from guidance.knowledge import Fact, Knowledge
from guidance.mentions import mentions
from guidance.question import Question
from guidance.selection import Candidate, candidates

FEWEST_WORDS = 2  # of a question beside another
_STARTER = (
    r"(?:how|what|whats|what's|when|where|which|who|whos|why|is|are|do|does|did|can|could|will|would|should|am i|if i"
    r"|have i|must)"
)
_JOINT = re.compile(
    rf"[?;\n]+|(?:[,.\s]+)(?:and|also|plus|but|&|or)\s+(?:also\s+)?(?={_STARTER}\b)|[,.]\s*(?={_STARTER}\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"^(?:(?:hi|hello|hey|ok|so|and|also|please|just|sorry)\W+)*{_STARTER}\b"
    r"|\b(?:how (?:many|much|long)|(?:can|do|is) (?:i|you|they|it))\b",
    re.IGNORECASE,
)


def questions(text: str) -> list[str]:
    """The questions of a message, as far as question words or marks part them."""
    parts = (part.strip() for part in _JOINT.split(text))
    return [part for part in parts if len(part.split()) >= FEWEST_WORDS and _ASKS.search(part)]


def beside(lead: Candidate, found: Sequence[Candidate], words: str) -> tuple[Candidate | None, bool]:
    """The fact that answers another question of the same words than the best fact does, and whether it is asked first.

    Both must be chosen by words in them: else nobody knows which of the questions they answer.
    """
    asked = questions(words) if lead.fact.when.mentions else []
    answered = [number for number, part in enumerate(asked) if mentions(part, lead.fact.when.mentions)]
    if not answered:
        return None, False
    for item in found:
        if item.fact.id == lead.fact.id or "mentions" not in item.dimensions:
            continue
        for number, part in enumerate(asked):
            if number not in answered and mentions(part, item.fact.when.mentions):
                return item, number < answered[0]
    return None, False


def covered_by(question: Question, topic: str, topics: Sequence[str], knowledge: Knowledge) -> Fact | None:
    """What another topic, of the question or spoken of before, has to say about this one by its words."""
    words = question.said.parts.get(topic, question.said.text)
    for other in dict.fromkeys((*topics, *question.before)):
        if other == topic or topic not in knowledge.topics[other].covers:
            continue
        said = replace(question.said, parts={**question.said.parts, other: words}, hints={})
        for item in candidates(replace(question, said=said), other, knowledge):
            if "mentions" in item.dimensions:
                return item.fact
    return None
