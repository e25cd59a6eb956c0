"""Providers' old pages: always said as what the page said then, with what replaced it."""

from __future__ import annotations

from guidance.knowledge import Fact, Knowledge
from guidance.question import Question


def is_from_old_page(fact: Fact, knowledge: Knowledge) -> bool:
    """Whether the fact is what a provider's dated page offered then."""
    return fact.id in knowledge.page_facts


def introduced(fact: Fact, knowledge: Knowledge) -> str | None:
    """The fact between its introduction ("In 2017/18, ... said:") and what holds now; None for others."""
    provider_id = knowledge.page_facts.get(fact.id)
    page = knowledge.providers[provider_id].page if provider_id else None
    if page is None:
        return None
    return f"{page.introduced} {fact.said()} {page.now}"


def left_providers(question: Question, topic: str, knowledge: Knowledge) -> list[tuple[str, list[Fact]]]:
    """That a provider named in the question has left, unless the topic has its own fact on it."""
    bubbles: list[tuple[str, list[Fact]]] = []
    for name in question.said.providers:
        provider = knowledge.providers[name]
        own = any(name in fact.when.provider for fact in knowledge.by_topic.get(topic, []))
        if provider.left and not own and provider.left.date <= question.today:
            fact = Fact(
                id=f"{name}.left",
                topic=topic,
                text=provider.left.text,
                source=provider.source,
                as_of=provider.as_of,
                certainty="certain",
            )
            bubbles.append((fact.said(), [fact]))
    return bubbles
