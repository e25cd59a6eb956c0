"""The ladder when a message is not understood: rephrase, choose, contact. Never the same sentence twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from guidance.knowledge import Knowledge
from guidance.offers import PRECISE_FROM, may_help
from guidance.question import Context, Understood, is_story
from guidance.reply import Answer, Button, cite

REPHRASE = (
    "I did not understand that. Could you put it another way? For example: {example}",
    "Sorry, I am not sure what you are asking. A short question works best, such as: {example}",
    "I have not caught your question. Could you ask it in other words? For example: {example}",
    "I could not match that to anything I know about NPQs. Try something like: {example}",
)
CHOOSE = (
    "I am still not sure. Is it one of these?",
    "Let me check what you are after. Which of these is nearest?",
    "I may have the wrong end of the stick. Did you mean one of these?",
)
CONTACT = (
    "I cannot answer this one. A person can: for a course, ask your provider; for registration or funding, "
    "email {contact}. You can also leave your details for a provider to contact you.",
    "I am not able to help with that here. Your provider, or {contact} for registration and funding, will be "
    "able to. Or leave your details so that a provider can contact you.",
    "This one is beyond me, sorry. Please ask your provider, or write to {contact}. If you like, register "
    "your interest and a provider can get in touch.",
)
ABOUT = (
    "I am not sure what you would like to know about {programme}. Is it one of these?",
    "What about {programme} may I look up? Choose one of these, or ask in a few words.",
    "I have facts about {programme}, but did not catch your question. Is one of these near it?",
)
TOLD = (
    "Thank you for telling me. I could not find your question in it. Is it one of these? If not, ask in one sentence.",
    "I have read that, but am not sure what you would like to know. Is it one of these? Or ask in a few words.",
    "There is a lot in that. Which of these comes nearest to what you would like to know?",
)
NOT_SURE = "I am not sure what you are asking. This may help:"
IF_NOT = "If it does not, please ask in other words."
ASKED_ABOUT = ("duration", "funding")  # of a programme that is named
EXAMPLES = ("duration", "funding", "which_npq", "dates", "how_to_apply", "cost")
MOST_CHOICES = 3
MOST_SAID = 60


def not_understood(
    said: Understood,
    context: Context,
    knowledge: Knowledge,
    today: date,
    contact: str,
    least: float | None = PRECISE_FROM,
) -> tuple[Answer, Context]:
    """The next rung of the ladder, and the context with the failure counted.

    A fact ``least`` as near in meaning is offered first.
    """
    step = context.misses % 3
    buttons = likeliest(said, knowledge)
    named = [code for code in said.programmes if knowledge.programmes[code].status == "current"]
    fact = may_help(said, knowledge, today, context.said, least)
    if fact is not None:
        key = fact.id
        offer = (NOT_SURE, fact.said().replace("{contact}", contact), IF_NOT)
        reply = Answer(
            offer,
            "clarify",
            topics=(fact.topic,),
            facts=(fact.id,),
            sources=cite([fact], knowledge),
            buttons=buttons,
            asking="question",
        )
    elif step == 0 and len(named) == 1:
        texts = [text.format(programme=knowledge.programmes[named[0]].label) for text in ABOUT]
        text, key = _unsaid("about", texts, context)
        first = Button(f"What {named[0]} is", f"Tell me about {named[0]}")
        further = tuple(_button(name, knowledge) for name in ASKED_ABOUT if name in knowledge.topics)
        reply = Answer((text,), "clarify", buttons=(first, *further), asking="topic", programmes=(named[0],))
    elif step == 0 and buttons and is_story(said.text):
        text, key = _unsaid("story", TOLD, context)
        reply = Answer((text,), "clarify", buttons=buttons, asking="topic")
    elif step == 0 or (step == 1 and not buttons):
        text, key = _unsaid("rephrase", _rephrasings(knowledge), context)
        reply = Answer((text,), "clarify", asking="question")
    elif step == 1:
        text, key = _unsaid("choose", CHOOSE, context)
        reply = Answer((text,), "clarify", buttons=buttons, asking="topic")
    else:
        text, key = _unsaid("contact", CONTACT, context)
        names = [name for name in ("register_interest", "provider_contact") if name in knowledge.topics]
        further = tuple(_button(name, knowledge) for name in names)
        reply = Answer((text.format(contact=contact),), "handover", buttons=further)
    topics = {topic.example: topic.id for topic in knowledge.topics.values()}
    after = replace(
        context,
        programmes=reply.programmes or context.programmes,
        offered=tuple(topics[button.payload] for button in reply.buttons if button.payload in topics),
        said=(*context.said, key)[-MOST_SAID:],
        asking=reply.asking,
        misses=context.misses + 1,
        misses_ever=context.misses_ever + 1,
    )
    return reply, after


def _unsaid(rung: str, texts: Sequence[str], context: Context) -> tuple[str, str]:
    """The sentence of a rung not said yet, or longest ago, and the key by which it is remembered."""
    last = {key: place for place, key in enumerate(context.said)}
    keys = [f"ladder.{rung}.{number}" for number in range(len(texts))]
    number = min(range(len(texts)), key=lambda number: last.get(keys[number], -1))
    return texts[number], keys[number]


def likeliest(said: Understood, knowledge: Knowledge) -> tuple[Button, ...]:
    """The three likeliest topics as buttons."""
    topics = [knowledge.by_intent[intent] for intent, _ in said.ranking if intent in knowledge.by_intent]
    return tuple(_button(topic.id, knowledge) for topic in topics if topic.in_scope)[:MOST_CHOICES]


def _rephrasings(knowledge: Knowledge) -> list[str]:
    """Every request to rephrase with every example: twelve sentences."""
    examples = [knowledge.topics[name].example for name in EXAMPLES if name in knowledge.topics]
    count = len(REPHRASE) * len(examples)
    pairs = dict.fromkeys((number % len(REPHRASE), number % len(examples)) for number in range(count))
    return [REPHRASE[text].format(example=examples[example]) for text, example in pairs]


def _button(topic: str, knowledge: Knowledge) -> Button:
    return Button(knowledge.topics[topic].title, knowledge.topics[topic].example)
