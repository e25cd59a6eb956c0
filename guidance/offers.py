"""What may help when nothing matches: the fact nearest in meaning, offered as a guess with its source."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from guidance.knowledge import Fact, Knowledge, Topic
from guidance.question import Understood

# From this closeness on, nine offers in ten are on the topic asked: `python -m bench.offers` measures it. None: no
# closeness is that precise, so nothing is offered (docs/adr/0010).
PRECISE_FROM: float | None = None


def nearest(said: Understood, knowledge: Knowledge) -> tuple[Fact, float] | None:
    """The fact nearest in meaning to the message, and how near (0 to 1); None where that is not about NPQs."""
    for name, closeness in said.hints.items():  # nearest first
        fact = knowledge.facts.get(name)
        if fact is not None:
            return (fact, closeness) if knowledge.topics[fact.topic].in_scope else None
    return None


def may_help(
    said: Understood, knowledge: Knowledge, today: date, told: Collection[str] = (), least: float | None = PRECISE_FROM
) -> Fact | None:
    """The fact to offer: near enough, on the likeliest topic, holding today, and not among those ``told`` before."""
    near = nearest(said, knowledge) if least is not None else None
    if near is None or least is None:
        return None
    fact, closeness = near
    fits = closeness >= least and fact.id not in told and agrees(said, knowledge.topics[fact.topic])
    return fact if fits and _holds(fact, today) else None


def _holds(fact: Fact, today: date) -> bool:
    begun = fact.valid_from is None or fact.valid_from <= today
    return begun and (fact.valid_until is None or today <= fact.valid_until)


def agrees(said: Understood, topic: Topic) -> bool:
    """Whether the message's likeliest intent is the topic too."""
    return bool(said.ranking) and said.ranking[0][0] == topic.intent
