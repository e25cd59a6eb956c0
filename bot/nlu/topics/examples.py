"""What the classifier learns from: the training files and the questions in the knowledge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guidance.knowledge import Knowledge


@dataclass(frozen=True)
class Example:
    """A sentence and its intent. ``source``: nlu, ask (of a fact) or topic (its button's question)."""

    text: str
    intent: str
    source: str


def examples(written: Iterable[tuple[str, str]], knowledge: Knowledge) -> list[Example]:
    """All examples; a sentence that stands in several places counts once, the first one's intent.

    ``written`` are the (text, intent) pairs of ``data/nlu``.
    """
    found = [Example(text, intent, "nlu") for text, intent in written]
    for topic in knowledge.topics.values():
        found.append(Example(topic.example, topic.intent, "topic"))
    for fact in knowledge.facts.values():
        intent = knowledge.topics[fact.topic].intent if fact.topic in knowledge.topics else ""
        found += [Example(ask, intent, "ask") for ask in fact.asks if intent]
    unique: dict[str, Example] = {}
    for example in found:
        unique.setdefault(" ".join(example.text.lower().split()), example)
    return list(unique.values())
