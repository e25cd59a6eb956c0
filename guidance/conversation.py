"""One turn: what was understood, in its conversation, becomes an answer and a new context."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from guidance.answers import answer
from guidance.knowledge import Knowledge, Topic
from guidance.not_understood import not_understood
from guidance.question import DEFAULT_CONTACT, Context, Question, Understood
from guidance.reply import Answer, Button

MOST_SAID = 60
MOST_TOPICS = 4
SHORT_MESSAGE = 5
NEAR_ENOUGH = 0.8
ALL_NPQS = re.compile(r"\b(npqs|qualifications|courses|programmes)\b", re.IGNORECASE)
CONTINUING = ("follow_up", "more", "affirm")


def turn(
    said: Understood,
    context: Context,
    knowledge: Knowledge,
    today: date,
    contact: str = DEFAULT_CONTACT,
) -> tuple[Answer, Context]:
    """Answer one message.

    Args:
        said: the message as understood.
        context: what the conversation was about before it.
        today: the day by which facts hold.
        contact: the contact route named when a person is needed.

    Returns:
        The answer, and the context for the next turn.
    """
    if said.crisis and "crisis" in knowledge.topics:
        said = replace(said, intent="crisis", topics=("crisis",))
    topics = _topics(said, context, knowledge)
    if not topics:
        return not_understood(said, context, knowledge, contact)
    question = _question(said, topics, context, knowledge, today, contact)
    reply = answer(question, knowledge)
    if not reply.messages:
        return not_understood(said, context, knowledge, contact)
    if said.intent == "more":
        reply = _more(reply, question, context, knowledge)
    if said.intent == "start_over":
        return reply, Context(misses_ever=context.misses_ever)
    return reply, _remember(reply, question, context, knowledge)


def _topics(said: Understood, context: Context, knowledge: Knowledge) -> tuple[str, ...]:
    """What the message asks about; empty when it is not understood."""
    if said.intent == "affirm" and context.offered:
        return context.offered[:1]
    if said.intent == "more" and context.topics:
        return context.topics
    if said.intent in ("follow_up", "nlu_fallback"):
        return _continued(said, context, knowledge)
    topic = knowledge.by_intent.get(said.intent)
    found = [name for name in said.topics if name in knowledge.topics]
    if topic is not None and topic.id not in found:
        found.insert(0, topic.id)
    urgent = [name for name in found if knowledge.topics[name].status in ("crisis", "rights")]
    if urgent:
        return tuple(urgent[:1])
    if topic is not None and not topic.in_scope and len(found) == 1:
        return (topic.id,)
    asked = [name for name in found if knowledge.topics[name].in_scope]
    return tuple(asked[:MOST_TOPICS] or found[:1])


def _continued(said: Understood, context: Context, knowledge: Knowledge) -> tuple[str, ...]:
    """A message which names something but asks nothing by itself: the topic goes on."""
    near = [fact for fact, score in said.hints.items() if score >= NEAR_ENOUGH and fact in knowledge.facts]
    if said.intent == "nlu_fallback" and near:
        return (knowledge.facts[near[0]].topic,)
    terms = tuple(name for name in said.topics if name in knowledge.topics and knowledge.topics[name].in_scope)
    if terms:
        return terms[:MOST_TOPICS]
    short = len(said.text.split()) <= SHORT_MESSAGE
    if said.intent == "follow_up" or short:
        if said.names_something and context.topics:
            return context.topics
        if said.programmes:
            return ("about",)
        if said.providers:
            return ("provider_offer",) if knowledge.providers[said.providers[0]].page else ("providers",)
        if said.roles:
            return ("which_npq",)
        if said.settings:
            return ("funding",)
    if said.roles and said.programmes:  # a story: who I am, the one I have in mind
        return ("which_npq",)
    if said.premises:
        topics = knowledge.premises[said.premises[0]].topics
        return tuple(topics[:1])
    return ()


def _question(
    said: Understood,
    topics: tuple[str, ...],
    context: Context,
    knowledge: Knowledge,
    today: date,
    contact: str,
) -> Question:
    programmes = said.programmes
    if not programmes and any(_takes_programme(knowledge.topics[name], said) for name in topics):
        programmes = context.programmes
    if "compare" in topics and len(said.programmes) == 1:
        programmes = tuple(dict.fromkeys((*context.programmes, *said.programmes)))
    known = [code for code in programmes if code in knowledge.programmes]
    return Question(
        said=said,
        topics=topics,
        programmes=tuple(known),
        today=today,
        roles=said.roles or context.roles,
        settings=said.settings or context.settings,
        providers=said.providers or (context.providers if said.intent in CONTINUING else ()),
        periods=said.periods or _periods(said.years, today, knowledge),
        contact=contact,
    )


def _periods(years: tuple[int, ...], today: date, knowledge: Knowledge) -> tuple[str, ...]:
    """The intakes of past years named; a year without one of its own belongs to the intake running then."""
    found: list[str] = []
    for year in (year for year in years if year < today.year):
        own = [item.id for item in knowledge.cohorts if item.first_day.year == year]
        before = [item.id for item in knowledge.cohorts if item.first_day.year < year]
        found += own or before[-1:]
    return tuple(dict.fromkeys(found))


def _takes_programme(topic: Topic, said: Understood) -> bool:
    """Whether a programme from earlier is meant: not when the message speaks of NPQs in general."""
    return topic.programme != "none" and not ALL_NPQS.search(said.text)


def _more(reply: Answer, question: Question, context: Context, knowledge: Knowledge) -> Answer:
    """Go on: what else is known on the topic, else the next steps to choose from."""
    new = set(reply.facts) - set(context.said)
    if new:
        return reply
    for topic in question.topics:
        for name in knowledge.topics[topic].next:
            further = answer(question.about(name), knowledge)
            if further.messages and set(further.facts) - set(context.said):
                return further
    buttons = reply.buttons or (Button("What can you help with?", "What can you help with?"),)
    return Answer(
        ("That is all I know about this. You could ask about:",),
        "clarify",
        buttons=buttons,
        asking="topic",
    )


def _remember(reply: Answer, question: Question, context: Context, knowledge: Knowledge) -> Context:
    about = tuple(name for name in reply.topics if knowledge.topics[name].in_scope)
    offered = tuple(
        topic.id for button in reply.buttons for topic in knowledge.topics.values() if topic.example == button.payload
    )
    return replace(
        context,
        programmes=reply.programmes or context.programmes,
        topics=about or context.topics,
        providers=question.said.providers or context.providers,
        roles=question.said.roles or context.roles,
        settings=question.said.settings or context.settings,
        offered=offered,
        said=(*context.said, *reply.facts)[-MOST_SAID:],
        misses=0,
    )
