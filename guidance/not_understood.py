"""The ladder when a message is not understood: rephrase, choose, contact. Never the same sentence twice."""

from __future__ import annotations

from dataclasses import replace

from guidance.knowledge import Knowledge
from guidance.question import Context, Understood
from guidance.reply import Answer, Button

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
EXAMPLES = ("duration", "funding", "which_npq", "dates", "how_to_apply", "cost")
MOST_CHOICES = 3


def not_understood(said: Understood, context: Context, knowledge: Knowledge, contact: str) -> tuple[Answer, Context]:
    """The next rung of the ladder, and the context with the failure counted."""
    step = context.misses % 3
    turn = context.misses_ever // 3 if step else context.misses_ever
    after = replace(context, misses=context.misses + 1, misses_ever=context.misses_ever + 1)
    if step == 0:
        return _rephrase(context.misses_ever, knowledge), after
    if step == 1:
        buttons = likeliest(said, knowledge)
        if buttons:
            return Answer((CHOOSE[turn % len(CHOOSE)],), "clarify", buttons=buttons, asking="topic"), after
        return _rephrase(context.misses_ever, knowledge), after
    text = CONTACT[turn % len(CONTACT)].format(contact=contact)
    buttons = tuple(
        _button(name, knowledge) for name in ("register_interest", "provider_contact") if name in knowledge.topics
    )
    return Answer((text,), "handover", buttons=buttons), after


def likeliest(said: Understood, knowledge: Knowledge) -> tuple[Button, ...]:
    """The three likeliest topics as buttons."""
    topics = [knowledge.by_intent[intent] for intent, _ in said.ranking if intent in knowledge.by_intent]
    return tuple(_button(topic.id, knowledge) for topic in topics if topic.in_scope)[:MOST_CHOICES]


def _rephrase(count: int, knowledge: Knowledge) -> Answer:
    names = [name for name in EXAMPLES if name in knowledge.topics]
    example = knowledge.topics[names[count % len(names)]].example
    return Answer((REPHRASE[count % len(REPHRASE)].format(example=example),), "clarify", asking="question")


def _button(topic: str, knowledge: Knowledge) -> Button:
    return Button(knowledge.topics[topic].title, knowledge.topics[topic].example)
