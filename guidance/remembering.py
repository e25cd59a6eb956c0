"""What a conversation remembers of an answer, for the turn after it."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.knowledge import Knowledge
from guidance.not_understood import MOST_SAID
from guidance.question import Context, Question
from guidance.reply import Answer
from guidance.selection import general_fact

CHOICE = "which_npq"
HELD = re.compile(
    r"\b(?:i|i['’]?ve|we)(?: have| had)?(?: already| also)?(?: have| got| did| done| hold| passed| took)\b",
    re.IGNORECASE,
)
NAMED_FIRST = re.compile(r"\((?P<inside>[A-Z]+)\)|\b(?P<plain>NPQ[A-Z]+|EHCO)\b")


def remember(reply: Answer, question: Question, context: Context, knowledge: Knowledge) -> Context:
    """What it was about becomes what a follow-up is about."""
    about = tuple(name for name in reply.topics if knowledge.topics[name].in_scope)
    offered = tuple(
        topic.id for button in reply.buttons for topic in knowledge.topics.values() if topic.example == button.payload
    )
    spoken_of = knowledge.facts[reply.facts[0]].topic if reply.facts and reply.facts[0] in knowledge.facts else None
    if spoken_of in question.before:
        about = question.before  # "and the funding": still about deferring
    subject = knowledge.topics[about[0]].about if about else None
    programmes = reply.programmes or ((subject,) if subject else _suggested(reply, question, knowledge))
    if context.programmes and programmes and _only_held(question, programmes, knowledge):
        programmes = ()
    programmes = programmes or context.programmes
    return replace(
        context,
        programmes=programmes,
        earlier=context.earlier if programmes == context.programmes else context.programmes,
        topics=about or context.topics,
        providers=question.said.providers or context.providers,
        roles=question.said.roles or context.roles,
        settings=question.said.settings or context.settings,
        offered=offered,
        asking=reply.asking,
        said=(*context.said, *reply.facts)[-MOST_SAID:],
        misses=0,
    )


def _only_held(question: Question, programmes: tuple[str, ...], knowledge: Knowledge) -> bool:
    """Whether older NPQs are only told of as held ("I already have NPQML"): what is wanted stays the subject."""
    older = all(knowledge.programmes[code].status != "current" for code in programmes)
    return older and bool(HELD.search(question.said.text))


def _suggested(reply: Answer, question: Question, knowledge: Knowledge) -> tuple[str, ...]:
    """The NPQ that an answer on which one suits names first: "is it funded" after it means that one."""
    fact = knowledge.facts.get(reply.facts[0]) if reply.facts else None
    if fact is None or fact.topic != CHOICE or fact is general_fact(question, CHOICE, knowledge):
        return ()
    named = NAMED_FIRST.search(fact.text)
    code = (named["inside"] or named["plain"]) if named else ""
    return (code,) if code in knowledge.programmes else ()
