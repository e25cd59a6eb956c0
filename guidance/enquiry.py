"""One question: what was understood, in its conversation, becomes an answer and a new context."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from guidance.answers import answer
from guidance.closer import closer
from guidance.continuing import BY_WHAT_CAME_BEFORE, adds_to
from guidance.either import either
from guidance.feelings import felt, stressed
from guidance.knowledge import Knowledge, Topic
from guidance.not_understood import not_understood
from guidance.question import DEFAULT_CONTACT, Context, Question, Understood, in_one_place
from guidance.remembering import remember
from guidance.reply import Answer, Button
from guidance.selection import says_more
from guidance.stale import chosen_namesake

MOST_TOPICS = 4
WHICH = re.compile(
    r"\b(best|right|suits?|which|recommend\w*|should i|also|i['’]?m|i (am|run|lead|teach)"
    r"|(is|are) there (one|an npq|any|anything) for)\b",
    re.IGNORECASE,
)
NPQS = "what_is_npq"  # asked with an NPQ named, that one is meant: "is there an npq for maths"
SHORT_MESSAGE = 5
# "Do you have anything on behaviour": asks for what there is about something.
OFFERED = re.compile(
    r"\b(?:do you (?:have|do|offer|run|know)|have you(?: got)?|is there|are there|got)\b.{0,20}"
    r"\b(?:anything|something|any|one|ones|courses?|npqs?)\b|^(?:anything|something|any)\b",
    re.IGNORECASE,
)
ALL_NPQS = re.compile(r"\b(npqs|qualifications|courses|programmes)\b", re.IGNORECASE)
CONTINUING = ("follow_up", "more", "affirm")
DECLINING = ("deny", "feedback_bad")
UNSURE = "nlu_fallback"
DOUBTED = (
    "crisis",
    "data_rights",
    "complaint",
    "abuse",
    "greet",
    "goodbye",
    "praise",
    "mood",
    "bot_identity",
    "thanks",
)  # a wrong guess does harm
SURE_ENOUGH = 0.35
SURE_OF_A_CRISIS = 0.5  # without words that surely tell of one: "i don't want to" is about a course
SURE_OF_A_LANGUAGE = 0.6  # beside something that has a name with us: "dep head" is English
REFUSED_TOGETHER = 0.4  # of the confidence, on subjects that are not ours, whichever of them it is
WHO_I_AM = re.compile(
    r"^(hi|hello|hey)?[,.!\s]*(i'?m|i am|i've|i have|i work|i lead|i run|i teach|we are|we're)\b", re.IGNORECASE
)
NAME_ONLY = 2  # words of a message that only names something
ACKNOWLEDGED = re.compile(
    r"(ah|oh|ok|okay|k|right|alright|i see|got it|fine|noted|understood|hmm+|good|cool)"
    r"([\s,]+(then|ok|okay|right|i see|got it|good|thats? fine|makes sense))*[\s.!]*",
    re.IGNORECASE,
)
ORDINAL = re.compile(
    r"(?:the |number |option )*(?:(1|1st|first)|(2|2nd|second)|(3|3rd|third|last))(?: one| option)?(?: please)?[.!]*",
    re.IGNORECASE,
)
THEY_OFFER = re.compile(r"\bdo they (also )?(do|offer|run|have|teach|provide)\b", re.IGNORECASE)
THEIRS = re.compile(r"\b(they|them|their)\b", re.IGNORECASE)


def enquire(
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
    else:
        said = chosen_namesake(said, context, knowledge) or felt(stressed(either(in_one_place(said)), knowledge))
    for by_what_came_before in (*BY_WHAT_CAME_BEFORE, _only_named):
        said = by_what_came_before(said, context, knowledge)
    if not _sure_enough(said, knowledge):
        said = replace(said, intent=UNSURE)
    if said.intent in DECLINING and context.misses and not _chosen(said, context, knowledge):
        return not_understood(said, context, knowledge, today, contact)
    topics = topics_asked(said, context, knowledge)
    if not topics:
        return not_understood(said, context, knowledge, today, contact)
    question = closer(_question(said, topics, context, knowledge, today, contact), knowledge)
    reply = answer(question, knowledge)
    if not reply.messages:
        return not_understood(said, context, knowledge, today, contact)
    if said.intent == "more":
        reply = _more(reply, question, context, knowledge)
    if said.intent == "start_over":
        return reply, Context(misses_ever=context.misses_ever)
    return reply, remember(reply, question, context, knowledge)


def topics_asked(said: Understood, context: Context, knowledge: Knowledge) -> tuple[str, ...]:
    """What the message asks about; empty when it is not understood."""
    chosen = _chosen(said, context, knowledge)
    if chosen:
        return chosen
    if said.intent == "more" and context.topics:
        return context.topics
    if context.providers and said.programmes and THEY_OFFER.search(said.text):
        return ("providers",)
    if said.intent in ("follow_up", "nlu_fallback"):
        return _continued(said, context, knowledge)
    if said.intent == "ask_provider_offer" and said.providers:
        return (_of_providers(said, knowledge),)
    topic = knowledge.by_intent.get(said.intent)
    found = [name for name in said.topics if name in knowledge.topics]
    if topic is not None and topic.id == NPQS and (said.roles or said.aims) and WHICH.search(said.text):
        return ("which_npq",)
    if topic is not None and topic.id == NPQS and said.programmes and NPQS not in found[1:]:
        return ("about", *[name for name in found if name not in (NPQS, "about")][: MOST_TOPICS - 1])
    particular = said.programmes or said.aims or any(knowledge.topics[name].about for name in found)
    if topic is not None and topic.id != NPQS and particular and len(found) > 1:
        found = [name for name in found if name != NPQS]  # "is there one for that" beside what more is asked of it
    if topic is not None and topic.id not in found:
        found.insert(0, topic.id)
    urgent = [name for name in found if knowledge.topics[name].status in ("crisis", "rights")]
    if urgent:
        return tuple(urgent[:1])
    if topic is not None and not topic.in_scope and len(found) == 1:
        return (topic.id,)
    asked = [name for name in found if knowledge.topics[name].in_scope]
    if not asked:
        return tuple(found[:1])
    refused = [name for name in found if name in said.parts and knowledge.topics[name].status == "out_of_scope"]
    return tuple(name for name in found if name in [*asked[:MOST_TOPICS], *refused[:1]])


def _chosen(said: Understood, context: Context, knowledge: Knowledge) -> tuple[str, ...]:
    """The step taken of those offered: by "yes" the first not yet answered; by its place where a choice was asked."""
    place = ORDINAL.fullmatch(said.text.strip())
    if place and place.lastindex and context.asking == "topic" and place.lastindex <= len(context.offered):
        return (context.offered[place.lastindex - 1],)
    if said.intent != "affirm" or ACKNOWLEDGED.fullmatch(said.text.strip()):
        return ()
    facts = knowledge.facts
    answered = {facts[name].topic if name in facts else name.split(".")[0] for name in context.said}
    return tuple(name for name in context.offered if name in knowledge.topics and name not in answered)[:1]


def _sure_enough(said: Understood, knowledge: Knowledge) -> bool:
    """Whether a guess at a crisis, a right, small talk or a refusal is sure enough to be acted on."""
    topic = knowledge.by_intent.get(said.intent)
    if topic is None or said.crisis:
        return True
    if said.intent == "other_language":
        return not said.names_something or said.confidence >= SURE_OF_A_LANGUAGE
    refusing = topic.status == "out_of_scope" and said.names_something
    doubted = said.intent in DOUBTED or refusing
    enough = SURE_OF_A_CRISIS if said.intent == "crisis" else SURE_ENOUGH
    if not doubted or said.confidence >= enough:
        return True
    return refusing and _refused(said, knowledge) >= REFUSED_TOGETHER


def _refused(said: Understood, knowledge: Knowledge) -> float:
    """How likely it is that the message is about one of the subjects which are not ours."""
    topics = ((knowledge.by_intent.get(intent), value) for intent, value in said.ranking)
    return sum(value for topic, value in topics if topic is not None and topic.status == "out_of_scope")


def _only_named(said: Understood, context: Context, knowledge: Knowledge) -> Understood:
    """In a conversation, "private nursery" tells where somebody works; it is no question on childcare."""
    topic = knowledge.by_intent.get(said.intent)
    named = bool(said.settings or said.roles or said.providers or said.phases)
    named = named or says_more(said.text, context.topics, knowledge)
    if topic is None or topic.status != "out_of_scope" or not context.topics or not named:
        return said
    return replace(said, intent="follow_up", topics=()) if len(said.text.split()) <= NAME_ONLY else said


def _of_providers(said: Understood, knowledge: Knowledge) -> str:
    """The old offer of the providers named, where one is known, else what they run today."""
    return "provider_offer" if any(knowledge.providers[name].page for name in said.providers) else "providers"


def _continued(said: Understood, context: Context, knowledge: Knowledge) -> tuple[str, ...]:
    """A message which names something but asks nothing by itself: the topic goes on."""
    terms = tuple(name for name in said.topics if name in knowledge.topics and knowledge.topics[name].in_scope)
    if terms:
        return terms[:MOST_TOPICS]
    short = len(said.text.split()) <= SHORT_MESSAGE
    if said.intent == "follow_up" or short:
        if (said.names_something or said.phases) and context.topics:
            return context.topics
        if says_more(said.text, context.topics, knowledge):
            return context.topics[:1]
        if said.programmes and said.settings:  # "hospital teacher wants npqsenco"
            return ("eligibility", "funding")
        if said.programmes:
            return ("about",)
        if said.providers:
            return (_of_providers(said, knowledge),)
        if said.roles:
            return ("which_npq",)
        if said.settings:
            return ("funding",)
    if said.intent == "nlu_fallback" and said.programmes and OFFERED.search(said.text):
        return ("about",)
    elsewhere = _refused(said, knowledge) > SURE_ENOUGH
    if said.roles and (said.aims or (not elsewhere and (said.programmes or WHO_I_AM.match(said.text)))):
        return ("which_npq",)  # a story: who I am, the one I have in mind, where I want to go
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
    pressed = any(said.text == knowledge.topics[name].example for name in topics)  # a button: about the same NPQ
    if not programmes and (pressed or any(_takes_programme(knowledge.topics[name], said) for name in topics)):
        programmes = context.programmes
    programmes = programmes or meant(topics, knowledge)
    if "compare" in topics and len(said.programmes) == 1:
        programmes = tuple(dict.fromkeys((*context.programmes, *said.programmes)))
    carried = said.intent in CONTINUING or THEIRS.search(said.text)
    named = said.programmes or said.providers
    elsewhere = said.intent == "follow_up" and said.programmes  # "and NPQLBC?": not of the role now
    roles = () if elsewhere else context.roles
    if (named and said.intent == "follow_up") or (said.names_something and len(said.text.split()) <= NAME_ONLY):
        said = replace(said, hints={})  # a bare name is near in meaning to every question with a name
    return Question(
        said=said,
        topics=topics,
        programmes=tuple(code for code in programmes if code in knowledge.programmes),
        today=today,
        roles=said.roles or roles,
        settings=said.settings or context.settings,
        providers=said.providers or (context.providers if carried else ()),
        periods=said.periods or _periods(said.years, today, knowledge),
        contact=contact,
        before=context.topics if adds_to(said) else (),
    )


def meant(topics: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """The programmes that are meant where questions on several topics, one of them about a programme, name none."""
    return tuple(code for name in topics if (code := knowledge.topics[name].about)) if len(topics) > 1 else ()


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
            if further.messages and further.status != "clarify" and set(further.facts) - set(context.said):
                return further
    buttons = reply.buttons or (Button("What can you help with?", "What can you help with?"),)
    return Answer(
        ("That is all I know about this. You could ask about:",),
        "clarify",
        buttons=buttons,
        asking="topic",
    )


# How the turns before bear on what a message means, in this order.
