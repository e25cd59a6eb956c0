"""What a message means by what came before it: that it goes on with it, or that nothing came before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from guidance.knowledge import Fact, Knowledge
from guidance.question import Context, Understood
from guidance.selection import says_more

LOOKED_BACK = 0.5
LOOKING_BACK = ("source_check", "feedback_bad")  # these speak of an answer; before the first there is none
NOTHING = "nlu_fallback"  # the intent of what is like nothing that was learned
MOST_WORDS = 8  # of a message that only adds to the one before
UNSURE = 0.55  # below it a short message is as likely about what was spoken of
OFF_TOPIC = 0.7  # the same for what seems to be about nothing of ours: "which is nearest to Plymouth"
MEANT = 0.82  # nearness of the last answer where it is asked for again: without its yes or no
A_GUESS = 0.35  # the same where somebody may speak of the answer ("where is the link")
_ADDS = re.compile(
    r"^(?:(?:ok|okay|right|thanks|hmm|oh)\W+)*(?:and|so|but|then|what about|how about|would|will|do i|can it"
    r"|how long for|its|it's|it is|even if|what if|if)\b"
    r"|\b(?:them|those|these)\b",
    re.IGNORECASE,
)
WAITED_FOR = ("application_progress", "trn", "certificate", "funding_process")  # "how long" after these: until then
LENGTH = "duration"
_HOW_LONG = re.compile(
    r"(?:(?:and|ok|so)\W+)*how long(?: (?:is|does|will|would) (?:that|it|this)(?: take| be)?)?(?: for)?"
    r"(?: then| usually)?\W*",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"^(?:(?:ok|okay|right|fine|alright|so|well)\b\W*)|\bthen\W*$|\bgo (?:with|for)\b", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:compare\w*|versus|vs|against|differ\w*|what about|how about)\b", re.IGNORECASE)
_TELLS = re.compile(
    r"^(?:(?:and|ok|okay|oh|ah|so|well|sorry|no|yes|yeah|but)\W+)*"
    r"(?:i['’]?m|i am|i work|i teach|we['’]?re|we are|its|it['’]?s|it is|this is|for|in|at|from|as"
    r"|mine is|ours is|my \w+ is|an?|the|what about|how about)\b",
    re.IGNORECASE,
)
_CHECKS = re.compile(
    r"(?:(?:ok|okay|right|ah|oh|great|and|so|then)\W+)*"
    r"(?:(?:i['’]?m|i am|we['’]?re|we are|that['’]?s|its|it['’]?s|am i|are we|is that|i['’]?ll be|i should be)"
    r"\s+(?:all\s+)?(?:fine|ok|okay|good|sorted|covered|in the clear|safe|alright|all right|set)"
    r"|what (?:can|should|do) i do(?: about (?:it|that))?|which (?:one )?is it|which is right|honestly"
    r"|(?:s?he|they|my head)(?:['’]?s| is| was|['’]?re| are) wrong)"
    r"(?:\s+(?:then|now|yeah|right|there))*\W*",
    re.IGNORECASE,
)
_NOT_A_MOOD = re.compile(r"^(?:(?:and|ok|okay|so|but)\W+)*(?:what|how) about\b", re.IGNORECASE)
ABOUT_MONEY = ("cost", "funding_process", "school_list")  # after these, where one works bears on the funding
SAID_ABOUT_ONESELF = ("mood", "goodbye", "greet", "praise", "abuse", "thanks")
_CORRECTS = re.compile(r"\b(?:sorry|i me(?:an|ant)|rather|instead|(?:that|it) should (?:say|be))\b", re.IGNORECASE)
MOST_CORRECTED = 5  # words of a message that only puts a name right: "npqeyl sorry"
ONLY_NAMES = ("ask_about", "ask_providers")
_NAMES = re.compile(
    r"(?:(?:oh|ok|sorry|well)\W+)*(?:it['’]?s|it is|that['’]?s|this is|mine is"
    r"|(?:i['’]?m|we['’]?re|its|it['’]?s) (?:with|on|doing)|with|for)\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both|the two|either)\b(?! (?:of us|my|our|me|the (?:school|head|provider)))"
    r"|\bwhich(?: one| of (?:them|these|the two))?\b.{0,20}\b(?:more|less|most|least|\w+(?:er|est))\b",
    re.IGNORECASE,
)
LISTS = frozenset(("on_pp50_list", "on_rise_list", "on_childminder_list"))  # inputs of the funding rules
_FINDS_OUT = re.compile(
    r"(?:(?:ok|okay|so|and|right|well)\W+)*(?:how|where) (?:do|can|would|could|will|should) (?:i|we) "
    r"(?:find (?:that |this |it )?out|check(?: that| this| it)?|look (?:that|this|it) up|know|tell)\W*",
    re.IGNORECASE,
)
_ANY_GOOD = re.compile(r"\b(?:are|is) (?:they|it) (?:any )?good\b|\bwhat are they like\b", re.IGNORECASE)


def taken_up(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """One of two just compared is chosen ("ok NPQEL then"), or more is asked of the coaching offer or of providers."""
    last = context.topics[0] if context.topics else ""
    meant = ""
    if last == "compare" and said.intent == "follow_up" and len(said.programmes) == 1:
        meant = "about" if _CHOSEN.search(said.text.strip()) and not _AGAINST.search(said.text) else ""
    elif last == "ehco" and said.programmes == ("NPQH",) and said.intent in ("ask_mandatory", "ask_eligibility"):
        meant = last  # "do I need NPQH first": for the coaching offer
    elif last == "providers" and _ANY_GOOD.search(said.text):
        meant = last
    return replace(said, intent=knowledge.topics[meant].intent, topics=(meant,)) if meant else said


def adds_to(said: Understood) -> bool:
    """Whether a message by its form asks more about what was spoken of ("what about the funding")."""
    short = len(said.text.split()) <= MOST_WORDS
    return short and not (said.programmes or said.providers) and bool(_ADDS.search(said.text.strip()))


def waited_for(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """ "In review for weeks, how long does it take": until what was spoken of comes, not how long an NPQ is."""
    if LENGTH not in said.topics or said.topics[0] not in WAITED_FOR:
        return said
    if not _HOW_LONG.fullmatch(said.words_for(LENGTH).strip()):
        return said
    parts = {topic: words for topic, words in said.parts.items() if topic != LENGTH}
    return replace(said, topics=tuple(topic for topic in said.topics if topic != LENGTH), parts=parts)


def going_on(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """A short message whose reading is a guess is about the last topic, where one of its facts has words of it."""
    waited = bool(context.topics) and context.topics[0] in WAITED_FOR and _HOW_LONG.fullmatch(said.text.strip())
    sure = _is_sure(said) and not waited
    if said.crisis or sure or said.names_something:
        return said
    topic = knowledge.topics.get(context.topics[0]) if context.topics else None
    if topic is None or not says_more(said.text, context.topics, knowledge, MOST_WORDS):
        return said
    return replace(said, intent=topic.intent, topics=(topic.id,), ranking=((topic.intent, 1.0), *said.ranking))


def _is_sure(said: Understood) -> bool:
    """Whether a short message surely means what it is read as, whatever was spoken of."""
    enough = A_GUESS if said.intent in LOOKING_BACK else OFF_TOPIC if said.intent == "oos_off_topic" else UNSURE
    return said.confidence >= enough and said.intent not in ("follow_up", NOTHING)


def told_more(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """A short message that only tells a place, phase or job ("its a special school") goes on with the last topic.

    Only where a fact of that topic is for such a place or job; and not where the message surely asks something.
    """
    told = {"setting": said.settings, "role": said.roles, "phase": said.phases}
    short = len(said.text.split()) <= MOST_WORDS and "?" not in said.text.rstrip(" ?!.")
    if said.crisis or said.programmes or _is_sure(said) or not short or not context.topics:
        return said
    if not (any(told.values()) and (said.intent == "follow_up" or _TELLS.search(said.text.strip()))):
        return said
    last = context.topics[0]
    for topic in (last, "funding") if last in ABOUT_MONEY else (last,):
        if any(_depends(fact, told, context) for fact in knowledge.by_topic.get(topic, [])):
            goes_on = "follow_up" if topic == last else knowledge.topics[topic].intent
            return replace(said, intent=goes_on, topics=() if topic == last else (topic,))
    return said


def _depends(fact: Fact, told: Mapping[str, tuple[str, ...]], context: Context) -> bool:
    """Whether a fact is for a place, job or phase that was told, and for the NPQ spoken of."""
    if fact.when.programme and not set(fact.when.programme).intersection(context.programmes):
        return False
    return any(set(getattr(fact.when, name)).intersection(values) for name, values in told.items())


def checking(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """ "So I'm fine?", "what can I do then", "not NPQLPM then": the last answer is asked for once more."""
    only_ruled_out = said.ruled_out and not said.names_something and said.intent == "follow_up"
    if said.crisis or not (only_ruled_out or _CHECKS.fullmatch(said.text.strip())):
        return said
    fact = next((knowledge.facts[name] for name in reversed(context.said) if name in knowledge.facts), None)
    topic = knowledge.topics.get(fact.topic) if fact else None
    if fact is None or topic is None or not topic.in_scope:
        return said
    ranking = ((topic.intent, 1.0), *said.ranking)
    return replace(said, intent=topic.intent, topics=(topic.id,), ranking=ranking, hints={fact.id: MEANT})


def put_right(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """ "NPQEYL sorry" puts right which NPQ was meant, and "what about my head" is no mood: the topic goes on."""
    if said.crisis or not context.topics:
        return said
    brief = bool(said.programmes) and len(said.text.split()) <= MOST_CORRECTED
    named = brief and bool(_CORRECTS.search(said.text))
    named = named or (said.intent in ONLY_NAMES and _names_only(said))
    loose = said.intent in SAID_ABOUT_ONESELF or (said.intent == "oos_off_topic" and said.confidence < UNSURE)
    talk = loose and _NOT_A_MOOD.search(said.text.strip())
    return replace(said, intent="follow_up", topics=()) if named or talk else said


def _names_only(said: Understood) -> bool:
    """Whether it does no more than name an NPQ or a provider: "it's the literacy one", "I'm with NIoT"."""
    short = len(said.text.split()) <= MOST_CORRECTED and "?" not in said.text
    return short and bool(said.programmes or said.providers) and bool(_NAMES.match(said.text.strip()))


def both_of_them(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """ "How long are both": the NPQ spoken of and the one before it."""
    if said.programmes or len(context.programmes) != 1 or len(context.earlier) != 1:
        return said
    if len(said.text.split()) > MOST_WORDS or said.providers or not _BOTH.search(said.text):
        return said
    return replace(said, programmes=(*context.earlier, *context.programmes))


def looking_ahead(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """At the start nobody speaks of the last answer: where that is an unsure guess, the next likeliest is meant."""
    if said.intent not in LOOKING_BACK or context.said or said.confidence >= LOOKED_BACK:
        return said
    for intent, _ in said.ranking[1:2]:
        topic = knowledge.by_intent.get(intent)
        if topic is not None and topic.in_scope:
            return replace(said, intent=intent, topics=(topic.id,))
    return said


def finding_out(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """ "How do I find out", said after not knowing whether one's school is on a list, asks for the list."""
    unsure = (context.journey or {}).get("unsure") or ()
    if "school_list" not in knowledge.topics or not LISTS.intersection(unsure):
        return said
    if not _FINDS_OUT.fullmatch(said.text.strip()):
        return said
    intent = knowledge.topics["school_list"].intent
    return replace(said, intent=intent, topics=("school_list",), ranking=((intent, 1.0), *said.ranking))


BY_WHAT_CAME_BEFORE = (
    waited_for,
    taken_up,
    checking,
    put_right,
    going_on,
    told_more,
    looking_ahead,
    both_of_them,
    finding_out,
)
