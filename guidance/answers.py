"""Question -> Answer: which bubbles to say, with their sources, and what to offer next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from guidance.compare import comparison
from guidance.intakes import next_start
from guidance.knowledge import Fact, Knowledge
from guidance.mentions import plain_words
from guidance.old_pages import introduced, is_from_old_page, left_providers
from guidance.polarity import spoken
from guidance.question import Question
from guidance.reply import Answer, Button, cite
from guidance.selection import SAME, Candidate, candidates, general_fact, is_of_some, is_own, is_unsaid, said_in_full
from guidance.several import beside, covered_by
from guidance.stale import corrections, namesake_question

MOST_BUBBLES = 4
MOST_BUTTONS = 3
MOST_LISTED = 4
FAIRLY_SURE = 0.74  # nearness in meaning from which a fact can stand alone
NEAR = 0.55  # nearness in meaning which bears out a fact chosen by a word
TIED = 0.0005  # apart in nearness
WHO_MAY = ("early_years", "ect", "fe", "independent", "international", "non_teacher", "part_time", "supply")
MUCH_THE_SAME = 0.4  # of the words of two bubbles
# What is said on one of these in general stands in a fact of another that is said alone.
ON_FUNDING = frozenset(("funding", "school_list", "funding_process", "funded_before"))
# A question that asks of what was just said: "we are listed, is it free then".
REFERS = re.compile(r"\b(that|this|it|its|it['’]s|then|who (pays|funds))\b", re.IGNORECASE)

# A question that goes back to the year told beside it: "I worked there in 2023. Was it funded then".
GOES_BACK = re.compile(r"\b(was|were|did|had|then|that year|those days|back)\b|\d{2}", re.IGNORECASE)

Bubble = tuple[str, list[Fact]]


def answer(question: Question, knowledge: Knowledge) -> Answer:
    """Answer every topic of the question, in the order asked."""
    which = namesake_question(question, knowledge)
    if which is not None:
        return which
    corrected, topics = corrections(question, knowledge)
    topics = [name for name in topics if name != "about" or "compare" not in topics]  # which says what each is
    bubbles: list[Bubble] = [(fact.said(), [fact]) for fact in corrected]
    for topic in topics:
        said = _covered(question, topic, topics, knowledge) or about_topic(question, topic, knowledge)
        bubbles += [item for item in said if item not in bubbles]
    bubbles = _fair(_without_repeats(_without_generalities(bubbles, question, knowledge)), len(corrected))
    facts = [fact for _, used in bubbles for fact in used]
    status, asking = _status(question, topics, facts, knowledge)
    return Answer(
        messages=tuple(text.replace("{contact}", question.contact) for text, _ in bubbles),
        status=status,  # type: ignore[arg-type]
        topics=question.topics,
        programmes=question.programmes,
        facts=tuple(fact.id for fact in facts),
        sources=cite(facts, knowledge) if status in ("answered", "handover", "clarify") else (),
        buttons=_next_steps(question, topics or list(question.topics), knowledge),
        asking=asking,
    )


def about_topic(question: Question, topic: str, knowledge: Knowledge) -> list[Bubble]:
    """The bubbles for one topic: text and the facts it was made of."""
    if knowledge.topics[topic].about and not question.said.programmes:
        question = replace(question, programmes=())  # all its facts are about that one: it tells them not apart
    if topic == "which_npq":
        question = replace(question, roles=knowledge.recommend.particular(question.roles))
    question = _today(question, topic)
    found = candidates(question, topic, knowledge)
    if topic == "compare" and len(question.programmes) > 1:
        near = found and found[0].similarity >= SAME and not _is_general(found[0].fact, question, knowledge)
        special = near or (found and "mentions" in found[0].dimensions)
        first = [say(found[0].fact, question, knowledge)] if special else []
        if first and ("which_npq" in question.said.topics or not _names_all(found[0].fact, question)):
            return first  # beside a choice, or about comparing as such: without the list of what each is
        return [*first, *comparison(question, knowledge)]
    if not found:
        return []
    lead = _lead(found, question, topic, knowledge)
    bubbles = [*left_providers(question, topic, knowledge)]
    listed = _each_programme(question, topic, found, knowledge)
    if listed and (lead.fact.when.programme or not lead.specific):
        return [*bubbles, listed]
    other, earlier = beside(lead, found, question.said.words_for(topic))
    if other is not None and earlier:
        lead, other = other, lead
    bubbles.append(_answering(lead, question, knowledge))
    second = other or _second(lead, found, question, topic, knowledge)
    if second is not None:
        bubbles.append(listed if listed and second.fact.when.programme else _answering(second, question, knowledge))
    return bubbles


def _today(question: Question, topic: str) -> Question:
    """Without the years of what is told beside it: "I left NPQLT in 2023, would they fund NPQSL" asks of now."""
    part = question.said.parts.get(topic)
    if part is None or not (question.said.years or question.said.periods) or GOES_BACK.search(part):
        return question
    return replace(question, periods=(), said=replace(question.said, periods=(), years=()))


def _covered(question: Question, topic: str, topics: Sequence[str], knowledge: Knowledge) -> list[Bubble]:
    """What another topic of the question says about this one: "and is it funded" after deferring is about that."""
    fact = covered_by(question, topic, topics, knowledge)
    return [say(fact, question, knowledge)] if fact else []


def _names_all(fact: Fact, question: Question) -> bool:
    return all(code in fact.text for code in question.programmes)


def _answering(candidate: Candidate, question: Question, knowledge: Knowledge) -> Bubble:
    text, facts = say(candidate.fact, question, knowledge)
    return spoken(text, candidate, question.said.words_for(candidate.fact.topic)), facts


def say(fact: Fact, question: Question, knowledge: Knowledge) -> tuple[str, list[Fact]]:
    """A fact as it is said today: an expired one as the last known, an old page as what it said then."""
    text = introduced(fact, knowledge) or fact.said()
    if fact.valid_until and fact.valid_until < question.today and not question.about_the_past:
        text = f"The last rule I know of ran to {fact.valid_until:%B %Y}. It said: {text}"
    return text, [fact]


def _lead(found: list[Candidate], question: Question, topic: str, knowledge: Knowledge) -> Candidate:
    """The best fact; today's before an old page of a provider that still exists."""
    best = found[0]
    if topic == "dates" and not best.fact.when:
        computed = next_start(knowledge, question.today)
        return Candidate(computed, 0.5, frozenset()) if computed else best
    if is_from_old_page(best.fact, knowledge) and not question.about_the_past and topic != "provider_offer":
        provider = knowledge.providers[best.fact.when.provider[0]]
        today = [item for item in found if not is_from_old_page(item.fact, knowledge)]
        if provider.status == "current" and today:
            return today[0]
    return best


