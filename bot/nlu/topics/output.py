"""Write an understanding on a Rasa message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from bot.nlu.clauses import Clause
from bot.nlu.language import phrases as kinds
from bot.nlu.language import years
from bot.nlu.language.entities import Named
from bot.nlu.topics.understanding import Understanding
from guidance.knowledge import Knowledge

FALLBACK = "nlu_fallback"
DIGITS = 4


# What else somebody tells belongs to the question: when a course, its funding or a post began.
_OF_COURSES = re.compile(
    r"npq|qualif|cours|cohort|intake|programme|fund|scholar|award|nasenco|start|beg[aiu]n|regist|appl(?:y|ied)|enrol|senco"
    r"|defer|withdr|fail|pass|finish|complet|certificate",
    re.IGNORECASE,
)


class _Message(Protocol):
    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None: ...


class _Hint(Protocol):
    @property
    def fact(self) -> str: ...
    @property
    def closeness(self) -> float: ...


def set_intent(message: _Message, meant: Understanding, length: int, *, sure: bool) -> None:
    """Set ``intent`` and ``intent_ranking``; an unsure message is a fallback above the same ranking."""
    ranking = [{"name": name, "confidence": round(value, DIGITS)} for name, value in meant.ranking[:length]]
    if not sure:
        ranking = [{"name": FALLBACK, "confidence": round(1.0 - meant.confidence, DIGITS)}, *ranking]
    message.set("intent", dict(ranking[0]), add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)


def topics(meant: Understanding, named: Sequence[Named], knowledge: Knowledge, *, sure: bool) -> list[dict[str, Any]]:
    """The entities ``topic``, in the order asked. When unsure: what its words name, for a follow-up."""
    if sure:
        return [
            _entity(kinds.TOPIC, topic.id, item.start, item.end, item.confidence, "TopicClassifier")
            for item in meant.found
            if (topic := knowledge.by_intent.get(item.intent)) is not None
        ]
    terms = {str(item.value): item for item in reversed(named) if item.kind == kinds.TOPIC}
    return [_entity(kinds.TOPIC, topic, item.start, item.end, 0.0, "GuideEntities") for topic, item in terms.items()]


def without_background(found: Sequence[dict[str, Any]], own: str, clauses: Sequence[Clause]) -> list[dict[str, Any]]:
    """Without the years of what is only told or quoted ("I moved here in 2022. Is it funded?"), and without topics."""
    asked = any(clause.asks for clause in clauses)
    told = [item for item in clauses if asked and item.tells and not _OF_COURSES.search(item.text)]

    def kept(item: dict[str, Any]) -> bool:
        if item["entity"] not in (years.YEAR, years.PERIOD):
            return bool(item["entity"] != kinds.TOPIC)
        start, end = item["start"], item["end"]
        inside = any(clause.start <= start and end <= clause.end for clause in told)
        return bool(own[start:end].strip()) and not inside

    return [item for item in found if kept(item)]


def facts(hints: Sequence[_Hint], length: int) -> list[dict[str, Any]]:
    """The entities ``fact``, closest first; they concern the whole message of ``length`` characters."""
    return [_entity("fact", hint.fact, 0, length, hint.closeness, "FactMatcher") for hint in hints]


def _entity(kind: str, value: str, start: int, end: int, confidence: float, extractor: str) -> dict[str, Any]:
    return {
        "entity": kind,
        "value": value,
        "start": start,
        "end": end,
        "confidence_entity": round(float(confidence), DIGITS),
        "extractor": extractor,
    }
