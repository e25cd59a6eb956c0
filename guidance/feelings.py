"""Feelings around a question: stress that is no crisis, and faces that say whether the answer pleased."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.knowledge import Knowledge
from guidance.question import Understood

CRISIS_BESIDE_A_QUESTION = 0.93  # below it, words of stress around a sure question are taken as stress
GLAD = re.compile("[\U0001f44d\U0001f44f\U0001f600-\U0001f60e\U0001f642\U0001f64f\u2764]")
CROSS = re.compile("[\U0001f44e\U0001f620\U0001f621\U0001f624\U0001f92c]")


def stressed(said: Understood, knowledge: Knowledge) -> Understood:
    """Stress around a question about NPQs is no crisis, unless its words say so or the guess is very sure."""
    asked = tuple(name for name in said.topics if name in knowledge.topics and knowledge.topics[name].in_scope)
    sure = said.confidence >= CRISIS_BESIDE_A_QUESTION
    if said.intent != "crisis" or sure or not asked:
        return said
    return replace(said, intent=knowledge.topics[asked[0]].intent, topics=asked)


def felt(said: Understood) -> Understood:
    """A message of nothing but faces says whether the answer pleased."""
    if any(letter.isalnum() for letter in said.text):
        return said
    intent = "feedback_bad" if CROSS.search(said.text) else "praise" if GLAD.search(said.text) else said.intent
    return replace(said, intent=intent, ranking=((intent, 1.0), *said.ranking))