def _second(
    lead: Candidate, found: list[Candidate], question: Question, topic: str, knowledge: Knowledge
) -> Candidate | None:
    """A second fact where the question has a side which the first does not speak about."""
    if lead.fact.alone or (question.periods and "period" in lead.dimensions):
        return None
    others = [item for item in found if item.fact.id != lead.fact.id and not item.fact.alone]
    if not is_of_some(lead.fact, question):
        others = [item for item in others if is_own(item.fact) or not is_of_some(item.fact, question)]
    # two roles or two providers in one question: each gets its own fact
    for item in others:
        for name in ("role", "provider", "setting"):
            mine, theirs = getattr(lead.fact.when, name), getattr(item.fact.when, name)
            if name in item.dimensions and mine and theirs and not set(mine) & set(theirs):
                return item
    if lead.similarity >= SAME:
        # The same words stand in the asks of both: it takes the two to answer.
        tied = (item for item in others if lead.similarity - item.similarity < TIED)
        return next((item for item in tied if not is_unsaid(item)), None)
    spoken = lead.dimensions | {"asks", "mentions"}
    if "mentions" in lead.dimensions and not question.said.programmes:
        spoken |= {"programme"}  # "who marks that": the NPQ was named before, and its own answer was said then
    for item in others:
        if item.dimensions - spoken and not (lead.dimensions & {"setting"} and item.dimensions == {"programme"}):
            return item
    by_a_word = lead.dimensions == {"mentions"} and lead.similarity < NEAR
    by_a_word = by_a_word and not said_in_full(lead.fact, plain_words(question.said.words_for(topic)))
    unsure = lead.dimensions == {"asks"} and lead.similarity < FAIRLY_SURE
    if (unsure or by_a_word) and topic != "dates":
        # Chosen by one word in it, or by its meaning but not surely: the topic's general answer goes with it.
        return next((item for item in others if not item.fact.when and not item.specific), None)
    return None


