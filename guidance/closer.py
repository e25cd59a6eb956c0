"""Where two topics are nearly as likely, the one that has something to say on just this."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.knowledge import Knowledge
from guidance.mentions import plain_words
from guidance.question import Question
from guidance.selection import CLOSE, EXACT, SAME, Candidate, candidates, said_in_full

SURE = 0.6  # of a topic: then it is the one that was asked about
NEXT = 3  # of the likeliest topics after it
NEARLY = 0.5  # of its likelihood: another topic is nearly as likely
# "Chair of governors here.": says who writes, and asks nothing.
WHO_WRITES = re.compile(r"\W*(?:(?:hi|hello|hey)\b\W*)?(?:[\w'’-]+ ){1,5}here\W*", re.IGNORECASE)
PERSONAL = ("which_npq", "compare")  # answered by what the person is and names, whatever else is near


def closer(question: Question, knowledge: Knowledge) -> Question:
    """The question on the topic nearly as likely, where its own has only a general answer and the other a closer one.

    "Our head leaves at Christmas, who agrees to it" reads like asking who may apply, and like asking how to apply:
    only on applying is anything known about heads that leave. So it is with what is refused although it names a job
    or a workplace of ours: "nursery manager, no degree, is that ok" asks for no childcare course.
    """
    said = question.said
    topics = _asked(question)
    question = replace(question, topics=topics)
    if len(topics) != 1 or topics[0] in PERSONAL:
        return question
    if knowledge.by_intent.get(said.intent) is not knowledge.topics[topics[0]]:
        return question
    refused = knowledge.topics[topics[0]].status == "out_of_scope" and bool(said.roles or said.settings)
    if said.confidence >= SURE or not (refused or knowledge.topics[topics[0]].status == "answered"):
        return question
    own = next(iter(candidates(question, topics[0], knowledge)), None)
    for intent, likely in said.ranking[1 : NEXT + 1]:
        other = knowledge.by_intent.get(intent)
        if other is None or other.status != "answered" or other.id in PERSONAL:
            continue
        if likely < NEARLY * said.confidence:
            break
        found = candidates(replace(question, topics=(other.id,)), other.id, knowledge)
        if found and _closer(found[0], own, question):
            return replace(question, topics=(other.id,))
    return question


def _asked(question: Question) -> tuple[str, ...]:
    """Its topics without those of words which only say who writes."""
    parts = question.said.parts
    asked = tuple(name for name in question.topics if not WHO_WRITES.fullmatch(parts.get(name, "")))
    return asked or question.topics


def _closer(other: Candidate, own: Candidate | None, question: Question) -> bool:
    """Whether a fact is exactly what was asked, or chosen by its words, job or place where the own one is general."""
    if own is not None and own.dimensions and (own.fact.when or own.similarity >= SAME):
        return other.similarity >= EXACT > own.similarity
    if other.dimensions & {"role", "setting"}:
        return True
    in_full = other.similarity >= CLOSE or said_in_full(other.fact, plain_words(question.said.text))
    return "mentions" in other.dimensions and in_full
