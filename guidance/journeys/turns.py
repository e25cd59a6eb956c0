"""Runs the journeys: which one a message starts, what answers it, what is a question in between."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.compare import COMPARED
from guidance.enquiry import ACKNOWLEDGED, enquire, meant
from guidance.journeys.funding import AGAIN, FundingCheck
from guidance.journeys.interest import RegisterInterest
from guidance.journeys.interest_aside import is_sensitive
from guidance.journeys.interest_correcting import field_named
from guidance.journeys.interest_words import CHANGE
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.recommending import Recommending
from guidance.journeys.rights import requested, with_request
from guidance.journeys.rights_words import kind_of
from guidance.journeys.senco import SencoClock
from guidance.journeys.words import (
    CANCEL,
    CORRECTING,
    ENOUGH,
    START_OVER,
    WHAT_IF,
    asks_anything,
    asks_why,
    is_question,
)
from guidance.knowledge import Knowledge
from guidance.question import Context, Understood
from guidance.reply import Answer, Button

JOURNEYS: tuple[Journey, ...] = (RegisterInterest(), SencoClock(), Recommending(), FundingCheck())
MOST_BUBBLES = 4
MOST_BUTTONS = 3
OFFERED = "journey:"  # before the id of a journey among the steps offered
SURE = 0.5  # of a topic, for a message that is no question to count as one in between
BRIEF = 8  # words of a message that changes an answer after the outcome
CRISIS_IN_A_FORM = 0.97
NAMES_A_FIELD = 2  # words: "my email"
DELETE_ALL = re.compile(
    r"(?:please |just |can you )?(?:delete|remove|erase|wipe|bin|scrap|forget) (?:everything|it(?: all)?|this|that"
    r"|all(?: of (?:it|this))?|me|the lot)"
    r"(?: please| now)?[\s.!]*",
    re.IGNORECASE,
)
SURE_OF_TROUBLE = 0.8  # without words that surely tell of it, in the middle of a form
FIELDS_BUT_DATA = ("email", "phone", "name", "role", "school", "cohort", "programme")
SOCIAL = ("greet", "goodbye", "praise", "mood", "bot_identity", "affirm", "deny", "feedback_bad")
URGENT = ("crisis", "data_rights", "complaint", "person")
STOPPING = re.compile(r"(please )?(stop|cancel|quit|exit|abort|never ?mind|forget (it|this))\b", re.IGNORECASE)
STOP = Button("Cancel", "cancel")


def begin(said: Understood, reply: Answer, before: Context, after: Context, here: Setting) -> tuple[Answer, Context]:
    """Start the journey that a message asks for, beside or instead of the answer found for it."""
    topics = tuple(dict.fromkeys((*_topics(said, here.knowledge), *reply.topics)))
    said = replace(said, programmes=said.programmes or meant(reply.topics, here.knowledge))
    for journey in JOURNEYS:
        progress = journey.wanted(said, topics, before, here)
        if progress is None:
            continue
        if progress.offered and (reply.asking not in (None, "role") or reply.status not in ("answered", "clarify")):
            continue
        step, progress = journey.step(journey.opened(said, progress, before, here), here)
        asks = asks_anything(said.text) or journey.id != RegisterInterest.id
        asks = asks and not progress.answers.get("alone")
        rest = _of_other_topics(journey, said, reply, before, here) if asks else None
        return _beside(reply, rest, step, progress), _kept(after, progress, step)
    return _inviting(reply, after)


def _inviting(reply: Answer, after: Context) -> tuple[Answer, Context]:
    """The answer with the journey that fits it as the first next step."""
    if reply.asking or reply.status not in ("answered", "handover"):
        return reply, after
    fitting = [journey for journey in JOURNEYS if set(journey.near) & set(reply.topics[:1])]
    if not fitting:
        return reply, after
    invitations = tuple(journey.invitation for journey in fitting)
    titles = {button.title for button in invitations}
    others = tuple(button for button in reply.buttons if button.title not in titles)
    buttons = (*invitations, *others)[:MOST_BUTTONS]
    offered = tuple(OFFERED + journey.id for journey in fitting)
    return replace(reply, buttons=buttons), replace(after, offered=(*offered, *after.offered))


def accepted(said: Understood, context: Context, here: Setting) -> tuple[Answer, Context] | None:
    """The journey offered last, where the message says yes to it."""
    first = context.offered[0] if context.offered else ""
    if said.intent != "affirm" or not first.startswith(OFFERED) or ACKNOWLEDGED.fullmatch(said.text.strip()):
        return None
    journey = next(item for item in JOURNEYS if item.id == first.removeprefix(OFFERED))
    pressed = replace(said, text=journey.invitation.payload)
    progress = journey.wanted(pressed, journey.near[:1], context, here)
    if progress is None:
        return None
    step, progress = journey.step(journey.opened(pressed, progress, context, here), here)
    return step, _kept(context, progress, step)


def _of_other_topics(
    journey: Journey, said: Understood, reply: Answer, before: Context, here: Setting
) -> Answer | None:
    """The answer to what the message asked beside the journey's own subject."""
    facts = [here.knowledge.facts[name] for name in reply.facts if name in here.knowledge.facts]
    own = {*journey.topics, *(set(COMPARED) - set(reply.topics) if "compare" in reply.topics else ())}
    topics = tuple(dict.fromkeys(fact.topic for fact in facts if fact.topic not in own))
    if not topics or reply.status != "answered":
        return None
    only = replace(said, intent=here.knowledge.topics[topics[0]].intent, topics=topics)
    rest, _ = enquire(only, before, here.knowledge, here.today, here.contact)
    return rest if rest.status == "answered" else None