def _each_programme(
    question: Question, topic: str, found: list[Candidate], knowledge: Knowledge
) -> tuple[str, list[Fact]] | None:
    """One bubble listing the topic for each of several programmes; None for fewer than two."""
    lines, facts = [], []
    for code in question.programmes[:MOST_LISTED]:
        own = [item.fact for item in found if item.fact.when.programme == [code] and not item.fact.when.setting]
        if own:
            short = own[0].said_short() or own[0].said()
            lines.append(f"{knowledge.programmes[code].label}: {short.rstrip('.')}.")
            facts.append(own[0])
    if len(facts) < 2:
        return None
    return "\n".join([f"{knowledge.topics[topic].title}:", *lines]), facts


def _without_generalities(bubbles: Sequence[Bubble], question: Question, knowledge: Knowledge) -> list[Bubble]:
    """Leave out what holds of funding in general beside a fact on funding that is to be said alone."""
    if not any(used[0].alone and used[0].topic in ON_FUNDING for _, used in bubbles):
        return list(bubbles)
    parts = question.said.parts
    same = [name for name in ON_FUNDING.intersection(question.topics) if REFERS.search(parts.get(name, "it"))]
    general = [general_fact(question, name, knowledge) for name in same]
    return [item for item in bubbles if item[1][0].alone or not (item[1][0] in general or _of_one(item, same))]


def _of_one(bubble: Bubble, topics: Sequence[str]) -> bool:
    """Whether it is what is said of one programme on one of these topics, whatever the case."""
    return bubble[1][0].topic in topics and is_own(bubble[1][0])


def _without_repeats(bubbles: Sequence[Bubble]) -> list[Bubble]:
    """Leave out a bubble that says much the same as an earlier one about another topic."""
    kept: list[Bubble] = []
    for text, facts in bubbles:
        topic = facts[0].topic
        if any(_narrower(facts[0], used[0]) for _, used in bubbles):
            continue
        if not any(_same(text, other) for other, used in kept if used[0].topic != topic):
            kept.append((text, facts))
    return kept


def _fair(bubbles: Sequence[Bubble], corrected: int) -> list[Bubble]:
    """At most as many as are said at once: the first of each topic before the second of any."""
    turns: dict[str, int] = {}
    ranked = []
    for place, bubble in enumerate(bubbles):
        topic = bubble[1][0].topic
        turns[topic] = turns.get(topic, -1) + 1
        ranked.append((0 if place < corrected else turns[topic], place))
    kept = sorted(place for _, place in sorted(ranked)[:MOST_BUBBLES])
    return [bubbles[place] for place in kept]


def _same(text: str, other: str) -> bool:
    words, others = set(text.lower().split()), set(other.lower().split())
    return len(words & others) / len(words | others) > MUCH_THE_SAME


def _narrower(fact: Fact, other: Fact) -> bool:
    """Whether another fact on who may take one says it more closely: for that place, or for people like them."""
    if fact.topic != "eligibility" or other.topic not in WHO_MAY:
        return False
    widely = not (fact.when.setting or fact.when.role or fact.when.mentions or fact.when.period)
    return bool(set(fact.when.setting) & set(other.when.setting)) or (widely and bool(fact.when.programme))


def _status(
    question: Question, topics: Sequence[str], facts: Sequence[Fact], knowledge: Knowledge
) -> tuple[str, str | None]:
    statuses = [_status_of(topic, facts, knowledge) for topic in topics or question.topics]
    for urgent in ("crisis", "rights"):
        if urgent in statuses:
            return urgent, None
    if topics == ["which_npq"] and len(facts) == 1 and _is_general(facts[0], question, knowledge):
        return "clarify", "role"
    if topics == ["compare"] and len(question.programmes) < 2 and _is_general(facts[0], question, knowledge):
        return "clarify", "programme"
    for better in ("answered", "handover", "clarify", "out_of_scope"):
        if better in statuses:
            return better, None
    return statuses[0] if statuses else "answered", None


def _status_of(topic: str, facts: Sequence[Fact], knowledge: Knowledge) -> str:
    """The topic's status, or that of the first fact said about it where the fact has its own."""
    own = next((fact.status for fact in facts if fact.topic == topic), None)
    return own or knowledge.topics[topic].status


def _is_general(fact: Fact, question: Question, knowledge: Knowledge) -> bool:
    general = general_fact(question, fact.topic, knowledge)
    return general is not None and fact.id == general.id


def _next_steps(question: Question, topics: Sequence[str], knowledge: Knowledge) -> tuple[Button, ...]:
    buttons: list[Button] = []
    for topic in topics:
        for name in knowledge.topics[topic].next:
            step = knowledge.topics[name]
            button = Button(step.title, step.example)
            if name not in question.topics and button not in buttons:
                buttons.append(button)
    return tuple(buttons[:MOST_BUTTONS])
