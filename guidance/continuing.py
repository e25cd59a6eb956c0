"""What a message means by what came before it: that it goes on with it, or that nothing came before."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.knowledge import Knowledge
from guidance.question import Context, Understood
from guidance.selection import says_more

LOOKED_BACK = 0.5
LOOKING_BACK = ("source_check", "feedback_bad")  # these speak of an answer; before the first there is none
MOST_WORDS = 8  # of a message that only adds to the one before
UNSURE = 0.55  # below it a short message is as likely about what was spoken of
A_GUESS = 0.35  # the same where somebody may speak of the answer ("where is the link")
_ADDS = re.compile(
    r"^(?:(?:ok|okay|right|thanks|hmm|oh)\W+)*(?:and|so|but|then|what about|how about|would|will|do i|can it"
    r"|how long for|its|it's|it is|even if|what if|if)\b"
    r"|\b(?:them|those|these)\b",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"^(?:(?:ok|okay|right|fine|alright|so|well)\b\W*)|\bthen\W*$|\bgo (?:with|for)\b", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:compare\w*|versus|vs|against|differ\w*|what about|how about)\b", re.IGNORECASE)
_ANY_GOOD = re.compile(r"\b(?:are|is) (?:they|it) (?:any )?good\b|\bwhat are they like\b", re.IGNORECASE)


def taken_up(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """One of two just compared is chosen ("ok NPQEL then"), or it is asked what providers just named are like."""
    last = context.topics[0] if context.topics else ""
    meant = ""
    if last == "compare" and said.intent == "follow_up" and len(said.programmes) == 1:
        meant = "about" if _CHOSEN.search(said.text.strip()) and not _AGAINST.search(said.text) else ""
    elif last == "providers" and _ANY_GOOD.search(said.text):
        meant = last
    return replace(said, intent=knowledge.topics[meant].intent, topics=(meant,)) if meant else said


def adds_to(said: Understood) -> bool:
    """Whether a message by its form asks more about what was spoken of ("what about the funding")."""
    short = len(said.text.split()) <= MOST_WORDS
    return short and not (said.programmes or said.providers) and bool(_ADDS.search(said.text.strip()))


def going_on(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """A short message whose reading is a guess is about the last topic, where one of its facts has words of it."""
    enough = A_GUESS if said.intent in LOOKING_BACK else UNSURE
    sure = said.confidence >= enough and said.intent != "follow_up"
    if said.crisis or sure or said.names_something:
        return said
    topic = knowledge.topics.get(context.topics[0]) if context.topics else None
    if topic is None or not says_more(said.text, context.topics, knowledge, MOST_WORDS):
        return said
    return replace(said, intent=topic.intent, topics=(topic.id,), ranking=((topic.intent, 1.0), *said.ranking))


def looking_ahead(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """At the start nobody speaks of the last answer: where that is an unsure guess, the next likeliest is meant."""
    if said.intent not in LOOKING_BACK or context.said or said.confidence >= LOOKED_BACK:
        return said
    for intent, _ in said.ranking[1:2]:
        topic = knowledge.by_intent.get(intent)
        if topic is not None and topic.in_scope:
            return replace(said, intent=intent, topics=(topic.id,))
    return said