def _beside(reply: Answer, rest: Answer | None, step: Answer, progress: Progress) -> Answer:
    """The journey's words, after the answer where it only offers itself or more was asked."""
    first = reply if progress.offered and not progress.done else rest
    if first is None:
        return step
    return replace(
        first,
        messages=(*first.messages[: MOST_BUBBLES - len(step.messages)], *step.messages),
        buttons=step.buttons,
        asking=step.asking,
        sources=tuple(dict.fromkeys((*first.sources, *step.sources)))[:3],
        programmes=first.programmes or step.programmes,
        topics=tuple(dict.fromkeys((*first.topics, *step.topics))),
        status="answered" if "answered" in (first.status, step.status) else first.status,
    )


def go_on(said: Understood, context: Context, here: Setting) -> tuple[Answer, Context] | None:
    """The turn of the journey under way; None where the message has nothing to do with it."""
    progress = Progress.from_dict(context.journey)
    journey = next((item for item in JOURNEYS if progress and item.id == progress.id), None)
    if progress is None or journey is None:
        return None
    if said.crisis:
        if not progress.done:
            journey.stop(here)
            here.privacy.message = True
        return None
    if progress.done:
        return _changed(journey, said, progress, context, here)
    sure = said.confidence >= SURE_OF_TROUBLE
    typing = journey.id == "interest"
    named = typing and field_named(said.text, FIELDS_BUT_DATA)
    changes = named and (CHANGE.search(said.text) or len(said.text.split()) <= NAMES_A_FIELD)
    changes = changes or (typing and kind_of(said.text) == "correct")  # what is not sent yet is changed at once
    if typing and not progress.done and DELETE_ALL.fullmatch(said.text.strip()):
        return _cancelled(journey, context, here)
    if typing and not changes and kind_of(said.text) == "erase":
        # what was typed is deleted at once; what may have been registered before is for the collector
        request = requested(said, here)
        words = (journey.stop(here), *(request.messages if request else ()))
        return Answer(words, "rights", topics=("data_rights",)), replace(context, journey=None, asking=None, offered=())
    told = journey.aside(said, progress, here)
    if told:
        return _said(journey, (told,), progress, context, here)
    # without words that surely tell of a crisis, a form that is not wanted is no crisis; what is private is not kept
    private = typing and said.intent == "crisis" and (is_sensitive(said.text) or said.confidence < CRISIS_IN_A_FORM)
    news = typing and progress.asking == "marketing" and not is_question(said.text)  # "no emails" answers it
    if said.intent in ("crisis", "data_rights") and not private and not news and sure and not changes:
        return _in_between(journey, said, progress, context, here)
    text = said.text.strip()
    refusing = progress.asking == "marketing" and not STOPPING.match(text)  # "don't bother" is about the news there
    if (CANCEL.fullmatch(text) and not refusing) or (len(text.split()) <= BRIEF and ENOUGH.search(text)):
        return _cancelled(journey, context, here)
    if START_OVER.fullmatch(text):
        return _again_from_the_start(journey, context, here)
    if asks_why(text):
        why = journey.why(progress, here)
        return _said(journey, (why,), progress, context, here)
    elsewhere = _switched(journey, said, context, here)
    if elsewhere is not None:
        return elsewhere
    heard = journey.hear(said, progress, context, here)
    if not heard.exact and _is_in_between(journey, said, heard, here):
        return _in_between(journey, said, progress, context, here)
    if heard.problem:
        return _said(journey, (heard.problem,), replace(progress, tries=progress.tries + 1), context, here, plain=True)
    if heard.progress is not None:
        step, further = journey.step(replace(heard.progress, tries=0), here)
        return step, _kept(context, further, step)
    if progress.offered:
        return None
    return _not_caught(journey, progress, context, here)


def _switched(journey: Journey, said: Understood, context: Context, here: Setting) -> tuple[Answer, Context] | None:
    """Another journey, where the message asks for just that: "can you help me choose instead"."""
    topics = _topics(said, here.knowledge)
    for other in JOURNEYS:
        progress = None if other is journey else other.wanted(said, topics, context, here)
        if progress is not None and progress.explicit:
            step, progress = other.step(other.opened(said, progress, context, here), here)
            paused = context.journey if isinstance(journey, RegisterInterest) else None
            return step, replace(_kept(context, progress, step), paused=paused)
    return None


