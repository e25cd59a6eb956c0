"""A "yes" or "no" before a fact is said only where the fact answers what was asked.

A fact chosen by one of its words, or by a meaning that is near but not the same, may still help. Its first word would
not: "No. NPQH has not been a legal requirement" is no answer to "can I do NPQH without being on SLT".
"""

from __future__ import annotations

import re

from guidance.selection import CLOSE, Candidate

SURE = 0.84  # nearness in meaning from which a fact's own yes or no is taken for the answer
# What people are or where they work was asked about; that a programme was named says little.
TELLING = frozenset({"setting", "role", "period", "provider"})
# Not "Yes, if ...", which is a condition, nor "No rule is known", which is a sentence.
_WORD = re.compile(
    r"(?:Yes|No)(?:\. |, (?=(?:you|it|they|we|several|every|one|I|the|a|an|this|that|size|DfE|NASENCO)\b))"
)
_OPEN = re.compile(r"\W*(?:what|whats|how|which|when|whens|who|whos|where|why)\b", re.IGNORECASE)
_CLOSED = re.compile(
    r"(?:[.,;:?!]\s*|\b(?:and|but|so|or)\s+)(?:is|are|am|do|does|did|can|could|will|would|should|must|have|has|may)\b",
    re.IGNORECASE,
)
# "My school says it is only for teachers, is that right?", "so I'm fine?": yes or no would be about what was said, not
# about the fact.
_CLAIM = re.compile(
    r"\b(?:is (?:that|this|it)|are they|thats?|that['’]s) (?:right|true|correct|so|wrong)\b|\btrue(?: or false)?\W*$"
    r"|\bso\b.{0,12}\b(?:fine|ok|okay|good|sorted|covered|safe|alright)\b",
    re.IGNORECASE,
)


def spoken(text: str, candidate: Candidate, asked: str) -> str:
    """A fact's text as an answer to the words that ask for it: without its yes or no where that may not fit."""
    word = _WORD.match(text)
    if word is None or (_answers(candidate) and not _is_open(asked) and not _CLAIM.search(asked)):
        return text
    rest = text[word.end() :]
    return rest[0].upper() + rest[1:]


def _answers(candidate: Candidate) -> bool:
    named = candidate.dimensions
    if candidate.similarity >= SURE or named & TELLING:
        return True
    return {"asks", "mentions"} <= named and candidate.similarity >= CLOSE


def _is_open(asked: str) -> bool:
    """Whether words ask what, how or when, and nothing that yes or no could answer."""
    return _OPEN.match(asked) is not None and _CLOSED.search(asked) is None