def _is_in_between(journey: Journey, said: Understood, heard: Heard, here: Setting) -> bool:
    """Whether a message asks something else, rather than answering."""
    asked = is_question(said.text)
    topics = _topics(said, here.knowledge)
    other = [topic for topic in topics if topic not in journey.topics]
    if heard:
        return asked and bool(other) and not WHAT_IF.search(said.text)
    if said.intent in ("oos_off_topic", "start_over") and not asked:
        return False  # whatever it is, it is no question
    confident = said.confidence >= SURE
    if said.intent in SOCIAL or said.intent == "nlu_fallback":
        return said.intent in ("greet", "praise", "bot_identity") and confident
    return bool(topics) and (asked or confident)


def _topics(said: Understood, knowledge: Knowledge) -> tuple[str, ...]:
    """What a message asks about, by its intent and its words."""
    own = knowledge.by_intent.get(said.intent)
    named = [name for name in said.topics if name in knowledge.topics]
    return tuple(dict.fromkeys([*([own.id] if own else []), *named]))


def _in_between(
    journey: Journey, said: Understood, progress: Progress, context: Context, here: Setting
) -> tuple[Answer, Context] | None:
    """Answer the question, then come back to where the journey was."""
    if progress.offered:
        return None
    reply, after = enquire(said, context, here.knowledge, here.today, here.contact)
    reply = with_request(reply, said, here)
    if reply.status == "crisis":
        journey.stop(here)
        return reply, replace(after, journey=None, asking=None)
    question = journey.again(progress, here)
    back = f"Back to {journey.name}. {question.messages[-1]}"
    resumed = replace(
        reply,
        messages=(*reply.messages[: MOST_BUBBLES - 1], back),
        buttons=with_stop(question.buttons),
        asking=question.asking,
    )
    return resumed, replace(after, journey=progress.to_dict(), asking=question.asking)


def with_stop(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """The buttons, with one that cancels."""
    return buttons if STOP.payload in {button.payload for button in buttons} else (*buttons, STOP)


def _changed(
    journey: Journey, said: Understood, progress: Progress, context: Context, here: Setting
) -> tuple[Answer, Context] | None:
    """After the outcome: another answer to one of its questions decides again."""
    own = [topic for topic in _topics(said, here.knowledge) if topic not in journey.topics]
    changing = bool(WHAT_IF.search(said.text) or CORRECTING.match(said.text.strip()))
    changing = changing or journey.listens(said)
    brief = len(said.text.split()) <= BRIEF and not is_question(said.text)
    if not (changing or said.intent == "follow_up" or brief):
        return None
    confident = said.confidence >= SURE
    if own and not changing and (is_question(said.text) or (confident and said.intent.startswith("ask_"))):
        return None
    heard = journey.hear(said, progress, context, here)
    if heard.problem:
        return Answer((heard.problem,), "form", topics=journey.topics[:1], buttons=heard.buttons), context
    if heard.progress is None:
        return None
    step, further = journey.step(replace(heard.progress, tries=0, offered=False, asked=(AGAIN,)), here)
    return step, _kept(context, further, step)


def _cancelled(journey: Journey, context: Context, here: Setting) -> tuple[Answer, Context]:
    reply = Answer((journey.stop(here),), "social")
    return reply, replace(context, journey=None, asking=None, offered=())


def _again_from_the_start(journey: Journey, context: Context, here: Setting) -> tuple[Answer, Context]:
    fresh = journey.opened(Understood("", ""), Progress(journey.id, asked=(AGAIN,)), Context(), here)
    step, progress = journey.step(fresh, here)
    step = replace(step, messages=(f"Starting {journey.name} again. {step.messages[0]}", *step.messages[1:]))
    return step, _kept(replace(context, programmes=(), roles=(), settings=()), progress, step)


def _said(
    journey: Journey,
    words: tuple[str, ...],
    progress: Progress,
    context: Context,
    here: Setting,
    *,
    plain: bool = False,
) -> tuple[Answer, Context]:
    """Something said about the question, then the question again (`plain`: the words ask it themselves)."""
    question = journey.again(progress, here)
    messages = words if plain and progress.tries <= 1 else (*words, question.messages[-1])
    buttons = question.buttons if progress.tries < 2 else with_stop(question.buttons)
    reply = replace(question, messages=messages, buttons=buttons)
    return reply, _kept(context, progress, reply)


def _not_caught(journey: Journey, progress: Progress, context: Context, here: Setting) -> tuple[Answer, Context]:
    """Neither an answer nor a question: ask again, from the second time on with a way out."""
    tried = replace(progress, tries=progress.tries + 1)
    if tried.tries < 2:
        return _said(journey, ("I did not catch that as an answer.",), tried, context, here)
    way_out = (
        f"I still did not get that. Choose one of these, say cancel to stop, or ask a person: {here.contact}. "
        "You can also ask me something else."
    )
    return _said(journey, (way_out,), tried, context, here)


def _kept(context: Context, progress: Progress, step: Answer) -> Context:
    topics = tuple(dict.fromkeys((*step.topics, *context.topics)))  # its own first: "and if I don't?"
    told = replace(context, topics=topics, programmes=step.programmes or context.programmes, offered=())
    return replace(told, journey=progress.to_dict(), asking=step.asking, misses=0)
